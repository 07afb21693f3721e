use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Absence, CaseReport, Evidence, Level, Outcome, Scope, Standing, Stop};

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The twin was accepted and the requirement held.
    Pass,
    /// A MUST, or a behaviour of the chosen profile, did not hold.
    Fail,
    /// A SHOULD did not hold, or a weakness that the profile itself has.
    Warn,
    /// The target or the profile has no such thing.
    NotApplicable,
    /// A precondition failed: the run is incomplete.
    CouldNotRun,
    /// Our fault.
    HarnessError,
}

impl Verdict {
    /// All six, in the order of the summary.
    pub const ALL: [Self; 6] = [
        Self::Pass,
        Self::Fail,
        Self::Warn,
        Self::NotApplicable,
        Self::CouldNotRun,
        Self::HarnessError,
    ];

    /// The word in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::NotApplicable => "not-applicable",
            Self::CouldNotRun => "could-not-run",
            Self::HarnessError => "harness-error",
        }
    }

    /// Whether a reader has to look at the case: it failed or could not be judged.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Fail | Self::CouldNotRun | Self::HarnessError)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The one function that judges: what an outcome means for a case of this level and evidence.
#[must_use]
pub fn judge(level: Level, evidence: Evidence, outcome: &Outcome) -> Verdict {
    match outcome {
        Ok(_) => Verdict::Pass,
        Err(Stop::Weak(_)) => Verdict::Warn,
        Err(Stop::CouldNotRun(_)) => Verdict::CouldNotRun,
        Err(Stop::NotApplicable(_)) => Verdict::NotApplicable,
        Err(Stop::Harness(_)) => Verdict::HarnessError,
        Err(Stop::Broken { .. }) if !evidence.binds() => Verdict::Warn,
        Err(Stop::Broken { .. }) => match level {
            Level::Must | Level::Profile | Level::Security => Verdict::Fail,
            Level::Should | Level::May => Verdict::Warn,
        },
    }
}

/// How often each verdict was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Passed.
    pub pass: usize,
    /// Failed.
    pub fail: usize,
    /// Warned.
    pub warn: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Could not run.
    pub could_not_run: usize,
    /// Harness errors.
    pub harness_error: usize,
}

impl Summary {
    /// Counts verdicts.
    #[must_use]
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut summary = Self::default();
        for verdict in verdicts {
            *summary.count_mut(verdict) += 1;
        }
        summary
    }

    fn count_mut(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Warn => &mut self.warn,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::CouldNotRun => &mut self.could_not_run,
            Verdict::HarnessError => &mut self.harness_error,
        }
    }

    /// How often a verdict was given.
    #[must_use]
    pub const fn count(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Warn => self.warn,
            Verdict::NotApplicable => self.not_applicable,
            Verdict::CouldNotRun => self.could_not_run,
            Verdict::HarnessError => self.harness_error,
        }
    }
}

/// How a run ended; the command line turns it into an exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Every case of the profile was judged, and nothing failed.
    Conformant,
    /// Nothing failed in the cases that were judged, which are not all of the profile's, or only what was known to fail.
    NoDeviation,
    /// Something failed.
    NotConformant,
    /// Nothing failed, but something could not run, nothing ran at all, or the run was cut short.
    #[default]
    Incomplete,
    /// Our fault.
    HarnessError,
}

impl Conclusion {
    /// The word in the event stream.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::NoDeviation => "no-deviation",
            Self::NotConformant => "not-conformant",
            Self::Incomplete => "incomplete",
            Self::HarnessError => "harness-error",
        }
    }
}

/// What the cases of a run amount to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The six counts.
    pub summary: Summary,
    /// Failures that the baseline excuses; with `strict`, warnings too.
    pub excused: usize,
    /// Entries of the baseline that hold no more.
    pub stale: usize,
    /// Cases that more access to the store would bring into the run.
    pub out_of_reach: usize,
}

impl Tally {
    /// Counts cases.
    #[must_use]
    pub fn of<'a>(cases: impl IntoIterator<Item = &'a CaseReport>) -> Self {
        let mut tally = Self::default();
        for case in cases {
            tally.add(case);
        }
        tally
    }

    /// Counts one more.
    pub fn add(&mut self, case: &CaseReport) {
        *self.summary.count_mut(case.verdict) += 1;
        match case.known.as_ref().map(|known| known.standing) {
            Some(Standing::Excused) => self.excused += 1,
            Some(Standing::Expired | Standing::Gone) => self.stale += 1,
            None => {}
        }
        let absence = case.absence.as_ref();
        self.out_of_reach += usize::from(absence.is_some_and(Absence::is_of_access));
    }

    /// How many failed that nobody excused.
    #[must_use]
    pub const fn failures(&self, strict: bool) -> usize {
        let warned = if strict { self.summary.warn } else { 0 };
        (self.summary.fail + warned).saturating_sub(self.excused)
    }

    /// How many were judged.
    #[must_use]
    pub const fn judged(&self) -> usize {
        self.summary.pass + self.summary.fail + self.summary.warn
    }
}

/// What a run's verdicts amount to. `planned` is how many cases were chosen of the `catalogue`: a run that reports fewer is incomplete, and
/// so is one in which nothing applied. `strict` turns warnings into failures. A failure counts whatever else could not run.
#[must_use]
pub fn conclude(
    planned: usize,
    catalogue: usize,
    scope: &Scope,
    strict: bool,
    tally: &Tally,
) -> Conclusion {
    let summary = &tally.summary;
    let counts = Verdict::ALL.iter();
    let reported: usize = counts.map(|verdict| summary.count(*verdict)).sum();
    let unjudged = reported < planned || summary.could_not_run > 0;
    let kept_out = scope.anonymous && tally.out_of_reach > 0;
    let too_few = tally.judged() == 0 || tally.judged() < scope.min_cases || kept_out;
    if reported > planned {
        Conclusion::HarnessError
    } else if tally.failures(strict) > 0 || tally.stale > 0 {
        Conclusion::NotConformant
    } else if summary.harness_error > 0 {
        Conclusion::HarnessError
    } else if unjudged || too_few {
        Conclusion::Incomplete
    } else if planned < catalogue || tally.out_of_reach > 0 || tally.excused > 0 {
        Conclusion::NoDeviation
    } else {
        Conclusion::Conformant
    }
}
