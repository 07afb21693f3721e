//! One self-contained page: opens from a disk, needs no script to be read, fetches nothing.

use askama::Template;

use super::difference::{Parts, differing};
use super::pretty::curl;
use super::tally::{self, tally};
use crate::conformance::{CaseReport, Event, ExchangeText, Report, Verdict};

#[derive(Template)]
#[template(path = "report/templates/run.html")]
struct Page<'a> {
    report: &'a Report,
    /// The conclusion in words, and the class that colours it.
    words: String,
    tone: &'static str,
    measure: String,
    coverage: String,
    /// Id and title of what did not pass.
    open: Vec<(&'a str, &'a str, &'a str)>,
    offers: String,
    seconds: String,
    counts: Vec<(&'static str, usize)>,
    notes: Vec<&'a str>,
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
    requirements: String,
    seconds: String,
    expected: Parts<'a>,
    actual: Parts<'a>,
    exchanges: Vec<ExchangeRow<'a>>,
    open: bool,
}

struct ExchangeRow<'a> {
    text: &'a ExchangeText,
    line: String,
    curl: String,
}

/// The page of these events; also of a run that was cut short. Empty when it never began.
pub(super) fn html(events: &[Event]) -> String {
    let Some(report) = Report::of(events) else {
        return String::new();
    };
    let mut page = Page {
        words: report.conclusion.replace('-', " "),
        tone: match report.conclusion.as_str() {
            "conformant" => "pass",
            "not-conformant" | "harness-error" => "fail",
            _ => "warn",
        },
        measure: tally::measure(&report),
        coverage: tally::coverage(&report)
            .trim_start_matches([' ', ';'])
            .to_owned(),
        open: report
            .cases
            .iter()
            .filter(|case| tally::is_open(case))
            .map(|case| (case.id.as_str(), case.title.as_str(), case.verdict.as_str()))
            .collect(),
        offers: match report.target.capabilities.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join(", "),
        },
        seconds: format!("{:.2}", report.seconds),
        counts: Verdict::ALL
            .into_iter()
            .map(|verdict| (verdict.name(), tally::count(&report.cases, verdict.name())))
            .collect(),
        notes: Vec::new(),
        groups: tally::groups(&report.cases)
            .map(|cases| group_row(cases, &report.target.url))
            .collect(),
        report: &report,
    };
    for event in events {
        if let Event::Note { text } = event {
            page.notes.push(text);
        }
    }
    page.render().expect("writing to a text cannot fail")
}

fn group_row<'a>(cases: &'a [CaseReport], target: &str) -> GroupRow<'a> {
    GroupRow {
        name: cases.first().map_or("", tally::group_of),
        tally: tally(cases),
        open: cases.iter().any(tally::is_open),
        cases: cases.iter().map(|case| case_row(case, target)).collect(),
    }
}

fn case_row<'a>(case: &'a CaseReport, target: &str) -> CaseRow<'a> {
    let (expected, actual) = differing(&case.expected, &case.actual);
    let exchanges = case.exchanges.iter().map(|text| ExchangeRow {
        text,
        line: format!(
            "{} → {}",
            text.request.lines().next().unwrap_or_default(),
            text.response.lines().next().unwrap_or_default()
        ),
        curl: curl(&text.request, target),
    });
    CaseRow {
        report: case,
        requirements: case.requirements.join(", "),
        seconds: format!("{:.2}", case.seconds),
        expected,
        actual,
        exchanges: exchanges.collect(),
        open: tally::is_open(case),
    }
}
