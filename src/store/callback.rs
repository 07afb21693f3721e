//! The credentials POST from the store to the app's callback endpoint.
//!
//! The status and the body of the answer are ignored; only the absence of an HTTP answer fails. The bytes are those of the profile's client.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use url::Url;

use crate::oauth::{CallbackClient, PostField};
use crate::secret::Secret;
use crate::storage;
use crate::text::form;
use crate::time::MovableClock;
use crate::wire::{self, Blocking, Client, Origin, Response, Scheme, Timeouts};

use super::Store;

/// The whole transfer has a limit of its own, which the configuration sets.
pub(super) const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::MAX,
    answer: Duration::MAX,
};

/// Why the app gave no HTTP answer.
#[derive(Debug, thiserror::Error)]
#[error("the callback endpoint `{endpoint}` gave no HTTP answer: {reason}")]
pub struct NoAnswer {
    /// Where it was sent, without query.
    pub endpoint: String,
    /// What went wrong, for the log.
    pub reason: String,
    /// Whether nothing listens there.
    pub nobody: bool,
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
    /// Sends it and waits until the answer has come to its end, or too much time has passed by the store's clock; a store does not look
    /// at it. Blocks; call it outside of async code.
    ///
    /// # Errors
    /// [`NoAnswer`] when there is no complete HTTP answer: refused, no such host, TLS, time-out, closed, garbage, not an `http` URL.
    pub fn send(
        &self,
        sender: &Blocking,
        limits: Limits,
        clock: &MovableClock,
    ) -> Result<Response, NoAnswer> {
        self.letter().send(sender, limits, clock)
    }

    /// What goes over the wire.
    pub(super) fn letter(&self) -> Letter {
        Letter {
            endpoint: self.endpoint.to_owned(),
            method: "POST",
            media: "application/x-www-form-urlencoded",
            fields: vec![
                ("oauth_consumer_key", self.consumer_key.to_owned()),
                (
                    "oauth_consumer_secret",
                    self.consumer_secret.expose().to_owned(),
                ),
                ("store_base_url", self.store_base_url.to_owned()),
                ("oauth_verifier", self.verifier.expose().to_owned()),
            ],
            encoded: true,
            client: self.client,
            headers: Vec::new(),
            resent: |status| matches!(status, 307 | 308),
            success: |_| true,
            copies: 1,
        }
    }
}

/// A credentials POST as it goes over the wire.
pub(super) struct Letter {
    pub(super) endpoint: String,
    pub(super) method: &'static str,
    pub(super) media: &'static str,
    pub(super) fields: Vec<(&'static str, String)>,
    /// The values are form-encoded.
    pub(super) encoded: bool,
    pub(super) client: CallbackClient,
    /// Fields beside those of the client.
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether a redirect of this status, where it is followed, gets the form as well (measured 2.4.7-p3).
    pub(super) resent: fn(u16) -> bool,
    /// Whether an answer of this status is one.
    pub(super) success: fn(u16) -> bool,
    /// How often it is sent.
    pub(super) copies: usize,
}

impl Letter {
    pub(super) fn send(
        &self,
        sender: &Blocking,
        limits: Limits,
        clock: &MovableClock,
    ) -> Result<Response, NoAnswer> {
        let endpoint = self.endpoint.split('?').next().unwrap_or_default();
        let failed = |reason: String| NoAnswer {
            endpoint: endpoint.to_owned(),
            reason,
            nobody: false,
        };
        let silent = |error: wire::Error| NoAnswer {
            nobody: error.finds_nobody(),
            ..failed(reason_of(error))
        };
        let url = Url::parse(&self.endpoint).map_err(|error| failed(error.to_string()))?;
        let late = || format!("it took longer than {} s", limits.timeout.as_secs());
        let waited = sender.wait(async |client| {
            let transfer = self.transfer(&client, url, limits.redirects);
            tokio::select! {
                biased;
                answer = transfer => Some(answer),
                () = passed(limits.timeout, clock) => None,
            }
        });
        let answer = waited
            .map_err(silent)?
            .ok_or_else(|| failed(late()))?
            .map_err(silent)?;
        if !(self.success)(answer.status) {
            return Err(failed(told(&answer)));
        }
        if !(200..300).contains(&answer.status) {
            let why = told(&answer);
            tracing::warn!(endpoint, status = answer.status, why, "credentials POST");
        }
        Ok(answer)
    }

