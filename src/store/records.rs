//! What the signature check asks of the keeper, with the rules of time and chance that are the store's (spec oauth.md §2.9, §2.10).

use crate::integration::Consumer;
use crate::oauth::{ConsumerRecord, Records, Spent, TokenRecord};
use crate::storage;
use crate::time::UnixTime;

use super::Store;

/// The store as the signature check sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ledger<'a>(pub(super) &'a Store);

impl Records for Ledger<'_> {
    type Error = storage::Error;

    fn consumer(&self, key: &str) -> Result<Option<ConsumerRecord>, storage::Error> {
        let Some(consumer) = self.0.storage().consumer_with_key(key)? else {
            return Ok(None);
        };
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
        let storage = self.0.storage();
        let spent = storage.spend_nonce(consumer_id, nonce, timestamp)?;
        if spent == Spent::Fresh && self.0.cleans_up()? {
            storage.purge_nonces(self.0.cleanup_limit()?)?;
        }
        Ok(spent)
    }

    fn token(&self, token: &str) -> Result<Option<TokenRecord>, storage::Error> {
        Ok(self.0.storage().token(token)?.map(|row| TokenRecord {
            id: row.id,
            consumer_id: Some(row.consumer_id),
            kind: row.kind,
            secret: row.secret,
            verifier: row.verifier,
            revoked: row.revoked,
        }))
    }
}

impl Ledger<'_> {
    fn window_over(self, consumer: &Consumer) -> Result<bool, storage::Error> {
        let window = self.0.positive("oauth/consumer/expiration_period")?;
        Ok(consumer
            .updated_at
            .is_none_or(|began| self.0.now().since(began) >= window))
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

    /// What follows every save of a token row: by chance, verifier and request tokens that are too old go (spec oauth.md §4.4).
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
