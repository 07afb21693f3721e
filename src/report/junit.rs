//! JUnit XML: one suite for each group; a fail is a failure, could-not-run and harness-error are errors, not-applicable and known failures are
//! skipped, an entry of the baseline that holds no more is a failure.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::curl::curl;
use super::tally;
use super::timeline::{is_about_app, timeline};
use super::why;
use crate::conformance::{CaseReport, Report, Verdict};
use crate::text::visible;

/// What a case is to a reader of JUnit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// The whole document.
pub(super) fn junit(report: &Report) -> String {
    let kinds: Vec<Kind> = report.cases.iter().map(|case| kind(case, report)).collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\">",
        attribute(&format!("magespec {}", report.profile)),
        report.cases.len(),
        count(&kinds, Kind::Failure),
        count(&kinds, Kind::Error),
        report.seconds
    );
    for cases in tally::groups(&report.cases) {
        suite(&mut text, cases, report);
    }
    text.push_str("</testsuites>\n");
    text
}

fn kind(case: &CaseReport, report: &Report) -> Kind {
    if tally::is_excused(case) {
        return Kind::Skipped;
    }
    if tally::stale(case).is_some() {
        return Kind::Failure;
    }
    match case.verdict {
        Verdict::Fail => Kind::Failure,
        Verdict::Warn if report.strict => Kind::Failure,
        Verdict::Pass | Verdict::Warn => Kind::Passed,
        Verdict::NotApplicable => Kind::Skipped,
        Verdict::CouldNotRun | Verdict::HarnessError => Kind::Error,
    }
}

fn count(kinds: &[Kind], wanted: Kind) -> usize {
    kinds.iter().filter(|kind| **kind == wanted).count()
}

fn suite(text: &mut String, cases: &[CaseReport], report: &Report) {
    let name = cases.first().map_or("", tally::group_of);
    let kinds: Vec<Kind> = cases.iter().map(|case| kind(case, report)).collect();
    let seconds: f64 = cases.iter().map(|case| case.seconds).sum();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
        attribute(name),
        cases.len(),
        count(&kinds, Kind::Failure),
        count(&kinds, Kind::Error),
        count(&kinds, Kind::Skipped),
    );
    for (case, kind) in cases.iter().zip(kinds) {
        testcase(text, case, kind, report);
    }
    text.push_str("  </testsuite>\n");
}

fn testcase(text: &mut String, case: &CaseReport, kind: Kind, report: &Report) {
    let _ = write!(
        text,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3}\"",
        attribute(&format!("magespec.{}", tally::group_of(case))),
        attribute(&case.id),
        case.seconds
    );
    let message = attribute(&why(case));
    let _ = match kind {
        Kind::Passed if case.verdict == Verdict::Warn => {
            writeln!(text, "><system-out>{message}</system-out></testcase>")
        }
        Kind::Passed => writeln!(text, "/>"),
        Kind::Skipped => writeln!(text, "><skipped message=\"{message}\"/></testcase>"),
        Kind::Failure | Kind::Error => {
            let element = if kind == Kind::Failure {
                "failure"
            } else {
                "error"
            };
            writeln!(
                text,
                "><{element} type=\"{}\" message=\"{message}\">{}</{element}></testcase>",
                case.verdict,
                exchanged(case, report)
            )
        }
    };
}

/// The exchange that decided and the line that sends it again, as text of an element; of a case about an app its story.
fn exchanged(case: &CaseReport, report: &Report) -> String {
    if is_about_app(report) {
        let story = anstream::adapter::strip_str(&timeline(&case.timeline)).to_string();
        return escape(story).into_owned();
    }
    let Some(exchange) = case.decisive() else {
        return String::new();
    };
    let text = format!(
        "{}\n\n{}\n\n{}\n",
        visible::message(&exchange.request).trim_end(),
        visible::message(&exchange.response).trim_end(),
        curl(&exchange.request, &report.target.url)
    );
    escape(text).into_owned()
}

/// A text for an attribute, or for an element where its lines mean nothing.
fn attribute(text: &str) -> String {
    escape(visible::line(text).as_ref()).into_owned()
}
