//! `magespec test [URL]`: conformance of a store.

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::conformance::{
    Baseline, Bench, Catalogue, Conclusion, Event, Level, Options, Preflight, Report, Selection,
    Target, preflight, run,
};
use crate::report::{self, Format, Pretty};
use crate::wire::tls::Trust;

use super::arguments;
use super::embedded::{self, Embedded};
use super::target::TargetArgs;
use super::{Exit, Failure};

/// Test a store: against the reference store and app of this process, or against a URL.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec test\n  magespec test --module my/extension\n  \
    magespec test http://127.0.0.1:8080 --admin-user admin --admin-password-file pw.txt\n  \
    magespec test https://shop.example --credentials integration.toml --report junit=report.xml"
)]
pub(super) struct Args {
    /// Base URL of the store; without it the reference store and app are started
    #[arg(env = "MAGESPEC_TARGET")]
    url: Option<String>,
    /// Module folder whose integration the reference app is connected to, in a run without URL
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    module: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Cases at the same time
    #[arg(long, env = "MAGESPEC_JOBS", default_value_t = 4)]
    jobs: usize,
    /// Runs the cases in an order shuffled with this seed
    #[arg(long, env = "MAGESPEC_SHUFFLE")]
    shuffle: Option<u64>,
    /// Warnings fail the run
    #[arg(long, env = "MAGESPEC_STRICT")]
    strict: bool,
    /// What is printed
    #[arg(long, env = "MAGESPEC_FORMAT", default_value = "pretty")]
    format: Format,
    /// Writes a report to a file, as KIND=FILE; may be repeated
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<ReportArg>,
    /// TOML file with known failures, each with its reason; one that no longer fails fails the run
    #[arg(long, value_name = "FILE", env = "MAGESPEC_BASELINE")]
    baseline: Option<PathBuf>,
    /// Writes the failures of this run to the baseline file
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
    /// Shows the passed and the not-applicable cases too
    #[arg(long, short, env = "MAGESPEC_VERBOSE")]
    verbose: bool,
}

/// Which cases.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SelectionArgs {
    /// Only cases whose id fits this pattern (`*` and `?`); may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// No cases whose id fits this pattern; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// Only cases of this level: must, should, may, profile, security; may be repeated
    #[arg(long, value_parser = parse_level)]
    level: Vec<Level>,
    /// Only cases of this group, the first part of their ids; may be repeated
    #[arg(long)]
    group: Vec<String>,
    /// Only the cases that did not pass in this JSON report
    #[arg(long, value_name = "REPORT")]
    failed: Option<PathBuf>,
    /// One case of each group
    #[arg(long)]
    quick: bool,
}

fn parse_level(text: &str) -> Result<Level, String> {
    Level::named(text).ok_or_else(|| "expected must, should, may, profile or security".to_owned())
}

/// A report to write.
#[derive(Clone, Debug)]
struct ReportArg {
    format: Format,
    path: PathBuf,
}

impl std::str::FromStr for ReportArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, path) = text
            .split_once('=')
            .ok_or_else(|| "expected KIND=FILE, e.g. json=report.json".to_owned())?;
        Ok(Self {
            format: kind.parse()?,
            path: PathBuf::from(path),
        })
    }
}

impl SelectionArgs {
    /// The selection that these flags make; says which ids were renamed.
    pub(super) fn selection(&self, catalogue: &Catalogue) -> Result<Selection, Failure> {
        let failed = match &self.failed {
            None => None,
            Some(path) => {
                let report = read_report(path)?;
                let cases = report.cases.into_iter();
                let open = cases
                    .filter(|case| !matches!(case.verdict.as_str(), "pass" | "not-applicable"));
                Some(open.map(|case| case.id).collect())
            }
        };
        let mut selection = Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
            levels: self.level.clone(),
            groups: self.group.clone(),
            failed,
            quick: self.quick,
        };
        for note in selection.follow(catalogue) {
            anstream::eprintln!("note: {note}");
        }
        Ok(selection)
    }
}

