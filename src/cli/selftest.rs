//! `magespec selftest`: the suite against every defect of the reference peers, one at a time: the kill matrix.

mod apps;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use tokio::runtime::{Handle, Runtime};

use crate::app;
use crate::conformance::{
    Baseline, Case, CaseReport, Catalogue, Channel, Event, Limits, Options, Run, Scope, Verdict,
    preflight, run, run_case,
};
use crate::oauth::Profile;
use crate::random::SystemEntropy;
use crate::report::{Matrix, MatrixFormat, Row};
use crate::store::{Defect, defects};
use crate::time::{Clock as _, SystemClock};
use crate::wire::tls::Trust;
use crate::wire::{Client, Timeouts};

use super::output::{print, tell, unwritable};
use super::{Exit, Failure, arguments, embedded};

/// Prove that the suite notices faults: every defect of the reference store and of the reference app, one at a time, against the cases.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec selftest\n  magespec selftest --defect store/nonce-not-remembered\n  \
    magespec selftest --whole --report html=matrix.html\n  magespec selftest --whole --format markdown > docs/kill-matrix.md\n\n\
    A defect is caught when the case that names it fails for the reason that it names, while a handshake still succeeds.\n\n\
    Exit code: 0 every defect was caught, the correct store failed no case, and in a whole matrix every MUST and SECURITY case caught one or\n\
    says why not; 1 otherwise, 2 usage or configuration, 5 our fault or output \
    that cannot be written."
)]
pub(super) struct Args {
    /// Only this defect; may be repeated
    #[arg(long = "defect", value_name = "NAME", value_parser = Chosen::parse, value_delimiter = ',')]
    defects: Vec<Chosen>,
    /// Every case against every defect: what else each makes fail, and which cases catch nothing
    #[arg(long)]
    whole: bool,
    /// Whose behaviour the store shows but for the defect
    #[arg(long, value_name = "NAME", default_value = "magento-2.4.7", value_parser = arguments::profile, env = "MAGESPEC_PROFILE")]
    profile: &'static Profile,
    /// Stores at the same time
    #[arg(long, env = "MAGESPEC_JOBS", default_value_t = 6, value_name = "N", value_parser = arguments::jobs)]
    jobs: usize,
    /// What is printed: pretty, json, markdown, html
    #[arg(
        long,
        env = "MAGESPEC_FORMAT",
        value_name = "KIND",
        default_value = "pretty"
    )]
    format: MatrixFormat,
    /// Writes the matrix in a format of --format to a file as well; may be repeated
    #[arg(long = "report", value_name = "KIND=FILE", value_parser = report)]
    reports: Vec<(MatrixFormat, PathBuf)>,
}

