//! The last requests, for a test that wants to know why its own was refused.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Keeps so many of the last requests.
#[derive(Debug, Default)]
pub(super) struct Journal {
    size: usize,
    kept: Mutex<VecDeque<Value>>,
}

impl Journal {
    /// A journal of `size` requests; of none when it is 0.
    pub(super) const fn new(size: usize) -> Self {
        Self {
            size,
            kept: Mutex::new(VecDeque::new()),
        }
    }

    /// Whether anything is kept.
    pub(super) const fn keeps(&self) -> bool {
        self.size > 0
    }

    /// Adds a request, and forgets the oldest when there are too many.
    pub(super) fn add(&self, request: Value) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.size {
            kept.pop_front();
        }
        kept.push_back(request);
    }

    /// The last `count` requests, the newest first.
    pub(super) fn last(&self, count: usize) -> Value {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().take(count).cloned().collect()
    }

    /// Forgets them.
    pub(super) fn clear(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
    }
}
