//! Single lines of the report for a person: marks, cases, exchanges, and what is cut where the terminal ends.

use std::fmt::Write as _;

use super::colour::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW};
use super::difference::Parts;
use super::tally;
use crate::conformance::{CaseReport, ExchangeText, Verdict};
use crate::text::visible;

/// Lines of a request and of an answer.
const LINES: usize = 10;
/// Ids of the cases of one cause.
const IDS: usize = 4;

/// The colour and mark of a group: of one with failures, of one that could only not be judged, of one that does not apply, of the rest.
pub(super) fn mark(cases: &[CaseReport], strict: bool) -> (&'static str, &'static str) {
    let open = || cases.iter().filter(|case| tally::is_open(case, strict));
    if open().any(|case| case.verdict != Verdict::CouldNotRun) {
        (RED, "✗")
    } else if open().next().is_some() {
        (YELLOW, "?")
    } else if tally::count(cases, Verdict::NotApplicable) == cases.len() {
        (DIM, "–")
    } else {
        (GREEN, "✓")
    }
}

/// The line, cut where it is longer than `width` columns; its colours take no room.
pub(super) fn cut(line: &str, width: usize) -> String {
    let mut output = String::with_capacity(line.len());
    let (mut column, mut escape) = (0, false);
    let plain = anstream::adapter::strip_str(line).to_string();
    if plain.trim_end_matches('\n').chars().count() <= width {
        return line.to_owned();
    }
    for letter in line.chars() {
        escape |= letter == '\u{1b}';
        if !escape {
            column += 1;
            if column == width {
                break;
            }
        }
        output.push(letter);
        escape &= letter != 'm';
    }
    output.push('…');
    output.push_str(PLAIN);
    output.push('\n');
    output
}

/// `3 cases: a, b, c`, not all of many.
pub(super) fn ids(cases: &[&CaseReport]) -> String {
    let names: Vec<&str> = cases
        .iter()
        .take(IDS)
        .map(|case| case.id.as_str())
        .collect();
    let names = names.join(", ");
    match cases.len() {
        1 => names,
        count if count > IDS => format!("{count} cases: {names} and {} more", count - IDS),
        count => format!("{count} cases: {names}"),
    }
}

/// A case of the tree.
pub(super) fn leaf(text: &mut String, case: &CaseReport) {
    let rest = case.id.split_once('/').map_or("", |(_, rest)| rest);
    let (colour, mark) = match case.verdict {
        Verdict::Pass => (GREEN, "✓"),
        Verdict::NotApplicable => (DIM, "–"),
        Verdict::Warn => (YELLOW, "!"),
        Verdict::CouldNotRun => (YELLOW, "?"),
        Verdict::Fail | Verdict::HarnessError => (RED, "✗"),
    };
    let why = match case.verdict {
        Verdict::Warn if case.is_weakness() => format!("{}: {}", case.title, case.reason),
        Verdict::NotApplicable => format!("{}: {}", case.title, case.reason),
        _ => case.title.clone(),
    };
    let _ = writeln!(
        text,
        "    {colour}{mark}{PLAIN} {rest} {DIM}{}{PLAIN}",
        visible::line(&why)
    );
}

/// What went over the wire, as far as it fits.
pub(super) fn exchange(text: &mut String, exchange: &ExchangeText) {
    for (mark, part) in [('>', &exchange.request), ('<', &exchange.response)] {
        let part = visible::message(part);
        let lines: Vec<&str> = part.trim_end().lines().collect();
        for line in lines.iter().take(LINES) {
            let _ = writeln!(text, "  {DIM}{mark} {line}{PLAIN}");
        }
        if lines.len() > LINES {
            let _ = writeln!(
                text,
                "  {DIM}{mark} … ({} lines more){PLAIN}",
                lines.len() - LINES
            );
        }
    }
    if let Some(base_string) = &exchange.base_string {
        let _ = writeln!(text, "  base string {}", visible::line(base_string));
    }
}

/// The text with the part that is its own in bold.
pub(super) fn marked(parts: &Parts) -> String {
    format!(
        "{}{BOLD}{}{PLAIN}{}",
        parts.before, parts.differing, parts.after
    )
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_line_is_cut_by_what_is_seen_of_it() {
        assert_eq!(cut("short\n", 5), "short\n");
        let line = cut("\u{1b}[31mfail\u{1b}[0m  a/one: expected 200\n", 12);
        let plain = anstream::adapter::strip_str(&line).to_string();
        assert_eq!(plain, "fail  a/one…\n");
        assert!(line.starts_with("\u{1b}[31mfail\u{1b}[0m"), "{line}");
    }
}
