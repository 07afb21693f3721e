use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Credentials, Step};
use crate::secret::Secret;
use crate::time::UnixTime;

/// Stores that are remembered; the one that was heard of longest ago makes room.
const MOST_STORES: usize = 1000;

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded; what is worth saying, without a secret.
    Done(String),
    /// It failed; one sentence.
    Failed(String),
}

/// A step of one store that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// Which.
    pub step: Step,
    /// When.
    pub at: UnixTime,
    /// How it went.
    pub outcome: Outcome,
}

/// A token and its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenPair {
    pub(super) token: String,
    pub(super) secret: Secret,
}

/// How far an exchange has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    #[default]
    Verifier,
    Request(TokenPair),
    Access(TokenPair),
}

/// A store that has sent credentials, and what became of them.
#[derive(Clone, Debug)]
pub struct ConnectedStore {
    /// What the last credentials POST carried.
    pub credentials: Credentials,
    /// When the last credentials POST came.
    pub received: UnixTime,
    /// Credentials POSTs so far.
    pub posts: u32,
    /// The last record of each step since the last credentials POST, in order.
    pub steps: Vec<StepRecord>,
    pub(super) progress: Progress,
    /// Held during an exchange, so that two logins do not exchange twice.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl ConnectedStore {
    /// Whether the app holds an access token.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        matches!(self.progress, Progress::Access(_))
    }

    /// How the last attempt at this step went.
    #[must_use]
    pub fn outcome(&self, step: Step) -> Option<&StepRecord> {
        self.steps.iter().find(|record| record.step == step)
    }

    /// `connected`, `failed` or `waiting`.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let failed = |record: &StepRecord| matches!(record.outcome, Outcome::Failed(_));
        if self.steps.iter().any(failed) {
            "failed"
        } else if self.is_connected() {
            "connected"
        } else {
            "waiting"
        }
    }

    fn record(&mut self, record: StepRecord) {
        self.steps.retain(|other| other.step != record.step);
        self.steps.push(record);
        self.steps.sort_by_key(|record| record.step);
    }
}

/// Every store that has sent credentials, by consumer key.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<BTreeMap<String, ConnectedStore>>);

impl Book {
    /// Stores what a credentials POST carried; tokens of earlier ones are forgotten, they are dead (spec oauth.md §4.1).
    pub(super) fn receive(&self, credentials: Credentials, at: UnixTime) {
        let mut stores = self.stores();
        let key = credentials.consumer_key.clone();
        let posts = stores.get(&key).map_or(0, |store| store.posts);
        if stores.len() >= MOST_STORES && !stores.contains_key(&key) {
            let oldest = stores.iter().min_by_key(|(_, store)| store.received);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                stores.remove(&oldest);
            }
        }
        stores.insert(
            key,
            ConnectedStore {
                credentials,
                received: at,
                posts: posts + 1,
                steps: Vec::new(),
                progress: Progress::default(),
                turn: Arc::default(),
            },
        );
    }

    pub(super) fn find(&self, consumer_key: &str) -> Option<ConnectedStore> {
        self.stores().get(consumer_key).cloned()
    }

    /// Every store, the one heard of last first.
    pub(super) fn all(&self) -> Vec<ConnectedStore> {
        let mut all: Vec<ConnectedStore> = self.stores().values().cloned().collect();
        all.sort_by_key(|store| std::cmp::Reverse(store.received));
        all
    }

    /// Notes how a step went; a store that is forgotten meanwhile stays so.
    pub(super) fn record(&self, consumer_key: &str, record: StepRecord) {
        if let Some(store) = self.stores().get_mut(consumer_key) {
            store.record(record);
        }
    }

    /// Moves on to `progress` unless new credentials have come since `posts` were counted. Tells whether it did.
    pub(super) fn advance(&self, consumer_key: &str, posts: u32, progress: Progress) -> bool {
        let mut stores = self.stores();
        let current = stores
            .get_mut(consumer_key)
            .filter(|store| store.posts == posts);
        match current {
            Some(store) => {
                store.progress = progress;
                true
            }
            None => false,
        }
    }

    fn stores(&self) -> MutexGuard<'_, BTreeMap<String, ConnectedStore>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
