//! What every signed call asks for, remembered until something is written: settings, consumers, tokens, integrations, grants.
//!
//! Only for a database that nobody else writes to. An answer counts as long as the number of writes is the one from before it was read.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::acl::Grant;
use crate::integration::{Consumer, Integration, Token};
use crate::storage::Result;

/// Answers of a kind at most; beyond them all are forgotten.
const MOST: usize = 10_000;

/// Answers, as of a number of writes.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    writes: AtomicU64,
    pub(super) settings: Answers<String, Option<String>>,
    pub(super) consumers: Answers<String, Consumer>,
    pub(super) tokens: Answers<String, Token>,
    pub(super) integrations: Answers<i64, Integration>,
    pub(super) grants: Answers<i64, Grant>,
}

impl Remembered {
    /// Something was written: nothing that was read before it counts any more.
    pub(in crate::storage) fn forget(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
    }
}

/// Answers of one kind.
#[derive(Debug)]
pub(crate) struct Answers<K, V>(RwLock<(u64, HashMap<K, V>)>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self(RwLock::new((0, HashMap::new())))
    }
}

impl<K: Eq + Hash, V: Clone> Answers<K, V> {
    /// The answer to `key`, remembered or read now. What is not there is asked for each time: whoever makes names up fills no memory.
    pub(super) fn of(
        &self,
        remembered: &Remembered,
        key: K,
        read: impl FnOnce(&K) -> Result<Option<V>>,
    ) -> Result<Option<V>> {
        let writes = remembered.writes.load(Ordering::SeqCst);
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if known.0 == writes
                && let Some(answer) = known.1.get(&key)
            {
                return Ok(Some(answer.clone()));
            }
        }
        let Some(answer) = read(&key)? else {
            return Ok(None);
        };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.0 < writes || known.1.len() >= MOST {
            known.1.clear();
            known.0 = known.0.max(writes);
        }
        // One that was read before the last write is of no use to anybody.
        if known.0 == writes {
            known.1.insert(key, answer.clone());
        }
        Ok(Some(answer))
    }
}
