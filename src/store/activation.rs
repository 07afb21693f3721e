//! The tokens of an integration: what the panel's dialogs hand out, exchange and show (docs/protocol/flow.md).

use crate::integration::{self, Change, Consumer, FreshToken, Integration, Token};
use crate::oauth::TokenKind;
use crate::secret::Secret;
use crate::storage;
use crate::wire::Response;

use super::callback::CredentialsPost;
use super::changes::fresh_token;
use super::integrations::{Credentials, Integrations, Posting, Refusal};

impl Integrations<'_> {
    /// Key and secret, and the access token when the first row is one.
    ///
    /// # Errors
    /// When the rows cannot be read, or the integration has no consumer.
    pub fn credentials(&self, integration: &Integration) -> Result<Credentials, Refusal> {
        let consumer = self.consumer(integration)?;
        let access = self
            .storage
            .tokens_of(consumer.id)?
            .into_iter()
            .next()
            .filter(|row| row.kind == TokenKind::Access);
        let (token, token_secret) = access
            .map(|row| (row.token, row.secret))
            .unwrap_or_default();
        Ok(Credentials {
            consumer,
            token,
            token_secret,
        })
    }

    /// `tokensDialog`: tokens at once for an integration without URLs (docs/protocol/flow.md#states-of-an-integration).
    ///
    /// # Errors
    /// When the rows cannot be read or written.
    pub fn issue_tokens(
        &self,
        integration: &Integration,
        reauthorize: bool,
    ) -> Result<Credentials, Refusal> {
        let fresh = self.fresh();
        let consumer = self.consumer(integration)?;
        self.change_tokens(consumer.id, &mut |rows| {
            let mut changes = integration::issue_tokens(rows, reauthorize, fresh.clone());
            if let Some(faults) = self.faults {
                faults.showing(rows, reauthorize, &mut changes);
            }
            changes
        })?;
        self.credentials(integration)
    }

    /// Activates with the access token that is there, or else with one of these values in the place of every other token.
    ///
    /// # Errors
    /// When the rows cannot be read or written.
    pub(super) fn activate_with(
        &self,
        integration: &Integration,
        fresh: &FreshToken,
    ) -> Result<Credentials, Refusal> {
        let consumer = self.consumer(integration)?;
        self.change_tokens(consumer.id, &mut |rows| {
            if rows
                .first()
                .is_some_and(|row| row.kind == TokenKind::Access)
            {
                return vec![Change::SetStatus(integration::Status::Active)];
            }
            let mut changes: Vec<Change> =
                rows.iter().map(|row| Change::RemoveToken(row.id)).collect();
            changes.extend(integration::issue_tokens(&[], false, fresh.clone()));
            changes
        })?;
        self.credentials(integration)
    }

    fn change_tokens(
        &self,
        consumer: i64,
        decide: &mut dyn FnMut(&[Token]) -> Vec<Change>,
    ) -> storage::Result<()> {
        let now = self.clock.now();
        if self.storage.change_tokens(consumer, now, decide)? {
            (self.sweep)()?;
        }
        Ok(())
    }

    /// `tokensExchange`: prepares the rows, then sends the credentials POST and waits for its end (docs/protocol/credentials-post.md). Answers with the
    /// consumer, and with what the app said, which a store does not look at.
    ///
    /// # Errors
    /// [`Refusal::NoAnswer`]; what was prepared stays.
    pub fn exchange_tokens(
        &self,
        integration: &Integration,
        reauthorize: bool,
        posting: Posting<'_>,
    ) -> Result<(Consumer, Response), Refusal> {
        let consumer = self.consumer(integration)?;
        let fresh = self.fresh();
        let mut verifier = Secret::default();
        self.change_tokens(consumer.id, &mut |rows| {
            let mut exchange = integration::exchange_tokens(rows, reauthorize, fresh.clone());
            if let Some(faults) = self.faults {
                faults.exchanging(rows, reauthorize, &mut exchange);
            }
            verifier = exchange.verifier;
            exchange.changes
        })?;
        let post = CredentialsPost {
            endpoint: integration.endpoint.as_deref().unwrap_or_default(),
            consumer_key: &consumer.key,
            consumer_secret: &consumer.secret,
            store_base_url: posting.store_base_url,
            verifier: &verifier,
            client: self.profile.callback_client,
        };
        let answer = match self.faults {
            None => post.send(posting.sender, posting.limits, posting.clock)?,
            Some(faults) => faults.post(&post, &posting)?,
        };
        Ok((consumer, answer))
    }

    fn consumer(&self, integration: &Integration) -> Result<Consumer, Refusal> {
        let id = integration.consumer_id.unwrap_or_default();
        let consumer = self.storage.consumer(id)?;
        consumer.ok_or_else(|| Refusal::Undeclared(integration.name.clone()))
    }

    fn fresh(&self) -> FreshToken {
        fresh_token(self.entropy)
    }
}
