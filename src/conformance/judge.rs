use serde::{Deserialize, Serialize};

use super::{Evidence, Level, Outcome, Stop};

/// What became of a case (DESIGN section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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

    /// The verdict of exactly this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Everything that applies ran, and nothing failed.
    Conformant,
    /// Something failed.
    NotConformant,
    /// Something could not run, nothing ran at all, or the run was cut short.
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
            Self::NotConformant => "not-conformant",
            Self::Incomplete => "incomplete",
            Self::HarnessError => "harness-error",
        }
    }
}

/// What a run's verdicts amount to. `planned` is how many cases were chosen: a run that reports fewer is incomplete, and so is one in which
/// nothing applied. `strict` turns warnings into failures.
#[must_use]
pub fn conclude(planned: usize, summary: &Summary, strict: bool) -> Conclusion {
    let reported: usize = Verdict::ALL
        .iter()
        .map(|verdict| summary.count(*verdict))
        .sum();
    let judged = summary.pass + summary.fail + summary.warn;
    if summary.harness_error > 0 || reported > planned {
        Conclusion::HarnessError
    } else if reported < planned || summary.could_not_run > 0 || judged == 0 {
        Conclusion::Incomplete
    } else if summary.fail > 0 || (strict && summary.warn > 0) {
        Conclusion::NotConformant
    } else {
        Conclusion::Conformant
    }
}
