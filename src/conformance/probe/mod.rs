//! Requests as a case makes them, answers as it holds them against an expectation, and the record of both.

pub(super) mod address;
pub(super) mod answer;
mod contrast;
mod draft;
mod expected;
mod fields;
mod observed;
mod recorder;
pub mod said;
mod watch;

pub(crate) use address::{onward, path_of};
pub use answer::Answer;
pub(crate) use answer::shortened;
pub(crate) use contrast::contrast;
pub use draft::{Draft, Step, standard};
pub use expected::Expected;
pub(crate) use fields::{CASE_HEADER, USER_AGENT};
pub use observed::{ANONYMOUS, Observed, PROTECTED};
pub(crate) use recorder::{Recorder, Signed};
pub use said::Said;
pub(crate) use watch::Watch;
