//! Runs cases in their order, and judges each.

mod apps;
mod baseline;
mod confirm;
mod venue;

pub use baseline::{Baseline, BaselineError, KnownFailure};
pub use venue::Venue;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Instant;

use jiff::Timestamp;

use crate::oauth::Profile;
use crate::text::visible;
use crate::time::UnixTime;

use crate::conformance::case::Check;
use crate::conformance::case::{Case, Pace};
use crate::conformance::channel::SendError;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Run;
use crate::conformance::panel::{Panel, PanelError};
use crate::conformance::probe::contrast;
use crate::conformance::result::{
    CaseReport, Conclusion, Event, Outcome, Scene, Scope, Stop, Tally, TargetReport, Verdict,
    conclude, judge,
};
use confirm::{Try, confirmed};

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Cases at the same time.
    pub jobs: usize,
    /// Whether warnings fail the run.
    pub strict: bool,
    /// Shuffles the order with this seed.
    pub shuffle: Option<u64>,
    /// The command's name, for the report.
    pub command: &'static str,
    /// How many cases the suite has, chosen or not.
    pub catalogue: usize,
    /// What the run can reach.
    pub scope: Scope,
    /// The failures that are known.
    pub baseline: &'a Baseline,
    /// What happened before the first case, told as a story.
    pub opening: &'a [Scene],
    /// The day, `YYYY-MM-DD`, for entries of the baseline that expire.
    pub today: &'a str,
}

/// Cases in the order in which they run: slow ones first, those that need to be alone last.
#[derive(Debug)]
pub struct Plan {
    together: Vec<Case>,
    alone: Vec<Case>,
}

impl Plan {
    /// The order for these cases.
    #[must_use]
    pub fn of(cases: &[Case], shuffle: Option<u64>) -> Self {
        let (alone, mut together): (Vec<Case>, Vec<Case>) =
            cases.iter().partition(|case| case.pace == Pace::Alone);
        if let Some(seed) = shuffle {
            together.sort_by_key(|case| mixed(seed, case.id));
        }
        together.sort_by_key(|case| case.pace != Pace::Early);
        Self { together, alone }
    }

    /// Every case, in this order.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.together.iter().chain(&self.alone)
    }
}

fn mixed(seed: u64, id: &str) -> u64 {
    id.bytes().fold(seed ^ 0x9E37_79B9_7F4A_7C15, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Runs the cases and says everything that happens, in order, through `emit`. Afterwards every integration of the run is deleted.
pub fn run(
    venue: &impl Venue,
    cases: &[Case],
    notes: Vec<String>,
    options: Options<'_>,
    mut emit: impl FnMut(Event),
) -> Conclusion {
    let start = Instant::now();
    emit(Event::RunStarted {
        schema: "magespec-events/1".to_owned(),
        magespec: env!("CARGO_PKG_VERSION").to_owned(),
        command: options.command.to_owned(),
        profile: venue.profile().name.to_owned(),
        target: venue.target(),
        started: Timestamp::from_second(venue.now().0)
            .unwrap_or_default()
            .to_string(),
        planned: cases.iter().map(|case| case.id.to_owned()).collect(),
        catalogue: options.catalogue,
        strict: options.strict,
        scope: options.scope,
    });
    for text in notes {
        emit(Event::Note { text });
    }
    if !options.opening.is_empty() {
        emit(Event::Timeline {
            scenes: options.opening.to_vec(),
        });
    }
    let plan = Plan::of(cases, options.shuffle);
    let mut tally = Tally::default();
    let mut take = |mut event: Event| {
        if let Event::CaseFinished(report) = &mut event {
            report.known = options
                .baseline
                .standing(report, options.strict, options.today);
            tally.add(report);
        }
        emit(event);
    };
    run_together(venue, &plan.together, options.jobs.max(1), &mut take);
    run_together(venue, &plan.alone, 1, &mut take);
    for text in venue.clean_up() {
        take(Event::Note { text });
    }
    let conclusion = conclude(
        cases.len(),
        options.catalogue,
        &options.scope,
        options.strict,
        &tally,
    );
    emit(Event::RunFinished {
        seconds: rounded(start.elapsed().as_secs_f64()),
        summary: tally.summary,
        conclusion,
    });
    conclusion
}

fn run_together(venue: &impl Venue, cases: &[Case], jobs: usize, emit: &mut impl FnMut(Event)) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.min(cases.len()) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    // The receiver lives as long as the scope.
                    let _ = sender.send(Event::CaseStarted {
                        id: case.id.to_owned(),
                    });
                    let report = Box::new(venue.run_case(case));
                    let _ = sender.send(Event::CaseFinished(report));
                }
            });
        }
        drop(sender);
        for event in receiver {
            emit(event);
        }
    });
}

impl Venue for Run {
    fn profile(&self) -> &'static Profile {
        self.target().profile
    }

    fn target(&self) -> TargetReport {
        self.target().report()
    }

    fn now(&self) -> UnixTime {
        self.channel.clock.now()
    }

    fn run_case(&self, case: &Case) -> CaseReport {
        run_case(self, case)
    }

    fn clean_up(&self) -> Vec<String> {
        clean_up(self)
    }
}

/// Runs one case and judges it; the harness of `cargo test` calls it as well.
pub fn run_case(run: &Run, case: &Case) -> CaseReport {
    let start = Instant::now();
    let tried = confirmed(run, || once(run, case));
    reported(case, run.target().profile, tried, start)
}

