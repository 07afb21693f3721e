//! The rules by which outcomes become verdicts, and verdicts a conclusion.

use super::absence::Absence;
use super::case_report::Standing;
use super::case_report::{CaseReport, Scope};
use super::evidence::Evidence;
use super::level::Level;
use super::outcome::{Outcome, Stop};
use super::verdict::{Conclusion, Summary, Verdict};

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
