//! The small formats that other tools read: TAP, annotations of a code host, a badge.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::causes::causes;
use super::tally;
use super::why;
use crate::conformance::{CaseReport, Conclusion, Report, Tally, Verdict};
use crate::text::{annotation, visible};

/// TAP version 14: a warning is ok with a note, not-applicable is skipped, a known failure is still to do.
pub(super) fn tap(report: &Report) -> String {
    let mut text = format!("TAP version 14\n1..{}\n", report.cases.len());
    for (at, case) in report.cases.iter().enumerate() {
        let open = tally::is_open(case, report.strict);
        let word = if open || tally::is_excused(case) {
            "not ok"
        } else {
            "ok"
        };
        let directive = if tally::is_excused(case) {
            format!(" # TODO {}", described(&why(case)))
        } else if case.verdict == Verdict::NotApplicable {
            format!(" # SKIP {}", described(&case.reason))
        } else {
            String::new()
        };
        let id = described(&case.id);
        let _ = writeln!(text, "{word} {} - {id}{directive}", at + 1);
        if open || case.verdict == Verdict::Warn {
            let _ = writeln!(text, "# {}: {}", case.verdict, visible::line(&why(case)));
        }
    }
    text
}

/// A text of TAP, where `#` begins a directive.
fn described(text: &str) -> String {
    visible::line(text)
        .replace('\\', "\\\\")
        .replace('#', "\\#")
}

/// Workflow commands: an error for each cause of a failure, a warning for what deviates and binds nobody, and one notice for how it ended.
/// Weaknesses that the profile itself has and known failures are told with their numbers alone.
pub(super) fn github(report: &Report) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "::notice title=magespec::{}",
        message(&tally::conclusion(report))
    );
    let of = |wanted: fn(&CaseReport) -> bool| {
        let cases = report.cases.iter();
        let settled = cases.filter(move |case| !tally::is_open(case, report.strict));
        settled.filter(move |case| wanted(case))
    };
    let open = report.cases.iter();
    let open = causes(open.filter(|case| tally::is_open(case, report.strict)));
    let deviating = causes(of(|case| {
        case.verdict == Verdict::Warn && !case.is_weakness() && !tally::is_excused(case)
    }));
    let annotated = [("error", open), ("warning", deviating)];
    for (kind, causes) in annotated {
        for cause in causes {
            let case = cause.first();
            let (title, about) = match cause.cases.len() {
                1 => (case.id.clone(), case.title.clone()),
                count => {
                    let ids: Vec<&str> = cause.cases.iter().map(|case| case.id.as_str()).collect();
                    (format!("{count} cases"), ids.join(" "))
                }
            };
            let example = if cause.is_by_example() {
                "for example "
            } else {
                ""
            };
            let said = message(&format!("{about}: {example}{}", why(case)));
            let title = annotation::property(&visible::line(&title));
            let _ = writeln!(text, "::{kind} title={title}::{said}");
        }
    }
    for case in of(tally::is_excused) {
        let title = annotation::property(&format!("known failure {}", visible::line(&case.id)));
        let _ = writeln!(text, "::notice title={title}::{}", message(&why(case)));
    }
    text
}

fn message(text: &str) -> String {
    annotation::message(&visible::line(text))
}

/// A badge as SVG: the profile, and how the run ended.
pub(super) fn badge(report: &Report) -> String {
    let tally = Tally::of(&report.cases);
    let (judged, failures) = (tally.judged(), tally.failures(report.strict));
    let of = if judged < report.planned {
        format!("{judged} of {}", report.planned)
    } else {
        judged.to_string()
    };
    let (mut word, colour) = match report.conclusion {
        Conclusion::Conformant => (format!("{of} cases conformant"), "#2e7d32"),
        Conclusion::NoDeviation => (
            format!(
                "no deviation in {} of {}",
                judged - tally.excused,
                tally::whole(report)
            ),
            "#2e7d32",
        ),
        Conclusion::NotConformant if failures == 0 => {
            (format!("{} known failures stale", tally.stale), "#c0392b")
        }
        Conclusion::NotConformant => (format!("{failures} of {judged} fail"), "#c0392b"),
        Conclusion::Incomplete => (format!("incomplete, {of} cases"), "#8a5a00"),
        Conclusion::HarnessError => ("harness error".to_owned(), "#8a5a00"),
    };
    if tally.excused > 0 {
        let _ = write!(word, ", {} known", tally.excused);
    }
    let (left, right) = (7 * report.profile.len() + 12, 7 * word.len() + 12);
    let width = left + right;
    let profile = visible::line(&report.profile);
    let profile = escape(profile.as_ref());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" aria-label=\"{profile}: {word}\">\
         <rect width=\"{left}\" height=\"20\" fill=\"#444\"/><rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/>\
         <g fill=\"#fff\" font-family=\"monospace\" font-size=\"11\"><text x=\"6\" y=\"14\">{profile}</text>\
         <text x=\"{}\" y=\"14\">{word}</text></g></svg>\n",
        left + 6
    )
}
