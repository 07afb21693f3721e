use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::difference::{Parts, differing};
use super::tally::{self, tally};
use crate::conformance::{CaseReport, Event, Report};

/// From how many on cases that could not run for one reason are told together.
const MANY: usize = 4;

/// The report for a person: a tree of groups, the failures in full, one line with the six counts.
///
/// Feed it the events in order; what it hands back is to be printed at once.
#[derive(Debug, Default)]
pub struct Pretty {
    events: Vec<Event>,
    planned: usize,
    done: usize,
    open: usize,
    last: String,
    verbose: bool,
}

/// ANSI colours; the stream that prints strips them where they are not wanted.
mod colour {
    pub(super) const GREEN: &str = "\u{1b}[32m";
    pub(super) const RED: &str = "\u{1b}[31m";
    pub(super) const YELLOW: &str = "\u{1b}[33m";
    pub(super) const DIM: &str = "\u{1b}[2m";
    pub(super) const BOLD: &str = "\u{1b}[1m";
    pub(super) const PLAIN: &str = "\u{1b}[0m";
}
use colour::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW};

impl Pretty {
    /// A report; `verbose` shows the passed and the not-applicable cases as well.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self {
            verbose,
            ..Self::default()
        }
    }

    /// Takes an event; answers what there is to print now, maybe nothing.
    pub fn take(&mut self, event: &Event) -> String {
        self.events.push(event.clone());
        match event {
            Event::RunStarted {
                profile,
                target,
                planned,
                ..
            } => {
                self.planned = planned.len();
                format!(
                    "{BOLD}magespec{PLAIN} {} cases against {} as {profile}\n",
                    planned.len(),
                    target.url
                )
            }
            Event::Note { text } => format!("{DIM}  {text}{PLAIN}\n"),
            Event::CaseStarted { .. } => String::new(),
            Event::CaseFinished(case) => {
                self.done += 1;
                self.open += usize::from(tally::is_open(case));
                self.last.clone_from(&case.id);
                String::new()
            }
            Event::RunFinished { .. } => Report::of(&self.events)
                .map(|report| self.whole(&report))
                .unwrap_or_default(),
        }
    }

    /// How far the run is after so many seconds, in one short line for a terminal.
    #[must_use]
    pub fn progress(&self, seconds: u64) -> String {
        format!(
            "{}/{} in {seconds} s, {} not passed  {}",
            self.done, self.planned, self.open, self.last
        )
    }

    fn whole(&self, report: &Report) -> String {
        let mut text = String::new();
        let shared = shared_reasons(&report.cases);
        self.tree(&mut text, &report.cases, &shared);
        failures(&mut text, report, &shared);
        let summary = &report.summary;
        let _ = writeln!(
            text,
            "\n{} pass, {} fail, {} warn, {} not-applicable, {} could-not-run, {} harness-error in {:.2} s",
            summary.pass,
            summary.fail,
            summary.warn,
            summary.not_applicable,
            summary.could_not_run,
            summary.harness_error,
            report.seconds,
        );
        let colour = match report.conclusion.as_str() {
            "conformant" => GREEN,
            "not-conformant" => RED,
            _ => YELLOW,
        };
        let sentence = tally::conclusion(report);
        let (word, rest) = sentence.split_at(report.conclusion.len());
        let _ = writeln!(text, "{colour}{BOLD}{word}{PLAIN}{rest}");
        text
    }

    fn tree(&self, text: &mut String, cases: &[CaseReport], shared: &BTreeMap<&str, usize>) {
        for cases in tally::groups(cases) {
            let group = cases.first().map_or("", tally::group_of);
            let count = tally(cases);
            let seconds: f64 = cases.iter().map(|case| case.seconds).sum();
            let (colour, mark) = if cases.iter().any(tally::is_open) {
                (RED, "✗")
            } else if cases.iter().all(|case| case.verdict == "not-applicable") {
                (DIM, "–")
            } else {
                (GREEN, "✓")
            };
            let _ = writeln!(
                text,
                "{colour}{mark}{PLAIN} {BOLD}{group}{PLAIN} {count} {DIM}{seconds:.2} s{PLAIN}"
            );
            let (lost, told): (Vec<&CaseReport>, Vec<&CaseReport>) = cases
                .iter()
                .partition(|case| !self.verbose && is_lost(case, shared));
            for case in told {
                self.leaf(text, case);
            }
            if !lost.is_empty() {
                let _ = writeln!(text, "    {RED}✗{PLAIN} {} could not run", lost.len());
            }
        }
    }

    fn leaf(&self, text: &mut String, case: &CaseReport) {
        let rest = case.id.split_once('/').map_or("", |(_, rest)| rest);
        let quiet = !self.verbose;
        let (colour, mark) = match case.verdict.as_str() {
            "pass" | "not-applicable" if quiet => return,
            "pass" => (GREEN, "✓"),
            "not-applicable" => (DIM, "–"),
            "warn" => (YELLOW, "!"),
            _ => (RED, "✗"),
        };
        let why = match case.verdict.as_str() {
            "warn" if !case.expected.is_empty() => {
                format!(
                    "{}: expected {}, got {}",
                    case.title, case.expected, case.actual
                )
            }
            "warn" | "not-applicable" => format!("{}: {}", case.title, case.reason),
            _ => case.title.clone(),
        };
        let _ = writeln!(text, "    {colour}{mark}{PLAIN} {rest} {DIM}{why}{PLAIN}");
    }
}

