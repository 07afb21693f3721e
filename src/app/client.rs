//! Signed requests to stores, and how the app reacts to what they answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::fmt::rfc2822;
use reqwest::{Client as Http, Method, RequestBuilder, Response};
use url::Url;

use super::address::Resolver;
use super::book::TokenPair;
use super::defects::Faults;
use super::defects::faults::{Outgoing, Writing, right_key};
use super::journal::{Journal, SentRequest};
use super::refusal::said;
use super::trouble::shown;
use super::{Credentials, Error, Options, Trouble};
use crate::oauth::{Request, SignedHeader};
use crate::random;
use crate::secret::Secret;
use crate::wire::tls;

/// Most bytes of a store's answer that are read.
const MOST_ANSWER: usize = 4 * 1024 * 1024;

/// Characters of a nonce.
const NONCE_LENGTH: usize = 32;

/// Times that one request is sent at most, with a new signature each.
const MOST_TRIES: u32 = 3;

/// Longest wait that a store may ask for between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Seconds by which a store's clock may be off before it is mentioned.
const CLOCK_SLACK: i64 = 300;

/// What a request is signed with beside the consumer's credentials.
#[derive(Clone, Copy, Default)]
pub(super) struct Signing<'a> {
    pub(super) token: Option<&'a TokenPair>,
    pub(super) verifier: Option<&'a Secret>,
}

/// What a store answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    /// Seconds that the store's clock is ahead of the app's, by its `Date`.
    ahead: i64,
    retry_after: Option<Duration>,
}

impl Answer {
    /// What a refusal says, with the clock when that is the likely cause.
    pub(super) fn refused(&self, what: &'static str) -> Trouble {
        let mut sentence = said(&self.body);
        if sentence.contains("validating the nonce") && self.ahead.abs() > CLOCK_SLACK {
            let side = if self.ahead < 0 { "behind" } else { "ahead of" };
            let minutes = self.ahead.abs() / 60;
            sentence = format!(
                "{sentence} (the store's clock is {minutes} minutes {side} this app's: set both right)"
            );
        }
        Trouble::Refused {
            what,
            status: self.status,
            sentence,
        }
    }
}

/// Speaks to stores.
pub(super) struct Client {
    http: Http,
    options: Arc<Options>,
    journal: Arc<Journal>,
    faults: Arc<Faults>,
}

impl Client {
    pub(super) fn new(
        options: Arc<Options>,
        journal: Arc<Journal>,
        faults: Arc<Faults>,
    ) -> Result<Self, Error> {
        let tls = tls::client(&options.trust)?;
        let http = Http::builder()
            .tls_backend_preconfigured(tls.as_ref().clone())
            .redirect(reqwest::redirect::Policy::none())
            .timeout(options.patience)
            // A store that closes a connection while the next request is on its way would lose it, and a token request is not sent twice.
            .pool_max_idle_per_host(0)
            .dns_resolver(Resolver::shared(options.networks))
            .user_agent(concat!("magespec-app/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            options,
            journal,
            faults,
        })
    }

    /// Sends a request again, newly signed, when the store is busy or a nonce collided; at most three times.
    pub(super) async fn patiently(
        &self,
        credentials: &Credentials,
        method: Method,
        url: &Url,
        signing: Signing<'_>,
    ) -> Result<Answer, Trouble> {
        let mut tries = 1;
        loop {
            let answer = self.send(credentials, method.clone(), url, signing).await?;
            let wait = match answer.status {
                429 | 503 => answer.retry_after.unwrap_or(Duration::from_secs(1)),
                401 if tries == 1 && answer.body.contains("nonce is already being used") => {
                    Duration::ZERO
                }
                401 if tries < self.storm() => {
                    tries += 1;
                    continue;
                }
                _ => return Ok(answer),
            };
            if tries == MOST_TRIES || wait > LONGEST_WAIT {
                return Ok(answer);
            }
            tries += 1;
            tokio::time::sleep(wait).await;
        }
    }

    /// How often a refused call is sent again at once: never, unless a defect does.
    fn storm(&self) -> u32 {
        u32::try_from(self.faults.storm).unwrap_or_default()
    }

    /// Sends a request once: for the token endpoints, where a second one may spend what the first one made.
    pub(super) async fn send(
        &self,
        credentials: &Credentials,
        method: Method,
        url: &Url,
        signing: Signing<'_>,
    ) -> Result<Answer, Trouble> {
        let authorization = self.sign(credentials, &method, url, signing)?;
        let (at, start) = (self.options.clock.now(), Instant::now());
        let answered = self.answer(method.clone(), url, &authorization).await;
        let (status, sentence) = match &answered {
            Ok(answer) if answer.status == 200 => (Some(200), String::new()),
            Ok(answer) => (Some(answer.status), said(&answer.body)),
            Err(trouble) => (None, trouble.to_string()),
        };
        let explanation = if status == Some(401) {
            self.explained(credentials, &method, url, &authorization, signing)
        } else {
            None
        };
        self.journal.add(SentRequest {
            at,
            consumer_key: credentials.consumer_key.clone(),
            method: method.to_string(),
            url: shown(url.as_str()),
            status,
            took: start.elapsed(),
            sentence,
            explanation,
        });
        answered
    }

