//! # Signed calls
//!
//! Every call is signed as it is sent, below the base URL that was posted, with what its integration may do, and lists are read to their end.
//!
//! Source: docs/protocol/rest.md, docs/protocol/signatures.md.

use std::collections::BTreeSet;

use magespec::conformance::{Case, Level, Need, Outcome, Play, Rule, Seen, Stop, Theatre, When};
use magespec::text::percent;
use magespec::wire::{Request, Response};

use super::{message, told};

/// Pages that are asked for at most before nothing but endlessness is left to see.
const MOST_PAGES: usize = 12;

/// A look at every call of the first handshake.
fn each(theatre: &Theatre<'_>, expected: &str, wrong: impl Fn(&Seen) -> Option<String>) -> Outcome {
    theatre.all(expected, theatre.first_of(When::Rest)?, |seen| wrong(seen))
}

/// The calls of the first handshake that are such.
fn some<'a>(
    theatre: &Theatre<'a>,
    is_such: impl Fn(&Seen) -> bool,
    absent: &'static str,
) -> Result<Vec<&'a Seen>, Stop> {
    let calls = theatre.first_of(When::Rest)?.into_iter();
    let such: Vec<&Seen> = calls.filter(|seen| is_such(seen)).collect();
    if such.is_empty() {
        return Err(Stop::NotApplicable(absent.into()));
    }
    Ok(such)
}

/// A connected app whose calls meet this rule.
pub(super) fn calling<'a>(
    theatre: &'a Theatre<'a>,
    rule: Rule,
) -> Result<(Play<'a>, Vec<Seen>), Stop> {
    theatre.first_of(When::Rest)?;
    theatre.is_sound()?;
    let play = theatre.opens()?;
    play.arrange(vec![rule]);
    play.through()?;
    let mut calls = play.of(When::Rest);
    if calls.is_empty() {
        calls = theatre.calls_again(&play)?;
    }
    if calls.is_empty() {
        return Err(Stop::CouldNotRun(format!(
            "the app made no call this time: {}",
            play.record().told()
        )));
    }
    Ok((play, calls))
}

/// What stands in the query under a name of the search, whatever its brackets look like.
fn searched(target: &str, name: &str) -> Option<usize> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(key, _)| {
        let key = percent::decode_text(key).to_lowercase().replace('_', "");
        key.contains(&name.to_lowercase())
    });
    found.next_back()?.1.parse().ok()
}

/// A page of a list of two pages and a half.
fn pages(request: &Request, shrinks: bool) -> Response {
    let size = searched(&request.target, "pageSize")
        .unwrap_or(20)
        .clamp(1, 300);
    let page = searched(&request.target, "currentPage").unwrap_or(1).max(1);
    let whole = 2 * size + size.div_ceil(2);
    let total = if shrinks && page > 1 { 2 * size } else { whole };
    // Stores repeat the last page for any beyond it.
    let shown = page.min(total.div_ceil(size));
    let from = (shown - 1) * size;
    let ids =
        (from..total.min(from + size)).map(|id| format!("{{\"id\":{id},\"code\":\"c{id}\"}}"));
    message(
        200,
        &format!(
            "{{\"items\":[{}],\"search_criteria\":{{\"filter_groups\":[],\"page_size\":{size},\"current_page\":{page}}},\"total_count\":{total}}}",
            ids.collect::<Vec<_>>().join(",")
        ),
    )
}

/// Reads a list of pages; answers the page numbers that were asked for, in order.
fn paged(theatre: &Theatre<'_>, shrinks: bool) -> Result<Vec<usize>, Stop> {
    let lists = some(
        theatre,
        |seen| seen.path().contains("/V1/") && searched(&seen.request.target, "pageSize").is_some(),
        "none of its calls asks for pages",
    )?;
    let size = searched(&lists[0].request.target, "pageSize").unwrap_or_default();
    if size < 5 {
        return Err(Stop::NotApplicable(
            format!("its call asks for {size} items and no more").into(),
        ));
    }
    let rule = Rule::instead(When::Rest, move |request, _| pages(request, shrinks));
    let (play, _) = calling(theatre, rule)?;
    let calls = play.of(When::Rest);
    let numbers = calls.iter().take(MOST_PAGES + 1);
    Ok(numbers
        .map(|seen| searched(&seen.request.target, "currentPage").unwrap_or(1))
        .collect())
}

