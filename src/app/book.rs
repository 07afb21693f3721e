//! The stores that the app knows, and how far each has come.
//!
//! Credentials that were posted are an *attempt* until an exchange with them has succeeded. Working credentials stay in use until then:
//! anyone can post, and only the store can prove that it was the store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Credentials, Outcome, Step};
use crate::secret::Secret;
use crate::time::UnixTime;

/// Stores without a finished exchange that are remembered; the one that was heard of longest ago makes room.
const MOST_UNPROVEN: usize = 1000;

/// Attempts of one store that are remembered.
const MOST_ATTEMPTS: usize = 3;

/// Steps of one store's timeline that are remembered.
const MOST_STEPS: usize = 60;

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

/// Posted credentials whose exchange has not succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Counts the POSTs of this store.
    pub(super) number: u32,
    pub(super) credentials: Credentials,
    /// The request token, once there is one.
    pub(super) request: Option<TokenPair>,
}

/// Credentials whose exchange has succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Working {
    pub(super) credentials: Credentials,
    pub(super) access: TokenPair,
    /// The POST that they came with.
    pub(super) number: u32,
}

/// A store that has sent credentials, and what became of them.
#[derive(Clone, Debug)]
pub struct ConnectedStore {
    /// Names the store's integration.
    pub consumer_key: String,
    /// When the last credentials POST came.
    pub received: UnixTime,
    /// Credentials POSTs so far.
    pub posts: u32,
    /// What happened, in order; the last are kept.
    pub timeline: Vec<StepRecord>,
    /// The account that connected it.
    pub owner: Option<String>,
    /// Why working credentials are in use no more.
    pub ended: Option<String>,
    pub(super) working: Option<Working>,
    /// The newest first.
    pub(super) attempts: Vec<Attempt>,
    /// Held during an exchange, so that two logins do not exchange twice.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl ConnectedStore {
    /// Whether the app holds an access token that it uses.
    #[must_use]
    pub const fn is_connected(&self) -> bool {
        self.working.is_some()
    }

    /// The credentials that were posted last, or those in use.
    #[must_use]
    pub fn credentials(&self) -> Option<&Credentials> {
        let newest = self.attempts.first().map(|attempt| &attempt.credentials);
        newest.or(self.working.as_ref().map(|working| &working.credentials))
    }

    /// The base URL of [`ConnectedStore::credentials`].
    #[must_use]
    pub fn base_url(&self) -> String {
        self.credentials()
            .map(|credentials| credentials.store_base_url.to_string())
            .unwrap_or_default()
    }

    /// How the last attempt at this step went, since the last credentials POST.
    #[must_use]
    pub fn outcome(&self, step: Step) -> Option<&StepRecord> {
        let posted = |record: &StepRecord| record.step == Step::Credentials;
        let from = self.timeline.iter().rposition(posted).unwrap_or_default();
        let since = self.timeline[from..].iter();
        since.rev().find(|record| record.step == step)
    }

    /// `connected`, `failed`, `waiting` or `ended`: how the last credentials POST fared.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let failed = |step: &Step| {
            let record = self.outcome(*step);
            record.is_some_and(|record| matches!(record.outcome, Outcome::Failed(_)))
        };
        if Step::ALL.iter().any(failed) {
            "failed"
        } else if !self.attempts.is_empty() {
            "waiting"
        } else if self.is_connected() {
            "connected"
        } else {
            "ended"
        }
    }

    fn record(&mut self, record: StepRecord) {
        if self.timeline.len() >= MOST_STEPS {
            self.timeline.remove(0);
        }
        self.timeline.push(record);
    }
}

/// Every store that has sent credentials, by consumer key.
#[derive(Debug, Default)]
pub(super) struct Book(Mutex<BTreeMap<String, ConnectedStore>>);

impl Book {
    /// A book that begins with these.
    pub(super) fn of(stores: Vec<ConnectedStore>) -> Self {
        let by_key = stores.into_iter();
        Self(Mutex::new(
            by_key
                .map(|store| (store.consumer_key.clone(), store))
                .collect(),
        ))
    }