    async fn answer(
        &self,
        method: Method,
        url: &Url,
        authorization: &str,
    ) -> Result<Answer, Trouble> {
        let failed = |error: reqwest::Error| self.failure(url, &error);
        let request = self.request(method, url, authorization);
        let mut response = request.send().await.map_err(failed)?;
        if self.faults.follows
            && let Some(place) = header(&response, "location")
            && let Ok(next) = url.join(place)
        {
            let again = self.http.get(next).header("Authorization", authorization);
            response = again.send().await.map_err(failed)?;
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_ANSWER {
                return Err(Trouble::NoAnswer {
                    url: url.to_string(),
                    reason: format!("it sends more than {MOST_ANSWER} bytes"),
                });
            }
        }
        Ok(Answer {
            status: response.status().as_u16(),
            body: String::from_utf8_lossy(&body).into_owned(),
            ahead: self.ahead(&response),
            retry_after: header(&response, "retry-after")
                .and_then(|seconds| seconds.trim().parse().ok())
                .map(Duration::from_secs),
        })
    }

    fn ahead(&self, response: &Response) -> i64 {
        let date = header(response, "date");
        let told = date.and_then(|date| rfc2822::parse(&date.replace("GMT", "+0000")).ok());
        told.map_or(0, |told| {
            told.timestamp().as_second() - self.options.clock.now().0
        })
    }

    /// The header of a request, which a defect may sign otherwise.
    fn sign(
        &self,
        credentials: &Credentials,
        method: &Method,
        url: &Url,
        signing: Signing<'_>,
    ) -> Result<String, Trouble> {
        let mut writing = Writing {
            faults: &self.faults,
            credentials,
            token: signing.token.cloned(),
            verifier: signing.verifier.cloned(),
            method: self.options.method,
            key: None,
            nonce: random::text(self.options.entropy.as_ref(), NONCE_LENGTH),
            timestamp: self.options.clock.now(),
            url: url.clone(),
            unsigned: String::new(),
        };
        for change in &self.faults.signing {
            change(&mut writing);
        }
        let right = right_key(credentials, writing.token.as_ref());
        let signer = SignedHeader {
            dialect: self.options.profile.dialect,
            method: writing.method,
            consumer_key: &credentials.consumer_key,
            token: writing.token.as_ref().map(|pair| pair.token.as_str()),
            key: writing.key.as_ref().unwrap_or(&right),
            verifier: writing.verifier.as_ref().map(Secret::expose),
            nonce: &writing.nonce,
            timestamp: writing.timestamp,
        };
        let header = signer.authorization(&signed(method, &writing.url, &parts(&writing.url)));
        let header = header.map_err(|error| Trouble::Unsignable {
            url: url.to_string(),
            reason: error.to_string(),
        })?;
        Ok(header + &writing.unsigned)
    }

    /// A request, which a defect may send otherwise.
    fn request(&self, method: Method, url: &Url, authorization: &str) -> RequestBuilder {
        let mut outgoing = Outgoing {
            method,
            url: url.clone(),
            authorization: Some(authorization.to_owned()),
            body: String::new(),
        };
        for change in &self.faults.sending {
            change(&mut outgoing);
        }
        let is_post = outgoing.method == Method::POST;
        let mut request = self.http.request(outgoing.method, outgoing.url);
        if let Some(authorization) = outgoing.authorization {
            request = request.header("Authorization", authorization);
        }
        if !outgoing.body.is_empty() {
            request = request
                .header("Content-Type", "application/json")
                .body(outgoing.body);
        } else if is_post {
            // Some proxies answer 411 to a POST that does not say that it has no body.
            request = request.header("Content-Length", "0");
        }
        request.header("Accept", "application/json")
    }

    fn explained(
        &self,
        credentials: &Credentials,
        method: &Method,
        url: &Url,
        authorization: &str,
        signing: Signing<'_>,
    ) -> Option<String> {
        let explain = self.options.explain.as_ref()?;
        let parts = parts(url);
        let request = Request {
            authorization: Some(authorization),
            ..signed(method, url, &parts)
        };
        let no_secret = Secret::default();
        let token_secret = signing.token.map_or(&no_secret, |pair| &pair.secret);
        explain(&request, &credentials.consumer_secret, token_secret)
    }

    fn failure(&self, url: &Url, error: &reqwest::Error) -> Trouble {
        if error.is_timeout() {
            return Trouble::TooSlow {
                url: url.to_string(),
                seconds: self.options.patience.as_secs(),
            };
        }
        let mut reason: &dyn std::error::Error = error;
        while let Some(source) = reason.source() {
            reason = source;
        }
        Trouble::NoAnswer {
            url: url.to_string(),
            reason: shown(&reason.to_string()),
        }
    }
}

/// The request to be signed; `parts` are its host and target.
fn signed<'a>(method: &'a Method, url: &'a Url, parts: &'a (String, String)) -> Request<'a> {
    Request {
        method: method.as_str(),
        scheme: url.scheme(),
        host: &parts.0,
        target: &parts.1,
        ..Request::default()
    }
}

/// The `Host` field and the request target that go with a URL.
fn parts(url: &Url) -> (String, String) {
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    (authority(url), target)
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

/// The URL of `path` below a base URL that ends in a slash.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let path = path.trim_start_matches('/');
    Url::parse(&format!("{base}{path}")).unwrap_or_else(|_| base.clone())
}

/// The `Host` header that goes with `url`.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