/// A JSON report from a file.
pub(super) fn read_report(path: &Path) -> Result<Report, Failure> {
    let wrong = |reason: String| {
        Failure::usage(format_args!(
            "`{}` is no report: {reason}; write one with `magespec test --report json=FILE`",
            path.display()
        ))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
}

pub(super) fn run_command(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let cases = args
        .selection
        .selection(catalogue)?
        .choose(&catalogue.cases())
        .map_err(Failure::usage)?;
    let known = baseline(args, catalogue)?;
    let runtime = arguments::runtime()?;
    let url = args.url.as_deref();
    let module = args.module.as_deref();
    let (target, mut notes, _peers) = target_or_embedded(&args.target, url, module, &runtime)?;
    let bench = Arc::new(args.target.bench(target, runtime.handle())?);
    if args.target.trust.trust() == Trust::Anyone {
        anstream::eprintln!(
            "warning: --insecure accepts any certificate; the store may be anybody"
        );
    }
    stop_on_interrupt(&runtime, &bench);
    // A case that panics is reported as a harness error with the panic's text.
    std::panic::set_hook(Box::new(|_| {}));
    notes.extend(preflight(&bench).map_err(|failure| preflight_failure(&failure))?);
    let options = Options {
        jobs: args.jobs,
        strict: args.strict,
        shuffle: args.shuffle,
        command: "test",
    };
    let mut printer = Printer::new(args);
    let conclusion = run(&bench, &cases, notes, options, |event| printer.take(event));
    let report = Report::of(&printer.events);
    printer.finish()?;
    match (known, report) {
        (Some(known), Some(report)) => settled(args, &known, &report, cases.len()),
        _ => Ok(exit_of(conclusion)),
    }
}

/// The baseline of these flags; empty when it is about to be written for the first time.
fn baseline(args: &Args, catalogue: &Catalogue) -> Result<Option<Baseline>, Failure> {
    let Some(path) = &args.baseline else {
        return Ok(None);
    };
    if args.update_baseline {
        return Ok(Some(Baseline::default()));
    }
    let wrong = |reason: String| {
        Failure::usage(format_args!(
            "`{}` is no baseline: {reason}; write one with --update-baseline",
            path.display()
        ))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    Baseline::parse(&text, catalogue).map(Some).map_err(wrong)
}

/// How a run with a baseline ends.
fn settled(
    args: &Args,
    known: &Baseline,
    report: &Report,
    planned: usize,
) -> Result<Exit, Failure> {
    if let Some(path) = args.baseline.as_ref().filter(|_| args.update_baseline) {
        fs::write(path, Baseline::written(&report.cases)).map_err(|error| {
            Failure::usage(format_args!(
                "`{}` cannot be written: {error}",
                path.display()
            ))
        })?;
    }
    let today = crate::time::Clock::now(&crate::time::SystemClock).to_string();
    let today = today.split('T').next().unwrap_or_default();
    let (conclusion, stale) =
        known.settle(&report.cases, planned, &report.summary, args.strict, today);
    for sentence in &stale {
        anstream::eprintln!("baseline: {sentence}");
    }
    anstream::eprintln!(
        "with {} known failures: {}",
        known.known.len(),
        conclusion.name()
    );
    Ok(exit_of(conclusion))
}

/// A target, what was started for it, and the peers that run as long as they are kept.
pub(super) type Found = (Target, Vec<String>, Option<Embedded>);

/// The store at `url`, or without one the reference store with the reference app.
pub(super) fn target_or_embedded(
    args: &TargetArgs,
    url: Option<&str>,
    module: Option<&Path>,
    runtime: &Runtime,
) -> Result<Found, Failure> {
    if let Some(url) = url {
        return Ok((args.target(url, runtime.handle())?, Vec::new(), None));
    }
    let mut peers = embedded::start(runtime.handle(), args.profile, module, args.client()?)?;
    let notes = std::mem::take(&mut peers.notes);
    Ok((peers.target.clone(), notes, Some(peers)))
}

/// The exit code of a conclusion (DESIGN section 4).
pub(super) const fn exit_of(conclusion: Conclusion) -> Exit {
    match conclusion {
        Conclusion::Conformant => Exit::Success,
        Conclusion::NotConformant => Exit::NotConformant,
        Conclusion::Incomplete => Exit::Incomplete,
        Conclusion::HarnessError => Exit::Harness,
    }
}

pub(super) fn preflight_failure(failure: &Preflight) -> Failure {
    let exit = match failure {
        Preflight::Unreachable(_) => Exit::Unreachable,
        Preflight::NoStore(_) => Exit::Incomplete,
        Preflight::Configuration(_) => Exit::Usage,
    };
    Failure::new(exit, failure)
}

fn stop_on_interrupt(runtime: &Runtime, bench: &Arc<Bench>) {
    let bench = Arc::clone(bench);
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            anstream::eprintln!(
                "interrupted: ending the cases that run, deleting the suite's integrations"
            );
            bench.stop();
        }
    });
}

/// Turns the events into what is printed and written.
struct Printer<'a> {
    args: &'a Args,
    pretty: Pretty,
    events: Vec<Event>,
    progress: bool,
}

impl<'a> Printer<'a> {
    fn new(args: &'a Args) -> Self {
        Self {
            args,
            pretty: Pretty::new(args.verbose),
            events: Vec::new(),
            progress: std::io::stderr().is_terminal(),
        }
    }

    fn take(&mut self, event: Event) {
        let text = self.pretty.take(&event);
        if self.progress {
            if matches!(event, Event::CaseFinished(_)) {
                anstream::eprint!("\r\u{1b}[K{}", self.pretty.progress());
            } else if matches!(event, Event::RunFinished { .. }) {
                anstream::eprint!("\r\u{1b}[K");
            }
        }
        match self.args.format {
            Format::Pretty => anstream::print!("{text}"),
            Format::Ndjson => anstream::println!("{}", report::ndjson_line(&event)),
            _ => {}
        }
        self.events.push(event);
    }

    fn finish(self) -> Result<(), Failure> {
        match self.args.format {
            Format::Pretty | Format::Ndjson => {}
            format => anstream::print!("{}", format.render(&self.events)),
        }
        for wanted in &self.args.reports {
            fs::write(&wanted.path, wanted.format.render(&self.events)).map_err(|error| {
                Failure::usage(format_args!(
                    "the report `{}` cannot be written: {error}",
                    wanted.path.display()
                ))
            })?;
        }
        Ok(())
    }
}