pub(super) const CASES: &[Case] = &[
    Case::app(
        Level::Must,
        "app/calls/signature",
        "every call is signed right",
        |theatre| {
            let mut kinds = BTreeSet::new();
            for seen in theatre.first_of(When::Rest)? {
                let judged = theatre.judge(seen);
                if !judged.is_right() {
                    kinds.insert(format!("{} {}: {}", seen.request.method, seen.path(), judged.sentence()));
                }
            }
            let kinds: Vec<String> = kinds.into_iter().collect();
            theatre.holds(
                kinds.is_empty(),
                "signatures that the store accepts",
                kinds.join("; "),
            )
        },
    )
    .covers(&["app-calls-signature"])
    .measured(),
    Case::app(
        Level::Should,
        "app/calls/other-releases",
        "the calls are accepted by the other releases as well",
        |theatre| {
            if theatre.house().target.kind == "embedded" {
                return Err(Stop::NotApplicable(
                    "the reference app signs for the release that it is told".into(),
                ));
            }
            let calls = theatre.first_of(When::Rest)?;
            if calls.iter().any(|seen| !theatre.judge(seen).is_right()) {
                return Err(Stop::NotApplicable(
                    "they are not accepted by this one: see app/calls/signature".into(),
                ));
            }
            let mut refused = BTreeSet::new();
            for seen in calls {
                refused.extend(theatre.judge(seen).refused_by());
            }
            let refused: Vec<&str> = refused.into_iter().collect();
            theatre.holds(
                refused.is_empty(),
                "calls that every release accepts",
                format!("some that are refused by {}", refused.join(", ")),
            )
        },
    )
    .covers(&["app-calls-other-releases"])
    .derived("docs/protocol/releases.md"),
    Case::app(
        Level::Must,
        "app/calls/placement",
        "calls carry their protocol parameters in one Authorization field",
        |theatre| {
            each(theatre, "one field `Authorization: OAuth …`", |seen| {
                let fields: Vec<&str> = seen.request.headers.all("Authorization").collect();
                match fields.as_slice() {
                    [field] if field.to_ascii_lowercase().starts_with("oauth ") => None,
                    [field] => Some(format!(
                        "the scheme {}",
                        field.split(' ').next().unwrap_or_default()
                    )),
                    fields => Some(format!("{} fields", fields.len())),
                }
            })
        },
    )
    .covers(&["app-calls-placement"])
    .measured(),
    Case::app(
        Level::Must,
        "app/calls/odd-characters",
        "calls with brackets, blanks, plus signs, escapes and many or equal names are signed right",
        |theatre| {
            let odd = |seen: &Seen| {
                let target = &seen.request.target;
                let escaped = target.contains(['[', '+', '%']) || !target.is_ascii();
                escaped || seen.query().split('&').count() > 10
            };
            let calls = some(theatre, odd, "none of its calls has such a query or path")?;
            theatre.all("a signature that the store accepts", calls, |seen| {
                let judged = theatre.judge(seen);
                (!judged.is_right()).then(|| judged.sentence())
            })
        },
    )
    .covers(&["app-calls-odd"])
    .measured(),
    Case::app(
        Level::Must,
        "app/calls/json-body",
        "a body is JSON, says so, and is not signed",
        |theatre| {
            let with_body = |seen: &Seen| !seen.request.body.is_empty();
            let calls = some(theatre, with_body, "none of its calls has a body")?;
            theatre.all("Content-Type: application/json, and a right signature", calls, |seen| {
                let kind = seen.request.headers.first("Content-Type").unwrap_or_default();
                if !kind.starts_with("application/json") {
                    return Some(format!("Content-Type: {kind}"));
                }
                let judged = theatre.judge(seen);
                (!judged.is_right()).then(|| judged.sentence())
            })
        },
    )
    .covers(&["app-calls-json"])
    .measured(),
    Case::app(
        Level::Must,
        "app/calls/get-without-body",
        "GET has no body",
        |theatre| {
            each(theatre, "no body with GET", |seen| {
                let wrong = seen.request.method == "GET" && !seen.request.body.is_empty();
                wrong.then(|| format!("{} bytes at {}", seen.request.body.len(), seen.path()))
            })
        },
    )
    .covers(&["app-calls-get"])
    .measured(),
    Case::app(
        Level::Must,
        "app/calls/path",
        "calls go to `rest/…/V1` below the base URL",
        |theatre| {
            let base = &theatre.first()?.base_url;
            let base = format!("/{}", base.splitn(4, '/').nth(3).unwrap_or_default());
            each(theatre, &format!("{base}rest/[store/]V1/…"), |seen| {
                let rest = seen.path().strip_prefix(&format!("{base}rest/"));
                let good = rest.is_some_and(|rest| {
                    let mut parts = rest.split('/').take(3);
                    parts.any(|part| part == "V1" || part == "V2")
                });
                (!good).then(|| seen.path().to_owned())
            })
        },
    )
    .covers(&["app-calls-path"])
    .measured(),
    Case::app(
        Level::Should,
        "app/calls/pages/all-read",
        "a list is read page by page to its end, each page once",
        |theatre| {
            let asked = paged(theatre, false)?;
            theatre.holds(
                asked == [1, 2, 3],
                "the pages 1, 2 and 3, once each: a store repeats the last page beyond the end",
                format!("the pages {asked:?}"),
            )
        },
    )
    .covers(&["app-calls-pages"])
    .derived("docs/protocol/rest.md#searching-and-writing-in-brief"),
    Case::app(
        Level::Should,
        "app/calls/pages/shrinking",
        "a list that becomes shorter while it is read comes to an end",
        |theatre| {
            let asked = paged(theatre, true)?;
            theatre.holds(
                asked.len() <= 4,
                "an end at the last page that there still is",
                format!("the pages {asked:?}"),
            )
        },
    )
    .covers(&["app-calls-pages"])
    .derived("docs/protocol/rest.md#searching-and-writing-in-brief"),
    Case::app(
        Level::Should,
        "app/calls/page-size",
        "no page of more than 300 items is asked for, and lists are asked for with search criteria",
        |theatre| {
            each(theatre, "at most 300 items a page, and searchCriteria where a list needs it", |seen| {
                let size = searched(&seen.request.target, "pageSize").unwrap_or_default();
                let answer = seen.response.as_ref().map(Response::text).unwrap_or_default();
                if size > 300 {
                    Some(format!("a page of {size}"))
                } else if seen.status() == 400 && answer.contains("searchCriteria") {
                    Some(format!("{} without searchCriteria", seen.path()))
                } else {
                    None
                }
            })
        },
    )
    .covers(&["app-calls-page-size"])
    .measured(),
    Case::app(
        Level::Should,
        "app/calls/least-privilege",
        "the calls need no more than the integration asks for",
        |theatre| {
            each(theatre, "calls that the resources allow", |seen| {
                let answer = seen.response.as_ref().map(Response::text).unwrap_or_default();
                let refused = seen.status() == 401 && answer.contains("%resources");
                let parameters = answer.split_once("\"resources\":\"").map(|(_, rest)| rest);
                let resource = parameters.and_then(|rest| rest.split('"').next());
                refused.then(|| format!("{} needs {}", seen.path(), resource.unwrap_or("more")))
            })
        },
    )
    .covers(&["app-calls-least-privilege"])
    .needs(&[Need::Resources])
    .derived("docs/protocol/acl.md"),
    Case::app(
        Level::Should,
        "app/calls/odd-answers",
        "numbers as strings, absent and unknown fields and empty lists break nothing",
        |theatre| {
            for body in [
                "{\"items\":[{\"id\":\"7\",\"name\":null,\"extension_attributes\":{\"x\":[]}}],\"search_criteria\":{\"page_size\":\"20\"},\"total_count\":\"1\"}",
                "{\"items\":[],\"search_criteria\":[],\"total_count\":0}",
                "{\"items\":null,\"total_count\":0}",
                "[]",
            ] {
                let rule = Rule::instead(When::Rest, move |_, _| message(200, body));
                let (play, calls) = calling(theatre, rule)?;
                theatre.holds(
                    play.of(When::Rest).len() <= MOST_PAGES,
                    "a call or two",
                    told(&calls),
                )?;
                theatre.lives_on()?;
            }
            theatre.lives_on()
        },
    )
    .covers(&["app-calls-odd-answers"])
    .derived("docs/protocol/rest.md#content"),
];
