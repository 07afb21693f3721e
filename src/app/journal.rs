//! The last signed requests, and a count of changes that pages wait for.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::time::UnixTime;

/// Requests that are remembered.
const MOST: usize = 50;

/// A signed request that the app sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentRequest {
    /// When.
    pub at: UnixTime,
    /// Whose integration.
    pub consumer_key: String,
    /// The method.
    pub method: String,
    /// Where; query included.
    pub url: String,
    /// The status of the answer; none when no answer came.
    pub status: Option<u16>,
    /// How long the answer took.
    pub took: Duration,
    /// What the store or the network said, when it was no success.
    pub sentence: String,
    /// What the doctor says of a refusal, when he has anything to say.
    pub explanation: Option<String>,
}

/// What happened last.
#[derive(Debug)]
pub(super) struct Journal {
    requests: Mutex<VecDeque<SentRequest>>,
    changes: watch::Sender<u64>,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            requests: Mutex::default(),
            changes: watch::channel(0).0,
        }
    }
}

impl Journal {
    pub(super) fn add(&self, request: SentRequest) {
        let mut requests = self.requests();
        if requests.len() == MOST {
            requests.pop_back();
        }
        requests.push_front(request);
        drop(requests);
        self.changed();
    }

    /// The last requests, the newest first.
    pub(super) fn all(&self) -> Vec<SentRequest> {
        self.requests().iter().cloned().collect()
    }

    /// Something that a page shows is different now.
    pub(super) fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// How often something has changed.
    pub(super) fn count(&self) -> u64 {
        *self.changes.borrow()
    }

    /// Waits until more has changed than `seen`, at most for `patience`; answers the count.
    pub(super) async fn after(&self, seen: u64, patience: Duration) -> u64 {
        let mut changes = self.changes.subscribe();
        let more = changes.wait_for(|count| *count > seen);
        // After the wait the count is told as it is.
        let _ = tokio::time::timeout(patience, more).await;
        self.count()
    }

    fn requests(&self) -> MutexGuard<'_, VecDeque<SentRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