/// A defect of one of the reference peers.
#[derive(Clone, Copy, Debug)]
enum Chosen {
    Store(&'static Defect),
    App(&'static app::Defect),
}

impl Chosen {
    fn parse(name: &str) -> Result<Self, String> {
        let own = name.starts_with("app/");
        match app::Defect::find(name) {
            Some(defect) if own || Defect::find(name).is_none() => Ok(Self::App(defect)),
            _ if own => app::Defect::parse(name)
                .map(Self::App)
                .map_err(|error| error.to_string()),
            _ => Defect::parse(name)
                .map(Self::Store)
                .map_err(|error| error.to_string()),
        }
    }
}

fn report(text: &str) -> Result<(MatrixFormat, PathBuf), String> {
    let (kind, file) = text
        .split_once('=')
        .ok_or("expected KIND=FILE, such as html=matrix.html")?;
    Ok((kind.parse()?, PathBuf::from(file)))
}

/// The cases that pass whatever else is wrong: without them nothing was tested.
const HANDSHAKE: [&str; 2] = ["handshake/whole", "handshake/rest-call"];

pub(super) fn run_command(args: &Args, catalogue: &Catalogue) -> Result<Exit, Failure> {
    let cases = catalogue.cases();
    let about_apps = catalogue.of_apps().cases();
    let every = args.defects.is_empty();
    let (mut chosen, mut of_apps) = (Vec::new(), Vec::new());
    for defect in &args.defects {
        match defect {
            Chosen::Store(defect) => chosen.push(*defect),
            Chosen::App(defect) => of_apps.push(*defect),
        }
    }
    if every {
        chosen = defects().collect();
        // Those that need minutes of silence are for a whole matrix.
        of_apps = app::defects()
            .filter(|defect| args.whole || !apps::takes_long(&about_apps, defect))
            .collect();
    }
    if let Some(defect) = chosen
        .iter()
        .find(|defect| find(&cases, defect.case).is_none())
    {
        return Err(Failure::new(
            Exit::Harness,
            format_args!(
                "`{}` names the case `{}`, which does not exist",
                defect.id, defect.case
            ),
        ));
    }
    // A case that panics is reported as a harness error with the panic's text.
    std::panic::set_hook(Box::new(|_| {}));
    let runtime = arguments::runtime()?;
    let began = Instant::now();
    let mut matrix = Selftest {
        cases: &cases,
        // Some defects are tried on their own: then the correct store shows what their cases say of it.
        correct: if every || args.whole {
            cases.clone()
        } else {
            named(&cases, &chosen)
        },
        whole: args.whole,
        profile: args.profile,
        runtime: &runtime,
    }
    .run(&chosen, args.jobs)?;
    matrix
        .rows
        .extend(apps::rows(&of_apps, &about_apps, &runtime, args.jobs));
    matrix.seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    for (format, file) in &args.reports {
        std::fs::write(file, matrix.render(*format))
            .map_err(|error| unwritable("the report", file, &error))?;
    }
    print(matrix.render(args.format));
    let lawful = !every || matrix.binding_without_a_catch.is_empty();
    let clean =
        matrix.tripped_on_correct.is_empty() && matrix.caught() == matrix.rows.len() && lawful;
    Ok(if clean {
        Exit::Success
    } else {
        Exit::NotConformant
    })
}

fn find<'a>(cases: &'a [Case], id: &str) -> Option<&'a Case> {
    cases.iter().find(|case| case.id == id)
}

/// The handshake and the cases that name these defects, each once.
fn named(cases: &[Case], chosen: &[&'static Defect]) -> Vec<Case> {
    let is_named = |case: &&Case| {
        HANDSHAKE.contains(&case.id) || chosen.iter().any(|defect| defect.case == case.id)
    };
    cases.iter().filter(is_named).copied().collect()
}

struct Selftest<'a> {
    cases: &'a [Case],
    /// What the correct store is tried with.
    correct: Vec<Case>,
    whole: bool,
    profile: &'static Profile,
    runtime: &'a Runtime,
}

/// What one store was tried with: a defect, or none.
type Job = Option<&'static Defect>;

/// What came of it.
enum Tried {
    Correct(Result<Vec<CaseReport>, Failure>),
    Defect(Row),
}

