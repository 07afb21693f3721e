//! Which profiles a store looks like: a few harmless requests on whose answers the profiles part (docs/protocol/releases.md and docs/protocol/signatures.md#which-parameters-are-signed).
//!
//! Only an answer in the words of a Magento store is a clue. Whatever refuses in its own words is nobody known.

use crate::oauth::{Dialect, GraphQlErrors, PROFILES, Profile, SignatureMethod};

use super::passing::stranger;
use crate::conformance::lab::Integration;
use crate::conformance::lab::Lab;
use crate::conformance::probe::{Answer, Draft, said};
use crate::conformance::result::Stop;

/// A REST route of customers that came with 2.4.6.
const REVOCATION: &str = "/rest/V1/integration/customer/revoke-customer-token";

/// One thing that was seen, and the profiles that it fits.
struct Clue {
    seen: &'static str,
    fits: Vec<&'static Profile>,
}

fn clue(seen: &'static str, fits: impl Fn(&Profile) -> bool) -> Clue {
    Clue {
        seen,
        fits: Profile::every().filter(|profile| fits(profile)).collect(),
    }
}

/// What was found out: clues, and answers that no store of any profile gives.
#[derive(Default)]
struct Found {
    clues: Vec<Clue>,
    strange: Vec<String>,
}

/// What the store looks like and what was chosen, in one sentence; `caller` is an active integration, when there is one.
pub(crate) fn guess(lab: &Lab<'_>, caller: Option<&Integration>) -> Result<String, Stop> {
    let mut found = Found::default();
    methods(lab, &mut found)?;
    found.clues.extend(graphql(lab)?);
    if !lab.run().target().read_only {
        found.clues.extend(revocation(lab)?);
    }
    if let Some(caller) = caller {
        let forged = lab.send(lab.rest(caller).signature("cmFuZG9t"))?;
        if says(&forged, said::M16.template) {
            found.clues.extend(dialect(lab, caller)?);
        } else {
            found.strange("a forged signature", &forged);
        }
    }
    Ok(lab.clean(&sentence(&found, lab.profile())))
}

impl Found {
    fn strange(&mut self, asked: &str, answer: &Answer) {
        self.strange
            .push(format!("{asked} was answered {}", answer.summary()));
    }
}

fn sentence(found: &Found, chosen: &Profile) -> String {
    let clues = &found.clues;
    if clues.is_empty() {
        let strange: Vec<&str> = found.strange.iter().map(String::as_str).collect();
        return format!(
            "no profile recognised: {}; you chose {}",
            listed(&strange, "and"),
            chosen.name
        );
    }
    let seen: Vec<&str> = clues.iter().map(|clue| clue.seen).collect();
    let because = listed(&seen, "and");
    let fits = |profile: &Profile| clues.iter().all(|clue| clue.fits.contains(&profile));
    let fitting: Vec<&Profile> = PROFILES
        .into_iter()
        .filter(|profile| fits(profile))
        .collect();
    let measured = fitting
        .iter()
        .rfind(|profile| profile.measured.is_some())
        .or(fitting.first());
    let Some(nearest) = measured else {
        return format!(
            "looks like none of the profiles because {because}; you chose {}",
            chosen.name
        );
    };
    let advice = if fits(chosen) {
        String::new()
    } else {
        format!(": expect failures, or give --profile {}", nearest.name)
    };
    let ranges = ranges(&fits);
    let ranges: Vec<&str> = ranges.iter().map(String::as_str).collect();
    format!(
        "looks like {} because {because}; you chose {}{advice}",
        listed(&ranges, "or"),
        chosen.name
    )
}

/// The profiles that fit, neighbouring releases as `magento-2.4.4 to magento-2.4.5`.
fn ranges(fits: &dyn Fn(&Profile) -> bool) -> Vec<String> {
    let neighbours = |one: &&Profile, other: &&Profile| {
        one.since.is_some() && other.since.is_some() && fits(one) && fits(other)
    };
    let groups = PROFILES.chunk_by(neighbours);
    let fitting = groups.filter(|group| fits(group[0]));
    let ranges = fitting.map(|group| match group {
        [first, .., last] => format!("{} to {}", first.name, last.name),
        _ => group[0].name.to_owned(),
    });
    ranges.collect()
}

fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The method is looked at before the key (docs/protocol/errors.md#which-error-wins): a stranger's key shows whether HMAC-SHA1 is taken, and no nonce is spent.
fn methods(lab: &Lab<'_>, found: &mut Found) -> Result<(), Stop> {
    let sha1 = SignatureMethod::HmacSha1;
    let mut draft = lab.rest(&stranger());
    draft.set("oauth_signature_method", sha1.name());
    let answer = lab.send(&draft)?;
    let takes = |profile: &Profile| profile.methods.contains(&sha1);
    if says(&answer, said::method("").template) {
        let refuses = clue("it refuses HMAC-SHA1", |profile| !takes(profile));
        found.clues.push(refuses);
    } else if says(&answer, said::M6.template) {
        found.clues.push(clue("it takes HMAC-SHA1", takes));
    } else {
        found.strange("an unknown consumer key", &answer);
    }
    Ok(())
}

/// Without a token the route refuses, and where there is no such route the path does.
fn revocation(lab: &Lab<'_>) -> Result<Option<Clue>, Stop> {
    let answer = lab.send(&lab.guest("POST", REVOCATION))?;
    let has = |profile: &Profile| profile.customer_revocation;
    Ok(if says(&answer, said::NO_ROUTE.template) {
        Some(clue(
            "customers cannot revoke their tokens over REST",
            |profile| !has(profile),
        ))
    } else if says(&answer, said::unauthorized("").template) {
        Some(clue("customers can revoke their tokens over REST", has))
    } else {
        None
    })
}

/// What a GraphQL request without a query gets.
fn graphql(lab: &Lab<'_>) -> Result<Option<Clue>, Stop> {
    let answer = lab.send(&lab.guest("GET", "/graphql"))?;
    if !answer
        .header("Content-Type")
        .starts_with("application/json")
    {
        return Ok(None);
    }
    let seen = |seen, errors| {
        Some(clue(seen, move |profile: &Profile| {
            profile.graphql_errors == errors
        }))
    };
    Ok(match answer.status() {
        200 => seen("GraphQL without a query is a 200", GraphQlErrors::Forgiving),
        400 => seen("GraphQL without a query is a 400", GraphQlErrors::Strict),
        500 => seen("GraphQL without a query is a 500", GraphQlErrors::Failing),
        _ => None,
    })
}

/// Requests whose base string depends on the dialect, signed in the ways there are until one is taken.
fn dialect(lab: &Lab<'_>, caller: &Integration) -> Result<Vec<Clue>, Stop> {
    let mut clues = Vec::new();
    let with_query = |query: &str, pairs: &[(&str, &str)]| {
        let mut draft = lab.rest_at(caller, lab.protected());
        draft.query(query).sign(pairs);
        draft
    };
    let speaks =
        |dialects: &'static [Dialect]| move |profile: &Profile| dialects.contains(&profile.dialect);
    let older: &[Dialect] = &[Dialect::Zend, Dialect::Laminas];
    let newer: &[Dialect] = &[Dialect::Native, Dialect::Rfc5849];
    if signature_is_right(lab, &with_query("a=x+y", &[("a", "x+y")]))? {
        clues.push(clue(
            "a + in a query is signed as a plus sign",
            speaks(older),
        ));
        if signature_is_right(lab, &escaped(lab, caller, "%7e"))? {
            clues.push(clue("the path is signed as sent", |profile| {
                profile.dialect != Dialect::Laminas
            }));
        } else if signature_is_right(lab, &escaped(lab, caller, "~"))? {
            clues.push(clue("the path is signed decoded", |profile| {
                profile.dialect == Dialect::Laminas
            }));
        }
    } else if signature_is_right(lab, &with_query("a=x+y", &[("a", "x y")]))? {
        clues.push(clue("a + in a query is signed as a blank", speaks(newer)));
        let equal = "a=1&a=2";
        if signature_is_right(lab, &with_query(equal, &[("a", "1"), ("a", "2")]))? {
            clues.push(clue("both of two equal names are signed", |profile| {
                profile.dialect == Dialect::Rfc5849
            }));
        } else if signature_is_right(lab, &with_query(equal, &[("a", "2")]))? {
            clues.push(clue("the last of two equal names is signed", |profile| {
                profile.dialect != Dialect::Rfc5849
            }));
        }
    }
    Ok(clues)
}

/// A product with an escape in its path, signed with `written` in its place.
fn escaped(lab: &Lab<'_>, caller: &Integration, written: &str) -> Draft {
    let mut draft = lab.rest_at(caller, "/rest/V1/products/%7emagespec");
    draft.signed_url(|url| url.replace("%7e", written));
    draft
}

/// Whether the store looked at the resource: it is answered, or there is no such thing. Any other refusal tells nothing.
fn signature_is_right(lab: &Lab<'_>, draft: &Draft) -> Result<bool, Stop> {
    let answer = lab.send(draft)?;
    Ok(answer.accepted() || (answer.status() == 404 && answer.json()["message"].is_string()))
}

fn says(answer: &Answer, template: &str) -> bool {
    answer.json()["message"].as_str() == Some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_every_clue_is_named_and_a_wrong_choice_is_said() {
        let of = |clues: Vec<Clue>| Found {
            clues,
            ..Found::default()
        };
        let clues = vec![
            clue("it takes HMAC-SHA1", |profile| {
                profile.name == "magento-2.4.3"
            }),
            clue("b", |profile| profile.dialect == Dialect::Zend),
        ];
        assert_eq!(
            sentence(&of(clues), <&Profile>::default()),
            "looks like magento-2.4.3 because it takes HMAC-SHA1 and b; you chose magento-2.4.7: expect failures, or give --profile magento-2.4.3"
        );
        let none = of(vec![clue("c", |_| false)]);
        assert!(
            sentence(&none, <&Profile>::default())
                .starts_with("looks like none of the profiles because c;")
        );
    }

    #[test]
    fn without_a_clue_no_profile_is_named_but_what_was_answered() {
        let found = Found {
            clues: Vec::new(),
            strange: vec![
                "a was answered 401".to_owned(),
                "b was answered 404".to_owned(),
            ],
        };
        assert_eq!(
            sentence(&found, <&Profile>::default()),
            "no profile recognised: a was answered 401 and b was answered 404; you chose magento-2.4.7"
        );
    }
}
