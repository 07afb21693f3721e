//! Good requests, for a case to change.

use crate::secret::Secret;

use super::Lab;
use super::pool::Integration;
use crate::conformance::probe::{CASE_HEADER, USER_AGENT};
use crate::conformance::probe::{Draft, Step};
use crate::conformance::result::Stop;

impl Lab<'_> {
    /// A good E1 of a fresh verifier.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn e1(&self) -> Result<Draft, Stop> {
        Ok(self.token_request(&self.verified()?))
    }

    /// A good E2 of a fresh request token.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn e2(&self) -> Result<Draft, Stop> {
        Ok(self.token_access(&self.requested()?))
    }

    /// A good GET of [`Lab::protected`] by the shared active integration.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn call(&self) -> Result<Draft, Stop> {
        Ok(self.rest(&self.active()?))
    }

    /// A good E1 of this integration.
    #[must_use]
    pub fn token_request(&self, integration: &Integration) -> Draft {
        let mut draft = self.draft(
            Step::RequestToken,
            "POST",
            "/oauth/token/request",
            integration,
        );
        draft.secrets(&integration.secret, &Secret::default());
        draft
    }

    /// A good E2 of this integration.
    #[must_use]
    pub fn token_access(&self, integration: &Integration) -> Draft {
        let mut draft = self.draft(
            Step::AccessToken,
            "POST",
            "/oauth/token/access",
            integration,
        );
        draft
            .set("oauth_token", &integration.request.value)
            .set("oauth_verifier", integration.verifier.expose())
            .secrets(&integration.secret, &integration.request.secret);
        draft
    }

    /// A good GET of [`Lab::protected`] by this integration.
    #[must_use]
    pub fn rest(&self, integration: &Integration) -> Draft {
        self.rest_at(integration, self.protected())
    }

    /// A good GET of a REST path by this integration. A query in it is sent, but not signed.
    #[must_use]
    pub fn rest_at(&self, integration: &Integration, path: &str) -> Draft {
        let mut draft = self.draft(Step::Rest, "GET", path, integration);
        draft
            .set("oauth_token", &integration.access.value)
            .secrets(&integration.secret, &integration.access.secret)
            .header("Accept", "application/json");
        draft
    }

    /// A REST request without any credentials.
    #[must_use]
    pub fn guest(&self, method: &str, path: &str) -> Draft {
        let target = &self.run.target();
        let mut draft = Draft::new(Step::Rest, method, &self.origin(), &target.prefix, path);
        draft
            .header("Accept", "application/json")
            .header("User-Agent", USER_AGENT)
            .header(CASE_HEADER, self.case)
            .unsigned();
        draft
    }

    fn draft(&self, step: Step, method: &str, path: &str, integration: &Integration) -> Draft {
        let prefix = &self.run.target().prefix;
        let mut draft = Draft::new(step, method, &self.origin(), prefix, path);
        draft
            .set("oauth_consumer_key", &integration.key)
            .set("oauth_signature_method", "HMAC-SHA256")
            .set("oauth_nonce", &self.nonce())
            .set("oauth_timestamp", &self.now().to_string())
            .set("oauth_version", "1.0")
            .header("User-Agent", USER_AGENT)
            .header(CASE_HEADER, self.case);
        draft
    }

    /// Scheme, host and port of the store.
    #[must_use]
    pub fn origin(&self) -> String {
        self.run.target().origin.to_string()
    }
}
