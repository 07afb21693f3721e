//! The client side: the verifier becomes a request token, that an access token, and one signed call shows that it works.

use std::sync::Arc;

use reqwest::{Client, Method};
use url::Url;

use super::book::{Book, ConnectedStore, Progress, TokenPair};
use super::trouble::shown;
use super::{Error, Options, Step, Trouble};
use crate::oauth::{Request, Signer, SigningKey};
use crate::random;
use crate::secret::Secret;
use crate::text::form;
use crate::wire::tls;

/// Most bytes of a store's answer that are read.
const MOST_ANSWER: usize = 4 * 1024 * 1024;

/// Characters of a nonce.
const NONCE_LENGTH: usize = 32;

/// What a request is signed with beside the consumer's credentials.
#[derive(Clone, Copy)]
struct Signing<'a> {
    token: Option<&'a TokenPair>,
    verifier: Option<&'a Secret>,
}

/// Speaks to stores.
pub(super) struct Exchanger {
    client: Client,
    options: Arc<Options>,
}

impl Exchanger {
    pub(super) fn new(options: Arc<Options>) -> Result<Self, Error> {
        let tls = tls::client(&options.trust)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls.as_ref().clone())
            .redirect(reqwest::redirect::Policy::none())
            .timeout(options.patience)
            .user_agent(concat!("magespec-app/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, options })
    }

    /// Goes from where the store's tokens are to an access token and the first signed call. `report` is told of each step.
    ///
    /// A second run after success does nothing but the call; a run after a failure begins at the step that failed.
    pub(super) async fn run(
        &self,
        book: &Book,
        store: &ConnectedStore,
        report: impl Fn(Step, &Result<String, Trouble>),
    ) -> Result<(), Trouble> {
        let told = |step, result: Result<String, Trouble>| {
            report(step, &result);
            result.map(drop)
        };
        let key = &store.credentials.consumer_key;
        let mut progress = store.progress.clone();
        loop {
            let (step, next) = match &progress {
                Progress::Verifier => {
                    let pair = self.request_token(store).await;
                    (Step::RequestToken, pair.map(Progress::Request))
                }
                Progress::Request(request) => {
                    let pair = self.access_token(store, request).await;
                    (Step::AccessToken, pair.map(Progress::Access))
                }
                Progress::Access(access) => {
                    return told(Step::FirstCall, self.first_call(store, access).await);
                }
            };
            let kept = next.and_then(|next| {
                book.advance(key, store.posts, next.clone())
                    .then_some(next)
                    .ok_or(Trouble::Overtaken)
            });
            match kept {
                Ok(next) => {
                    told(step, Ok(String::new()))?;
                    progress = next;
                }
                Err(trouble) => return told(step, Err(trouble)),
            }
        }
    }

    async fn request_token(&self, store: &ConnectedStore) -> Result<TokenPair, Trouble> {
        let signing = Signing {
            token: None,
            verifier: None,
        };
        self.token(store, "oauth/token/request", "the request token", signing)
            .await
    }

    async fn access_token(
        &self,
        store: &ConnectedStore,
        request: &TokenPair,
    ) -> Result<TokenPair, Trouble> {
        let signing = Signing {
            token: Some(request),
            verifier: Some(&store.credentials.verifier),
        };
        self.token(store, "oauth/token/access", "the access token", signing)
            .await
    }

    async fn token(
        &self,
        store: &ConnectedStore,
        path: &str,
        what: &'static str,
        signing: Signing<'_>,
    ) -> Result<TokenPair, Trouble> {
        let url = below(&store.credentials.store_base_url, path);
        let (status, body) = self.send(store, Method::POST, &url, signing).await?;
        if status != 200 {
            return Err(refused(what, status, &body));
        }
        let value = |name: &str| {
            form::pairs(&body)
                .find(|(other, value)| other == name && !value.is_empty())
                .map(|(_, value)| value)
        };
        match (value("oauth_token"), value("oauth_token_secret")) {
            (Some(token), Some(secret)) => Ok(TokenPair {
                token,
                secret: Secret::from(secret),
            }),
            _ => Err(Trouble::Garbage {
                what,
                url: url.to_string(),
                beginning: shown(&body),
            }),
        }
    }

    async fn first_call(
        &self,
        store: &ConnectedStore,
        access: &TokenPair,
    ) -> Result<String, Trouble> {
        let url = below(&store.credentials.store_base_url, &self.options.call);
        let signing = Signing {
            token: Some(access),
            verifier: None,
        };
        let (status, body) = self.send(store, Method::GET, &url, signing).await?;
        if status != 200 {
            return Err(refused("the signed call", status, &body));
        }
        serde_json::from_str::<serde::de::IgnoredAny>(&body).map_err(|_| Trouble::NotJson {
            url: url.to_string(),
            beginning: shown(&body),
        })?;
        Ok(format!(
            "GET {} answers 200, {} bytes of JSON",
            url.path(),
            body.len()
        ))
    }

    /// Sends a signed request; gives status and body.
    async fn send(
        &self,
        store: &ConnectedStore,
        method: Method,
        url: &Url,
        signing: Signing<'_>,
    ) -> Result<(u16, String), Trouble> {
        let authorization = self.sign(store, &method, url, signing)?;
        let failed = |error: reqwest::Error| self.failure(url, &error);
        let mut response = self
            .client
            .request(method, url.clone())
            .header("Authorization", authorization)
            .header("Accept", "application/json")
            .send()
            .await
            .map_err(failed)?;
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
        let status = response.status().as_u16();
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    fn sign(
        &self,
        store: &ConnectedStore,
        method: &Method,
        url: &Url,
        signing: Signing<'_>,
    ) -> Result<String, Trouble> {
        let credentials = &store.credentials;
        let no_secret = Secret::default();
        let token_secret = signing.token.map_or(&no_secret, |pair| &pair.secret);
        let key = SigningKey::new(&credentials.consumer_secret, token_secret);
        let nonce = random::text(self.options.entropy.as_ref(), NONCE_LENGTH);
        let signer = Signer {
            dialect: self.options.profile.dialect,
            method: self.options.method,
            consumer_key: &credentials.consumer_key,
            token: signing.token.map(|pair| pair.token.as_str()),
            key: &key,
            verifier: signing.verifier.map(Secret::expose),
            nonce: &nonce,
            timestamp: self.options.clock.now(),
        };
        let host = authority(url);
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let request = Request {
            method: method.as_str(),
            scheme: url.scheme(),
            host: &host,
            target: &target,
            ..Request::default()
        };
        signer
            .authorization(&request)
            .map_err(|error| Trouble::Unsignable {
                url: url.to_string(),
                reason: error.to_string(),
            })
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

fn refused(what: &'static str, status: u16, body: &str) -> Trouble {
    Trouble::Refused {
        what,
        status,
        sentence: said(body),
    }
}

/// What a refusal says: `oauth_problem` of a form, `message` of a JSON object with its parameters filled in, or how the body begins.
fn said(body: &str) -> String {
    if let Some((_, problem)) = form::pairs(body).find(|(name, _)| name == "oauth_problem") {
        return shown(&problem);
    }
    let json: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = json
        .as_ref()
        .and_then(|json| json.get("message")?.as_str())
        .map(|message| fill(message, json.as_ref()));
    let sentence = message.unwrap_or_else(|| body.to_owned());
    if sentence.trim().is_empty() {
        return "without a reason; check the store's base URL and its log".to_owned();
    }
    shown(&sentence)
}

/// `message` with `%name` replaced by the parameter of that name.
fn fill(message: &str, json: Option<&serde_json::Value>) -> String {
    let parameters = json.and_then(|json| json.get("parameters")?.as_object());
    let mut filled = message.to_owned();
    for (name, value) in parameters.into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        filled = filled.replace(&format!("%{name}"), &value);
    }
    filled
}

/// The URL of `path` below a base URL that ends in a slash.
fn below(base: &Url, path: &str) -> Url {
    let path = path.trim_start_matches('/');
    Url::parse(&format!("{base}{path}")).unwrap_or_else(|_| base.clone())
}

/// The `Host` header that goes with `url`.
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
