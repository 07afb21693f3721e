//! The small formats that other tools read: JUnit, TAP, annotations of a code host, a badge.

use std::fmt::Write as _;

use super::pretty::curl;
use super::tally;
use crate::conformance::{CaseReport, Report};
use crate::text::annotation;

/// JUnit XML: one suite for each group; a fail is a failure, could-not-run and harness-error are errors, not-applicable is skipped.
pub(super) fn junit(report: &Report) -> String {
    let summary = &report.summary;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"magespec {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3}\">",
        escaped(&report.profile),
        report.cases.len(),
        summary.fail,
        summary.could_not_run + summary.harness_error,
        report.seconds
    );
    for cases in tally::groups(&report.cases) {
        junit_suite(&mut text, cases, &report.target.url);
    }
    text.push_str("</testsuites>\n");
    text
}

fn junit_suite(text: &mut String, cases: &[CaseReport], target: &str) {
    let name = cases.first().map_or("", tally::group_of);
    let count = |verdicts: &[&str]| {
        let counted = cases.iter();
        counted
            .filter(|case| verdicts.contains(&case.verdict.as_str()))
            .count()
    };
    let seconds: f64 = cases.iter().map(|case| case.seconds).sum();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
        escaped(name),
        cases.len(),
        count(&["fail"]),
        count(&["could-not-run", "harness-error"]),
        count(&["not-applicable"]),
    );
    for case in cases {
        let _ = write!(
            text,
            "    <testcase classname=\"magespec.{}\" name=\"{}\" time=\"{:.3}\"",
            escaped(name),
            escaped(&case.id),
            case.seconds
        );
        let why = escaped(&why(case));
        let _ = match case.verdict.as_str() {
            "fail" => writeln!(
                text,
                "><failure type=\"fail\" message=\"{why}\">{}</failure></testcase>",
                exchanged(case, target)
            ),
            "could-not-run" | "harness-error" => writeln!(
                text,
                "><error type=\"{}\" message=\"{why}\">{}</error></testcase>",
                case.verdict,
                exchanged(case, target)
            ),
            "not-applicable" => writeln!(text, "><skipped>{why}</skipped></testcase>"),
            "warn" => writeln!(text, "><system-out>{why}</system-out></testcase>"),
            _ => writeln!(text, "/>"),
        };
    }
    text.push_str("  </testsuite>\n");
}

/// The last exchange of a case and the line that sends it again, as text of an element.
fn exchanged(case: &CaseReport, target: &str) -> String {
    let Some(exchange) = case.exchanges.last() else {
        return String::new();
    };
    let lines = format!(
        "{}\n\n{}\n\n{}\n",
        exchange.request.trim_end(),
        exchange.response.trim_end(),
        curl(&exchange.request, target)
    );
    lines.lines().map(escaped).collect::<Vec<_>>().join("\n")
}

/// TAP version 14: a warning is ok with a note, not-applicable is skipped.
pub(super) fn tap(report: &Report) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", report.cases.len());
    for (at, case) in report.cases.iter().enumerate() {
        let word = match case.verdict.as_str() {
            "pass" | "warn" | "not-applicable" => "ok",
            _ => "not ok",
        };
        let skip = if case.verdict == "not-applicable" {
            format!(" # SKIP {}", one_line(&case.reason))
        } else {
            String::new()
        };
        let _ = writeln!(text, "{word} {} - {}{skip}", at + 1, case.id);
        if !matches!(case.verdict.as_str(), "pass" | "not-applicable") {
            let _ = writeln!(text, "# {}: {}", case.verdict, one_line(&why(case)));
        }
    }
    text
}

/// Workflow commands: an error for each case that did not pass, a warning for each warning.
pub(super) fn github(report: &Report) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "::notice title=magespec::{}",
        annotation::message(&tally::conclusion(report))
    );
    for case in &report.cases {
        let kind = match case.verdict.as_str() {
            "pass" | "not-applicable" => continue,
            "warn" => "warning",
            _ => "error",
        };
        let message = annotation::message(&format!("{}: {}", case.title, why(case)));
        let _ = writeln!(
            text,
            "::{kind} title={}::{message}",
            annotation::property(&case.id)
        );
    }
    text
}

/// A badge as SVG: the profile, and how the run ended.
pub(super) fn badge(report: &Report) -> String {
    let summary = &report.summary;
    let judged = summary.pass + summary.warn + summary.fail;
    let of = if judged < report.planned {
        format!("{judged} of {}", report.planned)
    } else {
        judged.to_string()
    };
    let (word, colour) = match report.conclusion.as_str() {
        "conformant" => (format!("{of} cases conformant"), "#2e7d32"),
        "not-conformant" if summary.fail > 0 => {
            (format!("{} of {judged} fail", summary.fail), "#c0392b")
        }
        "not-conformant" => (format!("{} of {judged} warn", summary.warn), "#c0392b"),
        _ => (format!("incomplete, {of} cases"), "#8a5a00"),
    };
    let (left, right) = (7 * report.profile.len() + 12, 7 * word.len() + 12);
    let width = left + right;
    let profile = escaped(&report.profile);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" aria-label=\"{profile}: {word}\">\
         <rect width=\"{left}\" height=\"20\" fill=\"#444\"/><rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/>\
         <g fill=\"#fff\" font-family=\"monospace\" font-size=\"11\"><text x=\"6\" y=\"14\">{profile}</text>\
         <text x=\"{}\" y=\"14\">{word}</text></g></svg>\n",
        left + 6
    )
}

/// Why a case did not pass, in one sentence.
fn why(case: &CaseReport) -> String {
    if case.expected.is_empty() {
        case.reason.clone()
    } else {
        format!("expected {}, got {}", case.expected, case.actual)
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// For XML text and attributes; characters that XML cannot hold become U+FFFD.
fn escaped(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '"' => output.push_str("&quot;"),
            '\t' | '\n' | '\r' => output.push(' '),
            control if control.is_control() => output.push('\u{fffd}'),
            other => output.push(other),
        }
    }
    output
}