/// Why cases could not run, with their number, when there are many: a store that died ends every case that was left.
fn shared_reasons(cases: &[CaseReport]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for case in cases.iter().filter(|case| case.verdict == "could-not-run") {
        *counts.entry(case.reason.as_str()).or_default() += 1;
    }
    counts.retain(|_, count| *count >= MANY);
    counts
}

fn is_lost(case: &CaseReport, shared: &BTreeMap<&str, usize>) -> bool {
    case.verdict == "could-not-run" && shared.contains_key(case.reason.as_str())
}

/// Each failure in full, and once each reason that many share.
fn failures(text: &mut String, report: &Report, shared: &BTreeMap<&str, usize>) {
    let open = report.cases.iter().filter(|case| tally::is_open(case));
    for case in open.filter(|case| !is_lost(case, shared)) {
        failure(text, case, &report.target.url);
    }
    for (reason, count) in shared {
        let _ = writeln!(
            text,
            "\n{RED}{BOLD}could-not-run{PLAIN} {count} cases\n  {reason}"
        );
    }
}

fn failure(text: &mut String, case: &CaseReport, target: &str) {
    let _ = writeln!(
        text,
        "\n{RED}{BOLD}{}{PLAIN} {}: {}",
        case.verdict, case.id, case.title
    );
    let _ = writeln!(
        text,
        "  {} by {}, {}",
        case.level,
        case.evidence,
        case.requirements.join(", ")
    );
    if case.expected.is_empty() {
        let _ = writeln!(text, "  {}", case.reason);
    } else {
        let (expected, actual) = differing(&case.expected, &case.actual);
        let _ = writeln!(text, "  expected  {}", marked(expected));
        let _ = writeln!(text, "  got       {}", marked(actual));
    }
    let Some(exchange) = case.exchanges.last() else {
        return;
    };
    for (mark, part) in [('>', &exchange.request), ('<', &exchange.response)] {
        for line in part.lines().take(24) {
            let _ = writeln!(text, "  {DIM}{mark} {line}{PLAIN}");
        }
    }
    if let Some(base_string) = &exchange.base_string {
        let _ = writeln!(text, "  base string {base_string}");
    }
    let _ = writeln!(
        text,
        "  {}\n  {DIM}all of its requests: magespec replay REPORT {}{PLAIN}",
        curl(&exchange.request, target),
        case.id
    );
}

/// The text with the part that is its own in bold.
fn marked(parts: Parts<'_>) -> String {
    let Parts {
        before,
        differing,
        after,
    } = parts;
    format!("{before}{BOLD}{differing}{PLAIN}{after}")
}

/// A `curl` line that sends the request of a report again, as far as it was not redacted; `target` is the base URL of the report.
#[must_use]
pub fn curl(request: &str, target: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let origin = target
        .split_once("://")
        .map_or(target, |(_, rest)| rest)
        .split('/')
        .next()
        .unwrap_or_default();
    let scheme = target.split("://").next().unwrap_or("http");
    let mut line = format!(
        "curl -i --path-as-is -X {method} {}",
        quoted(&format!("{scheme}://{origin}{path}"))
    );
    for field in lines {
        let name = field.split(':').next().unwrap_or_default();
        if !["Host", "Content-Length", "Connection"].contains(&name) {
            line.push_str(" -H ");
            line.push_str(&quoted(field));
        }
    }
    if !body.is_empty() {
        line.push_str(" --data-raw ");
        line.push_str(&quoted(body));
    }
    line
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curl_line_quotes_what_a_shell_would_read() {
        let request = "POST /a?b='c HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\nz";
        assert_eq!(
            curl(request, "http://h:1/shop"),
            r"curl -i --path-as-is -X POST 'http://h:1/a?b='\''c' -H 'X: y' --data-raw 'z'"
        );
    }
}
