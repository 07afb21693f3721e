//! One self-contained page: opens from a disk, needs no script to be read, fetches nothing.

use std::collections::BTreeMap;

use askama::Template;

use super::causes::causes;
use super::curl::curl;
use super::difference::{Parts, differing};
use super::tally::{self, tally};
use super::timeline::{is_about_app, sign};
use super::why;
use crate::conformance::{CaseReport, Conclusion, Event, Report, Scene, Verdict};
use crate::text::visible;

#[derive(Template)]
#[template(path = "report/templates/run.html")]
struct Page<'a> {
    report: &'a Report,
    /// The conclusion in words, and the class that colours it.
    words: String,
    tone: &'static str,
    rest: String,
    /// What has to be looked at, by cause.
    open: Vec<CauseRow<'a>>,
    /// What the baseline excuses.
    known: Vec<&'a CaseReport>,
    offers: String,
    seconds: String,
    counts: Vec<(&'static str, usize)>,
    notes: Vec<String>,
    story: Vec<SceneRow>,
    groups: Vec<GroupRow<'a>>,
}

struct GroupRow<'a> {
    name: &'a str,
    tally: String,
    open: bool,
    cases: Vec<CaseRow<'a>>,
}

struct CaseRow<'a> {
    report: &'a CaseReport,
    /// Each with its sentence, where that is known.
    requirements: Vec<(&'a str, &'a str)>,
    seconds: String,
    expected: Parts,
    actual: Parts,
    reason: String,
    known: String,
    exchanges: Vec<ExchangeRow>,
    story: Vec<SceneRow>,
    open: bool,
}

struct SceneRow {
    letter: &'static str,
    class: &'static str,
    at: String,
    way: String,
    what: String,
    answer: String,
    note: String,
}

struct CauseRow<'a> {
    cases: Vec<&'a CaseReport>,
    verdict: Verdict,
    why: String,
    is_example: bool,
}

struct ExchangeRow {
    request: String,
    response: String,
    base_string: String,
    line: String,
    curl: String,
    decisive: bool,
}

/// The page of these events; also of a run that was cut short. Empty when it never began.
pub(super) fn html(events: &[Event], requirements: &BTreeMap<String, String>) -> String {
    let Some(report) = Report::of(events) else {
        return String::new();
    };
    let page = Page {
        words: tally::words(&report),
        tone: match report.conclusion {
            Conclusion::Conformant | Conclusion::NoDeviation => "pass",
            Conclusion::NotConformant | Conclusion::HarnessError => "fail",
            Conclusion::Incomplete => "warn",
        },
        rest: visible::line(&tally::rest(&report)).into_owned(),
        open: open(&report),
        known: report
            .cases
            .iter()
            .filter(|case| tally::is_excused(case))
            .collect(),
        offers: match report.target.capabilities.as_slice() {
            [] => "nothing".to_owned(),
            some => some
                .iter()
                .map(|need| need.name())
                .collect::<Vec<_>>()
                .join(", "),
        },
        seconds: format!("{:.2}", report.seconds),
        counts: Verdict::ALL
            .into_iter()
            .map(|verdict| (verdict.name(), tally::count(&report.cases, verdict)))
            .collect(),
        notes: report
            .notes
            .iter()
            .map(|note| visible::line(note).into_owned())
            .collect(),
        story: story(&report.timeline),
        groups: tally::groups(&report.cases)
            .map(|cases| group_row(cases, &report, requirements))
            .collect(),
        report: &report,
    };
    page.render().expect("writing to a text cannot fail")
}

fn open(report: &Report) -> Vec<CauseRow<'_>> {
    let cases = report.cases.iter();
    let open = cases.filter(|case| tally::is_open(case, report.strict));
    let rows = causes(open).into_iter().map(|cause| CauseRow {
        verdict: cause.first().verdict,
        why: visible::line(&why(cause.first())).into_owned(),
        is_example: cause.is_by_example(),
        cases: cause.cases,
    });
    rows.collect()
}

fn group_row<'a>(
    cases: &'a [CaseReport],
    report: &Report,
    requirements: &'a BTreeMap<String, String>,
) -> GroupRow<'a> {
    GroupRow {
        name: cases.first().map_or("", tally::group_of),
        tally: tally(cases),
        open: cases.iter().any(|case| tally::is_open(case, report.strict)),
        cases: cases
            .iter()
            .map(|case| case_row(case, report, requirements))
            .collect(),
    }
}

fn case_row<'a>(
    case: &'a CaseReport,
    report: &Report,
    requirements: &'a BTreeMap<String, String>,
) -> CaseRow<'a> {
    let (expected, actual) = differing(&case.expected, &case.actual);
    let decisive = case.decisive();
    let exchanges = case.exchanges.iter().map(|text| {
        let request = visible::message(&text.request);
        let response = visible::message(&text.response);
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        ExchangeRow {
            line: format!("{} → {}", first(&request), first(&response)),
            curl: if is_about_app(report) {
                String::new()
            } else {
                curl(&text.request, &report.target.url)
            },
            base_string: visible::line(text.base_string.as_deref().unwrap_or_default())
                .into_owned(),
            decisive: decisive.is_some_and(|decisive| std::ptr::eq(decisive, text)),
            request,
            response,
        }
    });
    let excuse = case.known.as_ref().filter(|_| tally::is_excused(case));
    let known = tally::stale(case).or_else(|| excuse.map(|known| known.reason.clone()));
    CaseRow {
        report: case,
        requirements: case
            .requirements
            .iter()
            .map(|id| (id.as_str(), requirements.get(id).map_or("", String::as_str)))
            .collect(),
        seconds: format!("{:.2}", case.seconds),
        expected,
        actual,
        reason: visible::line(&case.reason).into_owned(),
        known: visible::line(&known.unwrap_or_default()).into_owned(),
        exchanges: exchanges.collect(),
        story: story(&case.timeline),
        open: tally::is_open(case, report.strict),
    }
}

fn story(scenes: &[Scene]) -> Vec<SceneRow> {
    let line = |text: &str| visible::line(text).into_owned();
    let rows = scenes.iter().map(|scene| {
        let (letter, class) = sign(scene.mark);
        SceneRow {
            letter,
            class,
            at: format!("{:.3}", scene.at),
            way: format!("{} → {}", line(&scene.from), line(&scene.to)),
            what: line(&scene.what),
            answer: line(&scene.answer),
            note: line(&scene.note),
        }
    });
    rows.collect()
}