    /// Keeps what a credentials POST carried as the store's newest attempt. Answers the key of a store that had to make room.
    pub(super) fn receive(&self, credentials: Credentials, at: UnixTime) -> Option<String> {
        let mut stores = self.stores();
        let key = credentials.consumer_key.clone();
        let removed = if stores.contains_key(&key) {
            None
        } else {
            make_room(&mut stores)
        };
        let store = stores.entry(key).or_insert_with_key(|key| ConnectedStore {
            consumer_key: key.clone(),
            received: at,
            posts: 0,
            timeline: Vec::new(),
            owner: None,
            ended: None,
            working: None,
            attempts: Vec::new(),
            turn: Arc::default(),
        });
        store.posts += 1;
        store.received = at;
        // The merchant clicked twice: the store sends the same again.
        store
            .attempts
            .retain(|known| known.credentials != credentials);
        store.attempts.insert(
            0,
            Attempt {
                number: store.posts,
                credentials,
                request: None,
            },
        );
        store.attempts.truncate(MOST_ATTEMPTS);
        removed
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

    /// Changes a store; one that is forgotten meanwhile stays so. Answers what it is afterwards.
    pub(super) fn change(
        &self,
        consumer_key: &str,
        change: impl FnOnce(&mut ConnectedStore),
    ) -> Option<ConnectedStore> {
        let mut stores = self.stores();
        let store = stores.get_mut(consumer_key)?;
        change(store);
        Some(store.clone())
    }

    /// Notes how a step went.
    pub(super) fn record(&self, consumer_key: &str, record: StepRecord) -> Option<ConnectedStore> {
        self.change(consumer_key, |store| store.record(record))
    }

    /// Keeps the request token of an attempt that is still there. Tells whether it is.
    pub(super) fn requested(&self, consumer_key: &str, number: u32, pair: &TokenPair) -> bool {
        let mut stores = self.stores();
        let attempt = stores.get_mut(consumer_key).and_then(|store| {
            let mut attempts = store.attempts.iter_mut();
            attempts.find(|attempt| attempt.number == number)
        });
        match attempt {
            Some(attempt) => {
                attempt.request = Some(pair.clone());
                true
            }
            None => false,
        }
    }

    /// An attempt has succeeded: its credentials are in use, older attempts are void, and so are other integrations of the same store.
    /// Answers the keys of these; none when the attempt is no longer there.
    pub(super) fn proven(
        &self,
        consumer_key: &str,
        number: u32,
        access: TokenPair,
    ) -> Option<Vec<String>> {
        let mut stores = self.stores();
        let store = stores.get_mut(consumer_key)?;
        let at = store
            .attempts
            .iter()
            .position(|attempt| attempt.number == number)?;
        let attempt = store.attempts.remove(at);
        store.attempts.retain(|other| other.number > number);
        let url = attempt.credentials.store_base_url.clone();
        store.working = Some(Working {
            credentials: attempt.credentials,
            access,
            number,
        });
        store.ended = None;
        let mut replaced = Vec::new();
        for other in stores.values_mut() {
            let same = other
                .working
                .as_ref()
                .is_some_and(|working| working.credentials.store_base_url == url);
            if other.consumer_key != consumer_key && same {
                other.working = None;
                other.ended = Some("the store has connected with another integration".to_owned());
                replaced.push(other.consumer_key.clone());
            }
        }
        Some(replaced)
    }

    /// Forgets a store. Tells whether there was one.
    pub(super) fn forget(&self, consumer_key: &str) -> bool {
        self.stores().remove(consumer_key).is_some()
    }

    fn stores(&self) -> MutexGuard<'_, BTreeMap<String, ConnectedStore>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room for one more store that has proven nothing; stores that have are never pushed out.
fn make_room(stores: &mut BTreeMap<String, ConnectedStore>) -> Option<String> {
    let unproven = stores.values().filter(|store| store.working.is_none());
    if unproven.clone().count() < MOST_UNPROVEN {
        return None;
    }
    let oldest = unproven.min_by_key(|store| store.received)?;
    let key = oldest.consumer_key.clone();
    stores.remove(&key);
    Some(key)
}
