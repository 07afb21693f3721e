//! The reference app over real sockets, against a store that is played by wiremock: well or badly behaved.

mod handshake;
mod kept;
mod pages;
mod strangers;
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
        self.send_on("", method, target, body).await
    }

    /// Sends as a browser that has this cookie.
    async fn send_on(&self, cookie: &str, method: &str, target: &str, body: &str) -> Response {
        let url = format!("http://{}", self.running.local());
        let (origin, _) = Origin::split(&url).expect("a URL");
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter([
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", cookie),
            ]),
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

    /// A browser's cookie and the token of the form on this page.
    async fn browser(&self, page: &str) -> (String, String) {
        let response = self.send("GET", page, "").await;
        let cookie = response.headers.first("Set-Cookie").unwrap_or_default();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let text = response.text();
        let token = text.split_once("name=\"form_token\" value=\"");
        let token = token.and_then(|(_, rest)| rest.split('"').next());
        (cookie, token.unwrap_or_default().to_owned())
    }

    /// Opens the identity link in a new browser and signs in.
    async fn login(&self, back: &str) -> Response {
        self.login_as("merchant", "open sesame", back).await
    }

    async fn login_as(&self, user: &str, password: &str, back: &str) -> Response {
        let (cookie, token) = self.browser("/sign-in").await;
        let body = form::encode_pairs([
            ("oauth_consumer_key", KEY),
            ("success_call_back", back),
            ("form_token", token.as_str()),
            ("username", user),
            ("password", password),
        ]);
        self.send_on(&cookie, "POST", "/login", &body).await
    }

    async fn status(&self) -> serde_json::Value {
        let text = self.send("GET", "/status", "").await.text();
        serde_json::from_str(&text).expect("JSON")
    }

    /// What `/status` says of the store of this key.
    async fn store(&self, key: &str) -> serde_json::Value {
        let status = self.status().await;
        let stores = status["stores"].as_array().expect("a list").clone();
        let mut stores = stores.into_iter();
        stores
            .find(|store| store["consumer_key"] == key)
            .unwrap_or_default()
    }

    async fn until_state(&self, key: &str, state: &str) {
        for _ in 0..200 {
            let store = self.store(key).await;
            let called = store["steps"][4]["outcome"] != "pending";
            if store["state"] == state && (called || state != "connected") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{key} is not {state}: {}", self.told());
    }

    /// Presses a button of the dashboard.
    async fn act(&self, key: &str, action: &str) -> Response {
        let (cookie, token) = self.browser("/sign-in").await;
        let body = form::encode_pairs([("form_token", token.as_str())]);
        let target = format!("/stores/{key}/{action}");
        self.send_on(&cookie, "POST", &target, &body).await
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

/// Where the store's panel wants the browser back.
fn back(store: &MockServer) -> String {
    format!(
        "{}/admin/admin/integration/loginSuccessCallback/",
        store.uri()
    )
}

fn without_ports(snapshot: impl FnOnce()) {
    insta::with_settings!({filters => vec![(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"), (r#""milliseconds": \d+"#, r#""milliseconds": N"#)]}, {
        snapshot();
    });
}
