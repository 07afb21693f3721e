//! What a case asks of a played store.

use std::sync::PoisonError;
use std::time::Instant;

use crate::conformance::{Played, PlayedStore, PostAs, Posted, Rule, Seen, StageError, Wanted};
use crate::doctor::KeyringEntry;
use crate::integration::{IntegrationId, SetupType, Status};
use crate::oauth::PROFILES;
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::storage::NewIntegration;
use crate::store::callback::Limits;
use crate::store::integrations::{Integrations, Posting, Refusal};
use crate::text::hex;

use super::door::Door;
use super::playing::{POST_TIME, PlayingStore, strange_secret};

impl PlayedStore for PlayingStore {
    fn base_url(&self) -> String {
        self.base_url.clone()
    }

    fn return_url(&self) -> String {
        let mut bytes = [0; 32];
        random::Entropy::fill(&SystemEntropy, &mut bytes);
        let key = hex(&bytes);
        format!(
            "{}{front}/admin/integration/loginSuccessCallback/key/{key}/",
            self.base_url,
            front = self.store.options().admin_front_name
        )
    }

    fn integrate(&self, wanted: &Wanted) -> Result<Played, StageError> {
        let key = random::value(&SystemEntropy);
        let secret = if wanted.strange_secrets {
            let mut strange = self.strange.lock().unwrap_or_else(PoisonError::into_inner);
            strange.insert(key.clone());
            strange_secret()
        } else {
            Secret::new(random::value(&SystemEntropy))
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let new = NewIntegration {
            name: format!("magespec-{}", random::text(&SystemEntropy, 12)),
            email: String::new(),
            endpoint: given(&wanted.callback),
            identity_link_url: given(&wanted.identity),
            status: Status::Inactive,
            setup_type: SetupType::Manual,
        };
        let made =
            self.services(|services| services.insert_with(new, &self.permissions, &key, &secret));
        let row = made.map_err(|refusal| StageError(refusal.to_string()))?;
        self.layer.learn(KeyringEntry {
            consumer_key: Some(key.clone()),
            consumer_secret: secret.clone(),
            token: None,
            token_secret: None,
        });
        Ok(Played {
            id: row.id.0,
            key,
            secret,
        })
    }

    fn remove(&self, integration: &Played) -> Result<(), StageError> {
        let removed = self.services(|services| {
            let row = services.load(IntegrationId(integration.id), "")?;
            services.delete(&row)
        });
        removed.map_err(|refusal| StageError(refusal.to_string()))
    }

    fn activate(&self, integration: &Played, post: PostAs) -> Result<Posted, StageError> {
        let profile = post.client.and_then(|client| {
            let mut profiles = PROFILES.iter();
            profiles
                .find(|profile| profile.callback_client == client)
                .copied()
        });
        let posting = Posting {
            store_base_url: &self.base_url,
            limits: Limits {
                timeout: POST_TIME,
                redirects: 0,
            },
            sender: &self.sender,
            clock: self.store.clock(),
        };
        let at = Instant::now();
        let exchanged = self.services(|services| {
            let services = Integrations {
                profile: profile.unwrap_or(services.profile),
                ..services
            };
            let row = services.load(IntegrationId(integration.id), "")?;
            services.exchange_tokens(&row, post.reauthorize, posting)
        });
        let took = at.elapsed();
        let (answer, nobody) = match exchanged {
            Ok((_, answer)) => (Ok(answer), false),
            Err(Refusal::NoAnswer(silence)) => (Err(silence.reason), silence.nobody),
            Err(refusal) => return Err(StageError(refusal.to_string())),
        };
        let storage = self.store.storage();
        let rows = storage
            .consumer_with_key(&integration.key)
            .and_then(|consumer| match consumer {
                Some(consumer) => storage.tokens_of(consumer.id),
                None => Ok(Vec::new()),
            })
            .map_err(|error| StageError(error.to_string()))?;
        let verifier = rows.into_iter().next().and_then(|row| row.verifier);
        Ok(Posted {
            at,
            took,
            answer,
            nobody,
            base_url: self.base_url.clone(),
            verifier: verifier.unwrap_or_default(),
        })
    }

    fn is_active(&self, integration: &Played) -> Result<bool, StageError> {
        let row = self
            .store
            .storage()
            .integration(IntegrationId(integration.id));
        let row = row.map_err(|error| StageError(error.to_string()))?;
        Ok(row.is_some_and(|row| row.status == Status::Active))
    }

    fn arrange(&self, rules: Vec<Rule>) {
        self.layer.arrange(rules);
    }

    fn activity(&self) -> (usize, usize) {
        self.layer.activity()
    }

    fn seen(&self, from: usize) -> Vec<Seen> {
        self.layer.seen(from)
    }

    fn connections(&self) -> usize {
        self.door.get().map_or(0, Door::connections)
    }

    fn secrets(&self) -> Vec<KeyringEntry> {
        self.layer.secrets()
    }

    fn lead(&self, seconds: i64) {
        self.store.clock().set_offset(seconds);
    }
}