impl Selftest<'_> {
    fn run(&self, chosen: &[&'static Defect], jobs: usize) -> Result<Matrix, Failure> {
        let queue: Vec<Job> = [None]
            .into_iter()
            .chain(chosen.iter().map(|defect| Some(*defect)))
            .collect();
        let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let live = std::io::stderr().is_terminal();
        thread::scope(|scope| {
            for _ in 0..jobs.min(queue.len()) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::SeqCst);
                        let Some(job) = queue.get(at) else { break };
                        let tried = self.attempt(*job);
                        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                        done.push((at, tried));
                        if live {
                            tell(format_args!("\r{} of {} stores", done.len(), queue.len()));
                        }
                    }
                });
            }
        });
        if live {
            tell("\r\u{1b}[K");
        }
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        let day = SystemClock.now().to_string();
        let mut matrix = Matrix {
            magespec: env!("CARGO_PKG_VERSION").to_owned(),
            day: day.split('T').next().unwrap_or_default().to_owned(),
            profile: self.profile.name.to_owned(),
            whole: self.whole,
            cases: self.correct.len(),
            ..Matrix::default()
        };
        for (_, tried) in done {
            match tried {
                Tried::Correct(reports) => {
                    let tripped = reports?
                        .into_iter()
                        .filter(|report| report.verdict.is_open());
                    matrix.tripped_on_correct = tripped.map(|report| report.id).collect();
                }
                Tried::Defect(row) => matrix.rows.push(row),
            }
        }
        if self.whole {
            let inside = self
                .cases
                .iter()
                .filter(|case| case.outside(self.profile).is_none());
            matrix.weigh(&inside.copied().collect::<Vec<_>>());
        }
        Ok(matrix)
    }

    fn attempt(&self, job: Job) -> Tried {
        let Some(defect) = job else {
            return Tried::Correct(self.reports(&[], &self.correct));
        };
        let began = Instant::now();
        let few = named(self.cases, &[defect]);
        let tried = |cases: &[Case]| match self.reports(&[defect], cases) {
            Ok(reports) => judged(defect, &reports),
            Err(failure) => Row {
                missed: Some(format!("the run could not begin: {failure}")),
                ..row_of(defect)
            },
        };
        let mut row = tried(if self.whole { self.cases } else { &few });
        if self.whole && row.missed.is_some() {
            // Among all cases one may stand in another's way, as a defect may make one undo what another relies on.
            let alone = tried(&few);
            let beside = row.caught_by.into_iter();
            let beside: Vec<String> = beside.filter(|id| !alone.caught_by.contains(id)).collect();
            row = Row {
                caught_by: [alone.caught_by.clone(), beside].concat(),
                ..alone
            };
        }
        row.seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Tried::Defect(row)
    }

    /// What these cases say of a store with these defects.
    fn reports(
        &self,
        defects: &[&'static Defect],
        cases: &[Case],
    ) -> Result<Vec<CaseReport>, Failure> {
        let handle = self.runtime.handle();
        let peers = embedded::start(handle, self.profile, None, defects, client()?)?;
        let judged = run_against(&peers, handle)?;
        preflight(&judged).map_err(|error| Failure::new(Exit::Harness, error))?;
        if cases.len() <= HANDSHAKE.len() + 1 {
            return Ok(cases.iter().map(|case| run_case(&judged, case)).collect());
        }
        let baseline = Baseline::default();
        let options = Options {
            jobs: 4,
            strict: false,
            shuffle: None,
            command: "selftest",
            catalogue: cases.len(),
            scope: Scope::default(),
            baseline: &baseline,
            today: "",
            opening: &[],
        };
        let mut reports = Vec::new();
        run(&judged, cases, Vec::new(), options, |event| {
            if let Event::CaseFinished(report) = event {
                reports.push(*report);
            }
        });
        let order = |report: &CaseReport| cases.iter().position(|case| case.id == report.id);
        reports.sort_by_key(order);
        Ok(reports)
    }
}

fn client() -> Result<Client, Failure> {
    Client::new(&Trust::System, Timeouts::default()).map_err(Failure::usage)
}

fn run_against(peers: &embedded::Embedded, handle: &Handle) -> Result<Run, Failure> {
    let channel = Channel::new(
        peers.target.clone(),
        client()?,
        handle.clone(),
        Limits::default(),
        Box::new(SystemClock),
    );
    Run::new(channel, None, Box::new(SystemEntropy)).map_err(Failure::usage)
}

fn row_of(defect: &Defect) -> Row {
    Row {
        id: defect.id.to_owned(),
        statement: defect.statement.to_owned(),
        breaks: defect.breaks.to_owned(),
        named_case: defect.case.to_owned(),
        ..Row::default()
    }
}

/// Whether the reports catch the defect.
fn judged(defect: &Defect, reports: &[CaseReport]) -> Row {
    let mut row = row_of(defect);
    let failed = reports
        .iter()
        .filter(|report| report.verdict == Verdict::Fail);
    row.caught_by = failed.map(|report| report.id.clone()).collect();
    let of = |id: &str| reports.iter().find(|report| report.id == id);
    let broken = HANDSHAKE
        .into_iter()
        .filter(|id| *id != defect.case)
        .find(|id| {
            let held = |report: &CaseReport| report.verdict == Verdict::Pass || report.is_a_leak();
            !of(id).is_some_and(held)
        });
    let Some(named) = of(defect.case) else {
        row.missed = Some("the case that names it was not run".to_owned());
        return row;
    };
    row.expected.clone_from(&named.expected);
    row.actual.clone_from(&named.actual);
    row.reason_matched = named.verdict == Verdict::Fail
        && named.expected.contains(defect.expected)
        && named.actual.contains(defect.actual);
    row.missed = if let Some(id) = broken {
        let why = of(id).map_or("", |report| report.actual.as_str());
        Some(format!("`{id}` does not pass any more: {why}"))
    } else if named.verdict != Verdict::Fail {
        Some(format!(
            "the case ended as {}: {}",
            named.verdict, named.reason
        ))
    } else if !row.reason_matched {
        Some(format!(
            "the case fails for another reason than `{}` against `{}`",
            defect.expected, defect.actual
        ))
    } else {
        None
    };
    row
}
