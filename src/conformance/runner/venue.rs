use crate::oauth::Profile;
use crate::time::UnixTime;

use crate::conformance::case::Case;
use crate::conformance::result::{CaseReport, TargetReport};

/// Where cases run: a run for stores, a house for apps. What the runner asks of either.
pub trait Venue: Sync {
    /// The behaviour that the target is held against.
    fn profile(&self) -> &'static Profile;

    /// The target as a report names it.
    fn target(&self) -> TargetReport;

    /// Now.
    fn now(&self) -> UnixTime;

    /// Runs one case and judges it.
    fn run_case(&self, case: &Case) -> CaseReport;

    /// Takes away what the run has made; answers a sentence each for what is left.
    fn clean_up(&self) -> Vec<String>;
}
