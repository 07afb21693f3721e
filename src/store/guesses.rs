//! One password of a person is looked at at a time.
//!
//! An attempt counts as a failure until it is known to be right: many at once would lock out who types the right one. In a process they wait
//! for each other; hashing does so anyway.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::storage::{AccountKind, fold};

/// Persons share a lock now and then; they only wait a little longer.
const LOCKS: usize = 64;

/// Who is being tried.
#[derive(Debug)]
pub(crate) struct Guesses([Mutex<()>; LOCKS]);

impl Default for Guesses {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::new(())))
    }
}

impl Guesses {
    /// Held while a password of this person is looked at.
    pub(crate) fn turn(&self, kind: AccountKind, login: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        (kind, fold(login)).hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % LOCKS as u64).unwrap_or_default();
        self.0[place].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
