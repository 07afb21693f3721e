//! What a case can end with, how it is judged, and what is reported of it.

mod absence;
mod case_report;
mod event;
mod evidence;
mod exchange;
pub(super) mod judge;
mod level;
mod need;
mod outcome;
mod scene;
mod verdict;

pub use absence::Absence;
pub(crate) use absence::READ_ONLY;
pub use case_report::{CaseReport, Known, Scope, Standing, TargetReport};
pub use event::{Event, Report};
pub use evidence::Evidence;
pub use exchange::ExchangeText;
pub use judge::{Tally, conclude, judge};
pub use level::Level;
pub use need::Need;
pub use outcome::{Held, Outcome, Stop};
pub use scene::{Mark, Scene};
pub use verdict::{Conclusion, Summary, Verdict};