/// What became of a case that began at `start`.
pub(super) fn reported(
    case: &Case,
    profile: &'static Profile,
    tried: Try,
    start: Instant,
) -> CaseReport {
    let Try { outcome, exchanges } = tried;
    let evidence = case.evidence_under(profile);
    let verdict = judge(case.level, evidence, &outcome);
    let (expected, actual, reason) = match &outcome {
        Ok(_) => (String::new(), String::new(), String::new()),
        Err(Stop::Broken { expected, actual }) => {
            let reason = if verdict == Verdict::Warn {
                "the expectation is derived or not binding: it can only warn".to_owned()
            } else {
                String::new()
            };
            let (expected, actual) = contrast(expected, actual);
            (expected, actual, reason)
        }
        Err(stop) => {
            let reason = stop.to_string();
            let reason = visible::cut(&reason, visible::QUOTED).into_owned();
            (String::new(), String::new(), reason)
        }
    };
    let absence = match &outcome {
        Err(Stop::NotApplicable(absence)) => Some(absence.clone()),
        _ => None,
    };
    CaseReport {
        id: case.id.to_owned(),
        title: case.title.to_owned(),
        level: case.level,
        requirements: case.covers.iter().map(|id| (*id).to_owned()).collect(),
        evidence: evidence.to_string(),
        verdict,
        seconds: rounded(start.elapsed().as_secs_f64()),
        expected,
        actual,
        reason,
        absence,
        known: None,
        exchanges: if verdict == Verdict::Pass {
            Vec::new()
        } else {
            exchanges
        },
        timeline: Vec::new(),
    }
}

/// One try of the case in a workplace of its own; its texts are without secrets.
fn once(run: &Run, case: &Case) -> Try {
    let lab = Lab::new(run, case.id);
    let outcome = attempt(run, case, &lab);
    // Found at one place, in whatever the case has asked for.
    let leak = run.channel.watch.leak_of(case.id);
    let outcome = match (outcome, leak) {
        (Ok(_), Some(leak)) => Err(Stop::Broken {
            expected: leak.expected,
            actual: leak.actual,
        }),
        (outcome, _) => outcome,
    };
    let outcome = outcome.map_err(|stop| stop.cleaned(|text| lab.clean(text)));
    if outcome.is_err() {
        // Whatever went wrong, nobody begins with what is left of it.
        lab.spoil();
    }
    let by_the_last = matches!(outcome, Err(Stop::CouldNotRun(_) | Stop::Harness(_)));
    let exchanges = lab.finish(by_the_last);
    Try { outcome, exchanges }
}

fn attempt(run: &Run, case: &Case, lab: &Lab<'_>) -> Outcome {
    if let Some(reason) = case.kept_from(run.target()) {
        return Err(Stop::NotApplicable(reason));
    }
    if let Some(reason) = run.channel.stopped() {
        return Err(Stop::CouldNotRun(
            SendError::Stopped(reason.to_owned()).to_string(),
        ));
    }
    match case.check {
        Check::Store(run) => caught(|| run(lab)),
        Check::App(_) => Err(Stop::NotApplicable("the case is about an app".into())),
    }
}

/// The outcome of a case, also of one that panics.
pub(super) fn caught(run: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        Err(Stop::Harness(format!(
            "the case panicked: {}",
            panic_text(panic.as_ref())
        )))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a text".to_owned())
}

/// Deletes every integration of the run; answers a sentence each for what is left.
pub fn clean_up(run: &Run) -> Vec<String> {
    let declared = std::mem::take(&mut *lock(&run.pool.declared));
    let mut notes = delete_made(run);
    if !declared.is_empty() {
        notes.push(format!(
            "{} integrations that the suite's modules declared could not be deleted over the control API, and the panel deletes none: remove the rows {} in the store's database",
            declared.len(),
            declared.join(", ")
        ));
    }
    notes
}

fn delete_made(run: &Run) -> Vec<String> {
    let mut left = std::mem::take(&mut *lock(&run.pool.made));
    let names = std::mem::take(&mut *lock(&run.pool.saving));
    if left.is_empty() && names.is_empty() || run.target().access.admin.is_none() {
        return Vec::new();
    }
    run.channel.leave();
    // A session that was at rest may have ended by now; a new one has not. What a save that was cut short has made may show late.
    for _ in 0..2 {
        let mut seat = run.session.turn();
        let outcome = seat.panel(&run.channel).and_then(|panel| {
            let interrupted = if names.is_empty() {
                Vec::new()
            } else {
                panel.ids_of(&run.channel, &names)?
            };
            for id in interrupted {
                if !left.contains(&id) {
                    left.push(id);
                }
            }
            delete_all(run, panel, &mut left)
        });
        seat.note(&run.channel, &outcome);
        if outcome.is_ok() && names.is_empty() {
            break;
        }
    }
    if left.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "{} integrations named magespec-… could not be deleted: remove them in System, Integrations, or with --clean",
        left.len()
    )]
}

/// Takes the ids from the list that are gone; after the first that no answer comes to, nothing more is tried.
fn delete_all(run: &Run, panel: &mut Panel, ids: &mut Vec<String>) -> Result<(), PanelError> {
    let mut outcome = Ok(());
    ids.retain(|id| {
        if outcome.is_err() {
            return true;
        }
        match panel.delete(&run.channel, id) {
            Ok(response) => !panel.has_deleted(&response),
            Err(error) => {
                outcome = Err(error);
                true
            }
        }
    });
    outcome
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Milliseconds are enough for a reader.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
