//! The summary of a job as a code host shows it: Markdown with the counts, and the failures by their causes.

use std::fmt::Write as _;

use super::causes::{Cause, causes};
use super::tally;
use super::why;
use crate::conformance::{CaseReport, Conclusion, Report};
use crate::text::visible;

/// So many causes are told; a page that is too large is not shown at all.
const AT_ALL: usize = 50;

/// Characters of why a case failed.
const LONGEST: usize = 300;

/// Ids of the cases of one cause that stand open.
const IDS: usize = 3;

/// The summary of a run.
pub(super) fn summary(report: &Report) -> String {
    let mark = match report.conclusion {
        Conclusion::Conformant | Conclusion::NoDeviation => "✅",
        Conclusion::NotConformant | Conclusion::HarnessError => "❌",
        Conclusion::Incomplete => "⚠️",
    };
    let mut text = format!(
        "## {mark} magespec: {}\n\n{} against {} in {:.1} s\n\n",
        plain(&tally::conclusion(report)),
        plain(&report.profile),
        code(&report.target.url),
        report.seconds
    );
    let counts = &report.summary;
    let _ = writeln!(
        text,
        "| pass | fail | warn | not applicable | could not run | harness error |\n|---:|---:|---:|---:|---:|---:|\n| {} | {} | {} | {} | {} | {} |",
        counts.pass,
        counts.fail,
        counts.warn,
        counts.not_applicable,
        counts.could_not_run,
        counts.harness_error
    );
    let open = report.cases.iter();
    let open = causes(open.filter(|case| tally::is_open(case, report.strict)));
    section(&mut text, "To look at", &open);
    let known = report.cases.iter();
    section(
        &mut text,
        "Known failures",
        &causes(known.filter(|case| tally::is_excused(case))),
    );
    text
}

/// The causes under a heading; nothing when there are none.
fn section(text: &mut String, heading: &str, causes: &[Cause<'_>]) {
    if causes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {heading}\n");
    for cause in causes.iter().take(AT_ALL) {
        let first = cause.first();
        let _ = writeln!(
            text,
            "- **{}** {}: {}{}",
            first.verdict.name(),
            ids(&cause.cases),
            if cause.is_by_example() {
                "for example "
            } else {
                ""
            },
            plain(&visible::cut(&why(first), LONGEST))
        );
    }
    if causes.len() > AT_ALL {
        let _ = writeln!(text, "- and {} causes more", causes.len() - AT_ALL);
    }
}

/// The ids of a cause's cases, many of them folded away.
fn ids(cases: &[&CaseReport]) -> String {
    let names = |cases: &[&CaseReport]| {
        let names: Vec<String> = cases.iter().map(|case| code(&case.id)).collect();
        names.join(", ")
    };
    match cases.len() {
        1 => names(cases),
        count if count <= IDS => format!("{count} cases, {}", names(cases)),
        count => format!(
            "{count} cases, {} and {} more",
            names(&cases[..IDS]),
            count - IDS
        ),
    }
}

/// A text that Markdown leaves as it is.
fn plain(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    for letter in visible::line(text).chars() {
        match letter {
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '&' => output.push_str("&amp;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                output.push('\\');
                output.push(letter);
            }
            letter => output.push(letter),
        }
    }
    output
}

/// A text in a code span.
fn code(text: &str) -> String {
    let text = visible::line(text).replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
