//! `--stop-with-parent`: a store that a test started does not outlive it, however it ended.

use std::time::Duration;

use crate::cli::Failure;

/// How often it is looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// The process that started this one.
pub(super) struct Parent(u32);

impl Parent {
    /// Ask early: one that has ended before is not noticed.
    pub(super) fn now() -> Result<Self, Failure> {
        if cfg!(unix) {
            Ok(Self(id()))
        } else {
            let sentence = "--stop-with-parent is for Unix; stop the store yourself";
            Err(Failure::usage(sentence))
        }
    }

    /// Waits until another process, the system's reaper, is the parent of this one.
    pub(super) async fn ended(self) {
        let mut looks = tokio::time::interval(PERIOD);
        while id() == self.0 {
            looks.tick().await;
        }
    }
}

#[cfg(unix)]
fn id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
const fn id() -> u32 {
    0
}
