use serde_json::{Value, json};

use tokio::runtime::Handle;

use crate::secret::Secret;
use crate::wire::{Client, Origin, Request};

/// The control API of a store under test.
#[derive(Clone, Debug)]
pub struct ControlApi {
    origin: Origin,
    token: Option<Secret>,
    client: Client,
    runtime: Handle,
}

/// Why the control API did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// No answer came.
    #[error("the control API does not answer: {0}")]
    Unreachable(#[from] crate::wire::Error),
    /// Its answer was not one of the 200s.
    #[error("the control API answered {status} to {request}: {why}")]
    Refused {
        /// The answer's status.
        status: u16,
        /// Method and path.
        request: String,
        /// Its own words.
        why: String,
    },
    /// The clock's answer has no `now`.
    #[error("the control API gives no time")]
    NoTime,
}

impl ControlApi {
    /// The API at this origin, which wants this token, asked on this runtime.
    #[must_use]
    pub const fn new(
        origin: Origin,
        token: Option<Secret>,
        client: Client,
        runtime: Handle,
    ) -> Self {
        Self {
            origin,
            token,
            client,
            runtime,
        }
    }

    /// One request; the answer's JSON, null when it has none.
    ///
    /// # Errors
    /// When no answer of the 200s comes.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ControlError> {
        let (status, answer) = self.answer(method, path, body)?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        Err(ControlError::Refused {
            status,
            request: format!("{method} {path}"),
            why: answer["error"].as_str().unwrap_or_default().to_owned(),
        })
    }

    fn answer(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), ControlError> {
        let mut request = Request {
            method: method.to_owned(),
            target: path.to_owned(),
            ..Request::default()
        };
        if method != "GET" {
            request.headers.add("Content-Type", "application/json");
        }
        if let Some(token) = &self.token {
            let credentials = format!("Bearer {}", token.expose());
            request.headers.add("Authorization", credentials);
        }
        if let Some(body) = body {
            request.body = body.to_string().into_bytes();
        }
        let response = self
            .runtime
            .block_on(self.client.send(&self.origin, &request))?;
        let json = serde_json::from_slice(&response.body).unwrap_or_default();
        Ok((response.status, json))
    }

    /// A configuration value, none when it is unset.
    #[must_use]
    pub fn configuration(&self, path: &str) -> Option<String> {
        let answer = self.ask("GET", &format!("/v1/config/{path}"), None).ok()?;
        answer["value"].as_str().map(ToOwned::to_owned)
    }

    /// Sets the store's clock.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn set_clock(&self, now: i64) -> Result<(), ControlError> {
        self.ask("POST", "/v1/clock", Some(&json!({"now": now})))
            .map(|_| ())
    }

    /// Sets a configuration value, or with `None` unsets it.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn configure(&self, path: &str, value: Option<&str>) -> Result<(), ControlError> {
        let target = format!("/v1/config/{path}");
        match value {
            Some(value) => self.ask("PUT", &target, Some(&json!({"value": value}))),
            None => self.ask("DELETE", &target, None),
        }
        .map(|_| ())
    }

    /// Sets a configuration value and leaves the store's caches as they are.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn configure_without_flush(&self, path: &str, value: &str) -> Result<(), ControlError> {
        let fields = json!({"value": value, "flush": false});
        self.ask("PUT", &format!("/v1/config/{path}"), Some(&fields))
            .map(|_| ())
    }

    /// Forgets what the store keeps in memory alone.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn restart(&self) -> Result<(), ControlError> {
        self.ask("POST", "/v1/restart", Some(&json!({})))
            .map(|_| ())
    }

    /// Moves the store's clock by `seconds`, and nobody used the panel meanwhile.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn idle(&self, seconds: i64) -> Result<(), ControlError> {
        let fields = json!({"advance": seconds, "idle": true});
        self.ask("POST", "/v1/clock", Some(&fields)).map(|_| ())
    }

    /// Moves the store's clock by `seconds`.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn advance(&self, seconds: i64) -> Result<(), ControlError> {
        self.ask("POST", "/v1/clock", Some(&json!({"advance": seconds})))
            .map(|_| ())
    }

    /// The store's time.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn now(&self) -> Result<i64, ControlError> {
        let answer = self.ask("GET", "/v1/clock", None)?;
        answer["now"].as_i64().ok_or(ControlError::NoTime)
    }

    /// Every integration as the store keeps it.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn integrations(&self) -> Result<Vec<Value>, ControlError> {
        let answer = self.ask("GET", "/v1/integrations", None)?;
        Ok(answer.as_array().cloned().unwrap_or_default())
    }

    /// Has the store take over what its module folders declare now; the sentence of an upgrade that stopped, none when it ran through.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn apply_modules(&self) -> Result<Option<String>, ControlError> {
        let (status, answer) = self.answer("POST", "/v1/modules/apply", None)?;
        let stopped = !(200..300).contains(&status);
        Ok(stopped.then(|| answer["error"].as_str().unwrap_or_default().to_owned()))
    }

    /// Deletes an integration, also one that a module declared.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn delete_integration(&self, id: &str) -> Result<(), ControlError> {
        let target = format!("/v1/integrations/{id}");
        self.ask("DELETE", &target, None).map(|_| ())
    }

    /// The integration as the store keeps it.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn integration(&self, id: &str) -> Result<Value, ControlError> {
        self.ask("GET", &format!("/v1/integrations/{id}"), None)
    }

    /// Sets an integration's status.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn set_status(&self, id: &str, status: u8) -> Result<(), ControlError> {
        let target = format!("/v1/integrations/{id}");
        self.ask("PATCH", &target, Some(&json!({"status": status})))
            .map(|_| ())
    }

    /// Sets the `revoked` flag of a token.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub fn revoke(&self, token: &str) -> Result<(), ControlError> {
        self.ask("POST", &format!("/v1/tokens/{token}/revoke"), None)
            .map(|_| ())
    }
}
