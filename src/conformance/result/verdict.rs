//! The six verdicts, how often each was given, and what they amount to.

use std::fmt;

use serde::{Deserialize, Serialize};

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

    pub(crate) fn count_mut(&mut self, verdict: Verdict) -> &mut usize {
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
