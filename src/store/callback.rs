//! The credentials POST from the store to the app's callback endpoint (spec oauth.md §1.2).
//!
//! The status and the body of the answer are ignored; only the absence of an HTTP answer fails.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

use crate::oauth::CallbackClient;
use crate::secret::Secret;
use crate::storage;
use crate::text::form;
use crate::wire::tls;

use super::Store;

/// Why the app gave no HTTP answer.
#[derive(Debug, thiserror::Error)]
#[error("the callback endpoint `{endpoint}` gave no HTTP answer: {reason}")]
pub struct NoAnswer {
    /// Where it was sent, without query.
    pub endpoint: String,
    /// What went wrong, for the log.
    pub reason: String,
}

/// How long a transfer may take and how many redirects are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the whole transfer.
    pub timeout: Duration,
    /// 0 by default: a redirect is an answer like any other.
    pub redirects: usize,
}

impl Limits {
    /// The limits that the configuration sets: `oauth/consumer/post_timeout` (5 s unless positive) and
    /// `oauth/consumer/post_maxredirects` (0 when negative).
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn configured(store: &Store) -> storage::Result<Self> {
        let seconds = store.positive("oauth/consumer/post_timeout")?;
        let redirects = store.number("oauth/consumer/post_maxredirects")?;
        Ok(Self {
            timeout: Duration::from_secs(u64::try_from(seconds).unwrap_or_default()),
            redirects: usize::try_from(redirects).unwrap_or_default(),
        })
    }
}

/// The four fields and where they go.
#[derive(Clone, Copy, Debug)]
pub struct CredentialsPost<'a> {
    /// The callback URL; its query is kept.
    pub endpoint: &'a str,
    /// `oauth_consumer_key`
    pub consumer_key: &'a str,
    /// `oauth_consumer_secret`
    pub consumer_secret: &'a Secret,
    /// `store_base_url`
    pub store_base_url: &'a str,
    /// `oauth_verifier`
    pub verifier: &'a Secret,
    /// Whose habits the request shows.
    pub client: CallbackClient,
}

impl CredentialsPost<'_> {
    /// Sends it and waits until the answer has come to its end. Blocks; call it outside of async code.
    ///
    /// # Errors
    /// [`NoAnswer`] when there is no complete HTTP answer: refused, no such host, TLS, time-out, closed, garbage, not an `http` URL.
    pub fn send(&self, limits: Limits) -> Result<(), NoAnswer> {
        let failed = |reason: String| NoAnswer {
            endpoint: self
                .endpoint
                .split('?')
                .next()
                .unwrap_or_default()
                .to_owned(),
            reason,
        };
        let url = Url::parse(self.endpoint).map_err(|error| failed(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(error.to_string()))?;
        runtime
            .block_on(self.transfer(url, limits))
            .map_err(|error| failed(cause_of(error.as_ref())))
    }

    async fn transfer(
        &self,
        url: Url,
        limits: Limits,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client(&tls::Trust::System)?.as_ref().clone())
            .http1_title_case_headers()
            .timeout(limits.timeout)
            .redirect(Policy::custom(move |attempt| {
                if attempt.previous().len() > limits.redirects {
                    attempt.stop()
                } else {
                    attempt.follow()
                }
            }))
            .build()?;
        let fields = [
            ("oauth_consumer_key", self.consumer_key),
            ("oauth_consumer_secret", self.consumer_secret.expose()),
            ("store_base_url", self.store_base_url),
            ("oauth_verifier", self.verifier.expose()),
        ];
        let body = form::encode_pairs(fields);
        let mut request = client.post(url.clone());
        // A redirect may lead to another host, whose name only the client knows then.
        if let (0, Some(host)) = (limits.redirects, url.host_str()) {
            let port = url.port().map(|port| format!(":{port}"));
            request = request.header("Host", format!("{host}{}", port.unwrap_or_default()));
        }
        // In the measured order.
        let mut answer = request
            .header("User-Agent", self.client.user_agent())
            .header("Accept", "*/*")
            .headers(self.stray_header(&url))
            .header("Content-Length", body.len())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await?;
        while answer.chunk().await?.is_some() {}
        Ok(())
    }

    /// A measured quirk: the value of `Host` is handed on as a header line of its own, so `127.0.0.1:8090` becomes a header `127.0.0.1`.
    fn stray_header(&self, url: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.client == CallbackClient::Laminas
            && let (Some(host), Some(port)) = (url.host_str(), url.port())
            && let Ok(name) = HeaderName::from_bytes(host.as_bytes())
        {
            headers.insert(name, HeaderValue::from(port));
        }
        headers
    }
}

/// The innermost reason: it names the fault, the outer ones name the URL.
fn cause_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
