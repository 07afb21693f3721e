//! The report for a person.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::causes::{Cause, causes};
use super::colour::{BOLD, DIM, GREEN, PLAIN, RED, YELLOW};
use super::curl::curl;
use super::difference::differing;
use super::lines::{cut, exchange, ids, leaf, mark, marked};
use super::tally::{self, tally};
use super::timeline::{is_about_app, timeline};
use crate::conformance::{CaseReport, Conclusion, Event, Report, Verdict};
use crate::text::visible;

/// Up to so many causes are told with their exchange, up to so many with a line to send it again, and so many at all unless all are asked for.
const WITH_EXCHANGE: usize = 2;
const WITH_CURL: usize = 6;
const AT_ALL: usize = 25;

/// More groups with failures than this are told on one line.
const MANY_GROUPS: usize = 8;

/// The report for a person: a tree of groups, each cause of a failure, one line with the six counts.
///
/// Feed it the events in order; what it hands back is to be printed at once.
#[derive(Debug, Default)]
pub struct Pretty {
    events: Vec<Event>,
    planned: usize,
    done: usize,
    open: usize,
    strict: bool,
    last: String,
    verbose: bool,
    quiet: bool,
    width: Option<usize>,
}

impl Pretty {
    /// A report; `verbose` shows every case, and each failure in full.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self {
            verbose,
            ..Self::default()
        }
    }

    /// Only the counts and how it ended, when `quiet`.
    #[must_use]
    pub const fn quietly(mut self, quiet: bool) -> Self {
        self.quiet = quiet;
        self
    }

    /// For a terminal so many columns wide: where there is much to tell, a line each.
    #[must_use]
    pub const fn within(mut self, width: Option<usize>) -> Self {
        self.width = width;
        self
    }

    /// Takes an event; answers what there is to print now, maybe nothing.
    pub fn take(&mut self, event: &Event) -> String {
        self.events.push(event.clone());
        let text = self.told(event);
        if self.quiet && !matches!(event, Event::RunFinished { .. }) {
            return String::new();
        }
        text
    }

    fn told(&mut self, event: &Event) -> String {
        match event {
            Event::RunStarted {
                profile,
                target,
                planned,
                strict,
                ..
            } => {
                self.planned = planned.len();
                self.strict = *strict;
                format!(
                    "{BOLD}magespec{PLAIN} {} cases against {} as {profile}\n",
                    planned.len(),
                    visible::line(&target.url)
                )
            }
            Event::Note { text } => format!("{DIM}  {}{PLAIN}\n", visible::line(text)),
            Event::Timeline { scenes } => {
                format!("\n{BOLD}the first handshake{PLAIN}\n{}\n", timeline(scenes))
            }
            Event::CaseStarted { .. } => String::new(),
            Event::CaseFinished(case) => {
                self.done += 1;
                self.open += usize::from(tally::is_open(case, self.strict));
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
        if !self.quiet {
            self.tree(&mut text, report);
            self.failures(&mut text, report);
            self.others(&mut text, report);
            text.push('\n');
        }
        let summary = &report.summary;
        let of_cases: f64 = report.cases.iter().map(|case| case.seconds).sum();
        let side_by_side = if of_cases > 1.2 * report.seconds + 0.05 {
            format!(" ({of_cases:.2} s of cases, several at a time)")
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "{} pass, {} fail, {} warn, {} not-applicable, {} could-not-run, {} harness-error in {:.2} s{side_by_side}",
            summary.pass,
            summary.fail,
            summary.warn,
            summary.not_applicable,
            summary.could_not_run,
            summary.harness_error,
            report.seconds,
        );
        let colour = match report.conclusion {
            Conclusion::Conformant | Conclusion::NoDeviation => GREEN,
            Conclusion::NotConformant | Conclusion::HarnessError => RED,
            Conclusion::Incomplete => YELLOW,
        };
        let (words, rest) = (tally::words(report), tally::rest(report));
        let _ = writeln!(text, "{colour}{BOLD}{words}{PLAIN}{}", visible::line(&rest));
        text
    }

    /// The groups; of a run with failures those that passed on one line.
    fn tree(&self, text: &mut String, report: &Report) {
        let open = |cases: &[CaseReport]| {
            let mut cases = cases.iter();
            cases.any(|case| tally::is_open(case, report.strict))
        };
        let folded = !self.verbose && open(&report.cases);
        let (mut passed, mut absent, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        let with_failures = tally::groups(&report.cases).filter(|cases| open(cases));
        let many = !self.verbose && with_failures.count() > MANY_GROUPS;
        for cases in tally::groups(&report.cases) {
            let group = cases.first().map_or("", tally::group_of);
            let none_applies = tally::count(cases, Verdict::NotApplicable) == cases.len();
            let (colour, mark) = mark(cases, report.strict);
            if none_applies && !self.verbose {
                absent.push(format!("{group} {}", cases.len()));
                continue;
            }
            if folded && !open(cases) {
                passed.push(group);
                continue;
            }
            if many && open(cases) {
                failed.push(format!("{group} {}", tally(cases)));
                continue;
            }
            let seconds: f64 = cases.iter().map(|case| case.seconds).sum();
            let _ = writeln!(
                text,
                "{colour}{mark}{PLAIN} {BOLD}{group}{PLAIN} {} {DIM}{seconds:.2} s{PLAIN}",
                tally(cases)
            );
            if self.verbose {
                for case in cases {
                    leaf(text, case);
                }
            }
        }
        if !failed.is_empty() {
            let _ = writeln!(text, "{RED}✗{PLAIN} {}", failed.join(", "));
        }
        if !passed.is_empty() {
            let _ = writeln!(
                text,
                "{GREEN}✓{PLAIN} {DIM}nothing to look at in {}{PLAIN}",
                passed.join(", ")
            );
        }
        if !absent.is_empty() {
            let _ = writeln!(text, "{DIM}– not applicable: {}{PLAIN}", absent.join(", "));
        }
    }

    /// Each cause of a failure, and of a case that could not run.
    fn failures(&self, text: &mut String, report: &Report) {
        let open = report.cases.iter();
        let causes = causes(open.filter(|case| tally::is_open(case, report.strict)));
        let many = causes.len();
        let told = if self.verbose { many } else { AT_ALL };
        for cause in causes.iter().take(told) {
            if self.verbose || many <= WITH_CURL {
                let exchange = self.verbose || many <= WITH_EXCHANGE;
                self.in_full(text, cause, report, exchange);
            } else {
                let mut line = String::new();
                in_brief(&mut line, cause, colour_of(cause.first()));
                text.push_str(&self.width.map_or(line.clone(), |width| cut(&line, width)));
            }
        }
        if many > told {
            let _ = writeln!(text, "and {} causes more", many - told);
        }
        if many > 0 && !is_about_app(report) {
            let more = if self.verbose {
                ""
            } else {
                "; everything: --verbose or --report html=FILE"
            };
            let _ = writeln!(
                text,
                "{DIM}the requests of a case again: magespec replay REPORT ID{more}{PLAIN}"
            );
        }
    }

    /// What is no failure and still worth a line: deviations that can only warn, weaknesses, known failures.
    fn others(&self, text: &mut String, report: &Report) {
        let settled = || {
            let cases = report.cases.iter();
            cases.filter(|case| !tally::is_open(case, report.strict))
        };
        let deviating = |case: &&CaseReport| case.verdict == Verdict::Warn && !case.is_weakness();
        let warned = settled().filter(|case| !tally::is_excused(case));
        for cause in causes(warned.filter(deviating)) {
            in_brief(text, &cause, YELLOW);
        }
        let weaknesses = settled().filter(|case| case.is_weakness()).count();
        if weaknesses > 0 && !self.verbose {
            let _ = writeln!(
                text,
                "{YELLOW}warn{PLAIN}  {weaknesses} weaknesses that {} itself has; --verbose names them",
                report.profile
            );
        }
        let mut known: BTreeMap<&str, Vec<&CaseReport>> = BTreeMap::new();
        for case in settled().filter(|case| tally::is_excused(case)) {
            let reason = case.known.as_ref().map(|known| known.reason.as_str());
            known
                .entry(reason.unwrap_or_default())
                .or_default()
                .push(case);
        }
        for (reason, cases) in known {
            let reason = visible::line(reason);
            let _ = writeln!(text, "{YELLOW}known{PLAIN} {}: {reason}", ids(&cases));
        }
    }

    fn in_full(&self, text: &mut String, cause: &Cause<'_>, report: &Report, with_exchange: bool) {
        let first = cause.first();
        let _ = writeln!(
            text,
            "\n{}{BOLD}{}{PLAIN} {}",
            colour_of(first),
            verdict(first),
            headline(cause)
        );
        if self.verbose {
            let _ = writeln!(
                text,
                "  {} by {}, {}",
                first.level.name(),
                first.evidence,
                first.requirements.join(", ")
            );
        }
        if let Some(sentence) = tally::stale(first) {
            let _ = writeln!(text, "  {}", visible::line(&sentence));
        }
        if first.expected.is_empty() && !first.reason.is_empty() {
            let _ = writeln!(text, "  {}", visible::line(&first.reason));
        } else if !first.expected.is_empty() {
            let (mut expected, mut actual) = differing(&first.expected, &first.actual);
            if !self.verbose {
                (expected, actual) = (expected.brief(), actual.brief());
            }
            let _ = writeln!(text, "  expected  {}", marked(&expected));
            let _ = writeln!(text, "  got       {}", marked(&actual));
        }
        if !first.timeline.is_empty() {
            text.push_str(&timeline(&first.timeline));
        }
        if is_about_app(report) {
            return;
        }
        if let Some(decisive) = first.decisive() {
            if with_exchange {
                exchange(text, decisive);
            }
            let _ = writeln!(text, "  {}", curl(&decisive.request, &report.target.url));
        }
    }
}

/// A cause on one line.
fn in_brief(text: &mut String, cause: &Cause<'_>, colour: &str) {
    let first = cause.first();
    let why = match tally::stale(first) {
        Some(sentence) => visible::line(&sentence).into_owned(),
        None if first.expected.is_empty() => {
            visible::line(&visible::cut(&first.reason, 160)).into_owned()
        }
        None => {
            let (expected, actual) = differing(&first.expected, &first.actual);
            format!(
                "{}expected {}, got {}",
                example(cause),
                marked(&expected.brief()),
                marked(&actual.brief())
            )
        }
    };
    let ids = ids(&cause.cases);
    let _ = writeln!(text, "{colour}{}{PLAIN}  {ids}: {why}", verdict(first));
}

/// What stands before the expectation of a case that speaks for others with another one.
fn example(cause: &Cause<'_>) -> &'static str {
    if cause.is_by_example() {
        "for example "
    } else {
        ""
    }
}

/// The colour of a cause: one that could only not be judged is no failure.
fn colour_of(case: &CaseReport) -> &'static str {
    if case.verdict == Verdict::CouldNotRun {
        YELLOW
    } else {
        RED
    }
}

/// What stands before a cause.
fn verdict(case: &CaseReport) -> &'static str {
    match tally::stale(case) {
        Some(_) => "stale",
        None => case.verdict.name(),
    }
}

/// Which cases a cause is about, with the title of a single one.
fn headline(cause: &Cause<'_>) -> String {
    match cause.cases.as_slice() {
        [one] => format!("{}: {}", one.id, one.title),
        many => ids(many),
    }
}