    /// The POST, then the redirects that may be followed; the last answer counts.
    async fn transfer(
        &self,
        client: &Client,
        mut url: Url,
        redirects: usize,
    ) -> Result<Response, wire::Error> {
        let mut method = self.method;
        let mut followed = 0;
        loop {
            let origin = origin_of(&url)?;
            let body = if method == self.method {
                self.body()
            } else {
                String::new()
            };
            let bytes = self.request(method, &origin, &url, &body);
            let answer = client.send_raw(&origin, &bytes, method).await?;
            let next = redirect(&answer, &url).filter(|_| followed < redirects);
            let Some(next) = next else {
                return Ok(answer);
            };
            if !(self.resent)(answer.status) {
                method = "GET";
            }
            url = next;
            followed += 1;
        }
    }

    fn body(&self) -> String {
        let pairs = self.fields.iter();
        if self.encoded {
            return form::encode_pairs(pairs.map(|(name, value)| (*name, value.as_str())));
        }
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    }

    fn request(&self, method: &str, origin: &Origin, url: &Url, body: &str) -> Vec<u8> {
        let query = url.query().map(|query| format!("?{query}"));
        let target = format!("{}{}", url.path(), query.unwrap_or_default());
        let host = origin.authority();
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        for field in self.client.fields() {
            let line = match field {
                PostField::Fixed(name, value) => format!("{name}: {value}"),
                PostField::Host => format!("Host: {host}"),
                PostField::HostAsLine if host.contains(':') => host.clone(),
                PostField::ContentLength if !body.is_empty() => {
                    format!("Content-Length: {}", body.len())
                }
                PostField::ContentType if !body.is_empty() => {
                    format!("Content-Type: {}", self.media)
                }
                _ => continue,
            };
            let _ = write!(head, "{line}\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        format!("{head}\r\n{body}").into_bytes()
    }
}

/// How often a clock is looked at that may be moved meanwhile.
const GLANCE: Duration = Duration::from_millis(20);

/// Waits until so much time has passed by the store's clock.
async fn passed(limit: Duration, clock: &MovableClock) {
    let (began, lead) = (Instant::now(), clock.offset());
    loop {
        let moved = u64::try_from(clock.offset().saturating_sub(lead)).unwrap_or_default();
        let gone = began.elapsed().saturating_add(Duration::from_secs(moved));
        let left = limit.saturating_sub(gone);
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(GLANCE)).await;
    }
}

fn origin_of(url: &Url) -> Result<Origin, wire::Error> {
    let wrong = |reason| wire::Error::Url {
        url: url.to_string(),
        reason,
    };
    let scheme = [Scheme::Http, Scheme::Https]
        .into_iter()
        .find(|scheme| scheme.name() == url.scheme())
        .ok_or_else(|| wrong("its scheme is neither http nor https"))?;
    let host = url.host_str().ok_or_else(|| wrong("it has no host"))?;
    Ok(Origin {
        scheme,
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(scheme.default_port()),
    })
}

/// Where an answer sends on to. What is no `http` URL is taken for a path (measured 2.4.7-p3).
fn redirect(answer: &Response, url: &Url) -> Option<Url> {
    if !matches!(answer.status, 301..=303 | 307 | 308) {
        return None;
    }
    let location = answer.headers.first("Location")?;
    let absolute = |url: &Url| matches!(url.scheme(), "http" | "https");
    match url.join(location).ok().filter(absolute) {
        Some(next) => Some(next),
        None => url.join(&format!("./{location}")).ok(),
    }
}

/// What a store hides and a developer looks for.
fn told(answer: &Response) -> String {
    let status = answer.status;
    let seen = match answer.headers.first("Location") {
        Some(location) if (300..400).contains(&status) => {
            let place = location.split('?').next().unwrap_or_default();
            format!("{status} to {}", place.escape_debug())
        }
        _ => status.to_string(),
    };
    let then = if (300..400).contains(&status) {
        "a store does not follow it and takes it for success: give the endpoint's last URL"
    } else {
        "a store takes it for success and tells nobody: look into the app's log"
    };
    format!("the callback endpoint answered {seen}; {then}")
}

/// Without the query of the URL, and without the advice that is for a client's flags.
fn reason_of(error: wire::Error) -> String {
    match error {
        wire::Error::Url { reason, .. } => reason.to_owned(),
        wire::Error::Tls { reason, .. } => {
            format!("{reason}; SSL_CERT_FILE names the certificates that the store trusts")
        }
        other => other.to_string(),
    }
}
