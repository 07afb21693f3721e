//! What the signature check asks of the keeper, with the rules of time and chance that are the store's (docs/protocol/timestamp-nonce.md and docs/protocol/errors.md#which-error-wins).

use std::cell::RefCell;

use crate::integration::{Consumer, Token};
use crate::oauth::{
    ConsumerRecord, Outcome, Problem, Records, Request, Spent, Step, TokenRecord, authenticate,
};
use crate::secret::Secret;
use crate::storage;
use crate::time::UnixTime;

use super::Store;
use super::explanation::Refused;
use super::turn::Turn;

/// Judges the request of a turn and keeps what the log will say of it.
pub(super) fn judge(store: &Store, turn: &Turn<'_>, step: Step) -> storage::Result<Outcome> {
    let ledger = Ledger {
        store,
        consumer_secret: RefCell::default(),
        token_secret: RefCell::default(),
    };
    let request = turn.signed_request();
    let outcome = match store.faults() {
        None => authenticate(store.profile(), step, &request, store.now(), &ledger)?,
        Some(faults) => faults.judge(store, step, &request, &ledger)?,
    };
    if let Outcome::Rejected(rejection) = &outcome {
        turn.note_base_string(store.profile(), &request);
        if rejection.problem == Problem::SignatureInvalid {
            turn.note_explanation(|| ledger.explain(&request));
        }
    }
    Ok(outcome)
}

/// A row of tokens as the signature check knows it.
pub(super) fn record_of(row: Token) -> TokenRecord {
    TokenRecord {
        id: row.id,
        consumer_id: Some(row.consumer_id),
        kind: row.kind,
        secret: row.secret,
        verifier: row.verifier,
        revoked: row.revoked,
    }
}

/// The store as the signature check sees it, with the secrets that it asked for.
struct Ledger<'a> {
    store: &'a Store,
    consumer_secret: RefCell<Option<Secret>>,
    token_secret: RefCell<Option<Secret>>,
}

impl Records for Ledger<'_> {
    type Error = storage::Error;

    fn consumer(&self, key: &str) -> Result<Option<ConsumerRecord>, storage::Error> {
        let Some(consumer) = self.store.storage().consumer_with_key(key)? else {
            return Ok(None);
        };
        *self.consumer_secret.borrow_mut() = Some(consumer.secret.clone());
        Ok(Some(ConsumerRecord {
            window_over: self.window_over(&consumer)?,
            id: consumer.id,
            secret: consumer.secret,
        }))
    }

    fn spend_nonce(
        &self,
        consumer_id: i64,
        nonce: &str,
        timestamp: UnixTime,
    ) -> Result<Spent, storage::Error> {
        let storage = self.store.storage();
        let spent = storage.spend_nonce(consumer_id, nonce, timestamp)?;
        if spent == Spent::Fresh && self.store.cleans_up()? {
            storage.purge_nonces(self.store.cleanup_limit()?)?;
        }
        Ok(spent)
    }

    fn token(&self, token: &str) -> Result<Option<TokenRecord>, storage::Error> {
        let found = self.store.storage().token(token)?;
        *self.token_secret.borrow_mut() = found.as_ref().map(|row| row.secret.clone());
        Ok(found.map(record_of))
    }
}

impl Ledger<'_> {
    fn window_over(&self, consumer: &Consumer) -> Result<bool, storage::Error> {
        let window = self.store.positive("oauth/consumer/expiration_period")?;
        Ok(consumer
            .updated_at
            .is_none_or(|began| self.store.now().since(began) >= window))
    }
}

impl Ledger<'_> {
    fn explain(&self, request: &Request<'_>) -> Option<String> {
        let explanation = self.store.options().explanation.as_ref()?;
        let (consumer_secret, token_secret) =
            (self.consumer_secret.borrow(), self.token_secret.borrow());
        explanation.of(&Refused {
            profile: self.store.profile(),
            request: *request,
            consumer_secret: consumer_secret.as_ref()?,
            token_secret: token_secret.as_ref(),
        })
    }
}

impl Store {
    /// Rolls the dice of the clean-up: once in `cleanup_probability` saves, never at 0.
    fn cleans_up(&self) -> Result<bool, storage::Error> {
        let one_in = self.number("oauth/cleanup/cleanup_probability")?;
        let Ok(one_in @ 1..) = u64::try_from(one_in) else {
            return Ok(false);
        };
        let mut bytes = [0_u8; 8];
        self.entropy().fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes) % one_in == 0)
    }

    /// Rows of this time or before are too old to keep.
    fn cleanup_limit(&self) -> Result<UnixTime, storage::Error> {
        let minutes = self.positive("oauth/cleanup/expiration_period")?;
        Ok(self.now().plus(minutes.saturating_mul(-60)))
    }

    /// What follows every save of a token row, whosever it is: by chance, request tokens that are too old go (docs/protocol/flow.md#one-row-three-lives).
    ///
    /// # Errors
    /// When the database fails.
    pub fn sweep_tokens(&self) -> Result<(), storage::Error> {
        if self.cleans_up()? {
            self.storage().purge_tokens(self.cleanup_limit()?)?;
        }
        Ok(())
    }
}
