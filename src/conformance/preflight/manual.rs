use std::time::{Duration, Instant};

use crate::random;
use crate::secret::Secret;

use super::PreflightError;
use crate::conformance::lab::Integration;
use crate::conformance::lab::Lab;
use crate::conformance::lab::Run;
use crate::conformance::peer::{Behaviour, CredentialsPost};
use crate::conformance::target::Credentials;

/// An integration that a person makes by hand: what has to be typed into the panel, so that the store's credentials POST comes here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its name, `magespec-…`.
    pub name: String,
    /// Its callback URL.
    pub callback: String,
    /// Its identity link URL.
    pub identity: String,
}

impl Invitation {
    /// A new one; its paths at the callback endpoint answer from now on.
    ///
    /// # Errors
    /// When the suite has no callback endpoint.
    pub fn new(run: &Run) -> Result<Self, PreflightError> {
        let listener = run.listener.as_ref().ok_or_else(|| {
            PreflightError::Configuration(
                "the suite has no callback endpoint; give --listen".to_owned(),
            )
        })?;
        let name = format!("magespec-{}", random::text(run.entropy.as_ref(), 12));
        let page = format!("{name}/identity");
        listener.behave(&page, Behaviour::Welcome);
        Ok(Self {
            callback: listener.url(&name),
            identity: listener.url(&page),
            name,
        })
    }

    /// Waits for the credentials POST and exchanges what came for an access token. `waiting` is called about once a second with the time
    /// that has passed.
    ///
    /// # Errors
    /// When no POST comes in time, or the store refuses the exchange.
    pub fn accepted(
        &self,
        run: &Run,
        patience: Duration,
        mut waiting: impl FnMut(Duration),
    ) -> Result<(Credentials, CredentialsPost), PreflightError> {
        let began = Instant::now();
        let post = loop {
            let passed = began.elapsed();
            let left = patience.saturating_sub(passed);
            if left.is_zero() {
                return Err(PreflightError::Configuration(format!(
                    "no credentials POST came to {} within {} s: check that the store reaches it (--listen and --public-url), or allow more time with --patience",
                    self.callback,
                    patience.as_secs()
                )));
            }
            waiting(passed);
            let listener = run.listener.as_ref();
            let step = left.min(Duration::from_secs(1));
            let posted = listener.and_then(|listener| listener.wait(&self.name, 0, step));
            if let Some(post) = posted {
                break post;
            }
        };
        let mut integration = Integration {
            name: self.name.clone(),
            key: post.field("oauth_consumer_key"),
            secret: Secret::new(post.field("oauth_consumer_secret")),
            verifier: Secret::new(post.field("oauth_verifier")),
            ..Integration::default()
        };
        let lab = Lab::new(run, "manual");
        let exchanged = lab
            .obtain_request_token(&mut integration)
            .and_then(|()| lab.obtain_access_token(&mut integration))
            .map_err(|stop| {
                PreflightError::Configuration(format!(
                    "the credentials POST came, but the exchange for an access token failed: {}",
                    lab.clean(&stop.to_string())
                ))
            });
        lab.finish(true);
        exchanged?;
        let credentials = Credentials {
            consumer_key: integration.key,
            consumer_secret: integration.secret,
            token: integration.access.value,
            token_secret: integration.access.secret,
        };
        Ok((credentials, post))
    }
}
