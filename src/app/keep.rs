//! Stores on disk: each is one sealed record, so that a restarted app goes on where it was.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::book::{Attempt, ConnectedStore, TokenPair, Working};
use super::{Credentials, Outcome, Step, StepRecord};
use crate::random::Entropy;
use crate::secret::Secret;
use crate::storage::{Vault, VaultError};
use crate::time::UnixTime;

/// Version of the records.
const SCHEMA: &str = "magespec-app-store/1";

#[derive(Serialize, Deserialize)]
struct Record {
    schema: String,
    received: i64,
    posts: u32,
    owner: Option<String>,
    ended: Option<String>,
    working: Option<WorkingRecord>,
    attempts: Vec<AttemptRecord>,
    timeline: Vec<StepText>,
}

#[derive(Serialize, Deserialize)]
struct Posted {
    secret: String,
    base_url: Url,
    verifier: String,
}

#[derive(Serialize, Deserialize)]
struct Pair {
    token: String,
    secret: String,
}

#[derive(Serialize, Deserialize)]
struct WorkingRecord {
    number: u32,
    posted: Posted,
    access: Pair,
}

#[derive(Serialize, Deserialize)]
struct AttemptRecord {
    number: u32,
    posted: Posted,
    request: Option<Pair>,
}

#[derive(Serialize, Deserialize)]
struct StepText {
    step: String,
    at: i64,
    failed: bool,
    text: String,
}

/// Where stores are kept, if anywhere.
pub(super) struct Keep {
    vault: Option<Vault>,
    entropy: Arc<dyn Entropy>,
}

impl Keep {
    pub(super) fn new(vault: Option<Vault>, entropy: Arc<dyn Entropy>) -> Self {
        Self { vault, entropy }
    }

    /// Every store that was kept. A record of a later version is left where it is.
    pub(super) fn stores(&self) -> Result<Vec<ConnectedStore>, VaultError> {
        let Some(vault) = &self.vault else {
            return Ok(Vec::new());
        };
        let records = vault.records()?.into_iter();
        Ok(records
            .filter_map(|(key, text)| {
                let record: Record = serde_json::from_str(&text).ok()?;
                (record.schema == SCHEMA).then(|| record.store(key))
            })
            .collect())
    }

    /// Writes a store as it is now.
    pub(super) fn write(&self, store: &ConnectedStore) -> Result<(), VaultError> {
        let Some(vault) = &self.vault else {
            return Ok(());
        };
        let text = serde_json::to_string(&Record::of(store))
            .expect("texts, numbers and URLs can be written as JSON");
        vault.put(&store.consumer_key, &text, self.entropy.as_ref())
    }

    /// Removes a store.
    pub(super) fn remove(&self, consumer_key: &str) -> Result<(), VaultError> {
        let vault = self.vault.as_ref();
        vault.map_or(Ok(()), |vault| vault.remove(consumer_key))
    }
}

impl Record {
    fn of(store: &ConnectedStore) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            received: store.received.0,
            posts: store.posts,
            owner: store.owner.clone(),
            ended: store.ended.clone(),
            working: store.working.as_ref().map(|working| WorkingRecord {
                number: working.number,
                posted: Posted::of(&working.credentials),
                access: Pair::of(&working.access),
            }),
            attempts: store
                .attempts
                .iter()
                .map(|attempt| AttemptRecord {
                    number: attempt.number,
                    posted: Posted::of(&attempt.credentials),
                    request: attempt.request.as_ref().map(Pair::of),
                })
                .collect(),
            timeline: store.timeline.iter().map(StepText::of).collect(),
        }
    }

    fn store(self, key: String) -> ConnectedStore {
        ConnectedStore {
            received: UnixTime(self.received),
            posts: self.posts,
            timeline: self
                .timeline
                .into_iter()
                .filter_map(StepText::record)
                .collect(),
            owner: self.owner,
            ended: self.ended,
            working: self.working.map(|working| Working {
                credentials: working.posted.credentials(&key),
                access: working.access.pair(),
                number: working.number,
            }),
            attempts: self
                .attempts
                .into_iter()
                .map(|attempt| Attempt {
                    number: attempt.number,
                    credentials: attempt.posted.credentials(&key),
                    request: attempt.request.map(Pair::pair),
                })
                .collect(),
            turn: Arc::default(),
            consumer_key: key,
        }
    }
}

impl Posted {
    fn of(credentials: &Credentials) -> Self {
        Self {
            secret: credentials.consumer_secret.expose().to_owned(),
            base_url: credentials.store_base_url.clone(),
            verifier: credentials.verifier.expose().to_owned(),
        }
    }

    fn credentials(self, key: &str) -> Credentials {
        Credentials {
            consumer_key: key.to_owned(),
            consumer_secret: Secret::from(self.secret),
            store_base_url: self.base_url,
            verifier: Secret::from(self.verifier),
        }
    }
}

impl Pair {
    fn of(pair: &TokenPair) -> Self {
        Self {
            token: pair.token.clone(),
            secret: pair.secret.expose().to_owned(),
        }
    }

    fn pair(self) -> TokenPair {
        TokenPair {
            token: self.token,
            secret: Secret::from(self.secret),
        }
    }
}

impl StepText {
    fn of(record: &StepRecord) -> Self {
        let (failed, text) = match &record.outcome {
            Outcome::Done(text) => (false, text),
            Outcome::Failed(text) => (true, text),
        };
        Self {
            step: record.step.id().to_owned(),
            at: record.at.0,
            failed,
            text: text.clone(),
        }
    }

    fn record(self) -> Option<StepRecord> {
        Some(StepRecord {
            step: Step::ALL.into_iter().find(|step| step.id() == self.step)?,
            at: UnixTime(self.at),
            outcome: if self.failed {
                Outcome::Failed(self.text)
            } else {
                Outcome::Done(self.text)
            },
        })
    }
}
