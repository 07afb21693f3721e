//! The reference app over real sockets, against a store that is played by wiremock: well or badly behaved.

mod handshake;
mod pages;
mod trouble;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use magespec::app::{self, Event, ExchangeOn, Options, Running};
use magespec::oauth::{self, Dialect, SignatureMethod, SigningKey};
use magespec::random::SeededEntropy;
use magespec::secret::Secret;
use magespec::text::form;
use magespec::time::{FixedClock, UnixTime};
use magespec::wire::tls::Trust;
use magespec::wire::{Client, Headers, Origin, Request, Response, Timeouts};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
const CONSUMER_SECRET: &str = "cccccccccccccccccccccccccccccccc";
const VERIFIER: &str = "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv";
const SECRETS: [&str; 4] = [CONSUMER_SECRET, VERIFIER, "requestsecret", "accesssecret"];

/// An app that stands still at one second, and what it told.
struct TestApp {
    running: Running,
    told: Arc<Mutex<Vec<String>>>,
}

impl TestApp {
    fn start(change: impl FnOnce(&mut Options)) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = Arc::clone(&told);
        let mut options = Options {
            patience: Duration::from_secs(5),
            observer: Arc::new(move |event: &Event| {
                telling
                    .lock()
                    .expect("not poisoned")
                    .push(event.to_string());
            }),
            clock: Arc::new(FixedClock::new(UnixTime(1_700_000_000))),
            entropy: Arc::new(SeededEntropy::new(1)),
            ..Options::default()
        };
        change(&mut options);
        let running = app::start(options).expect("a free port");
        Self { running, told }
    }

    async fn send(&self, method: &str, target: &str, body: &str) -> Response {
        let url = format!("http://{}", self.running.local());
        let (origin, _) = Origin::split(&url).expect("a URL");
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter([("Content-Type", "application/x-www-form-urlencoded")]),
            body: body.as_bytes().to_vec(),
        };
        Client::new(&Trust::System, Timeouts::default())
            .expect("a client")
            .send(&origin, &request)
            .await
            .expect("the app answers")
    }

    /// The credentials POST of a store at `base_url`.
    async fn credentials(&self, base_url: &str) -> Response {
        let body = form::encode_pairs([
            ("oauth_consumer_key", KEY),
            ("oauth_consumer_secret", CONSUMER_SECRET),
            ("store_base_url", base_url),
            ("oauth_verifier", VERIFIER),
        ]);
        self.send("POST", "/callback", &body).await
    }

    async fn login(&self, back: &str) -> Response {
        let body = form::encode_pairs([
            ("oauth_consumer_key", KEY),
            ("success_call_back", back),
            ("username", "merchant"),
            ("password", "open sesame"),
        ]);
        self.send("POST", "/login", &body).await
    }

    async fn status(&self) -> serde_json::Value {
        let text = self.send("GET", "/status", "").await.text();
        serde_json::from_str(&text).expect("JSON")
    }

    /// Everything that the app shows to people and programs.
    async fn shown(&self) -> String {
        let told = self.told.lock().expect("not poisoned").join("\n");
        let dashboard = self.send("GET", "/", "").await.text();
        format!("{told}\n{dashboard}\n{}", self.status().await)
    }

    fn told(&self) -> String {
        let lines = self.told.lock().expect("not poisoned");
        lines.join(
            "
",
        )
    }
}

/// A store that answers its three endpoints with these.
async fn store(
    request_token: ResponseTemplate,
    access_token: ResponseTemplate,
    call: ResponseTemplate,
) -> MockServer {
    let server = MockServer::start().await;
    for (verb, at, answer) in [
        ("POST", "/oauth/token/request", request_token),
        ("POST", "/oauth/token/access", access_token),
        ("GET", "/rest/V1/store/storeViews", call),
    ] {
        Mock::given(method(verb))
            .and(path(at))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    server
}

fn text(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "text/html; charset=UTF-8")
}

fn request_token() -> ResponseTemplate {
    text(
        200,
        "oauth_token=requesttoken&oauth_token_secret=requestsecret",
    )
}

fn access_token() -> ResponseTemplate {
    text(
        200,
        "oauth_token=accesstoken&oauth_token_secret=accesssecret",
    )
}

fn store_views() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw("[]", "application/json")
}

/// The base URL as a store posts it, with its slash.
fn base_url(store: &MockServer) -> String {
    format!("{}/", store.uri())
}

fn without_ports(snapshot: impl FnOnce()) {
    insta::with_settings!({filters => vec![(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT")]}, {
        snapshot();
    });
}
