//! A store in memory on a clock that stands, with integrations made through its keeper, and a client that signs for them.

use std::cell::Cell;
use std::sync::Arc;

use magespec::acl::{Grant, Release, ResourceId, baseline};
use magespec::integration::{Consumer, Integration, Status};
use magespec::oauth::{self, SignatureMethod, SignedHeader, SigningKey, TokenKind};
use magespec::random::SeededEntropy;
use magespec::secret::Secret;
use magespec::storage::{NewIntegration, NewToken, Sqlite};
use magespec::store::{Options, Store};
use magespec::time::{Clock, MovableClock, UnixTime};
use magespec::wire::server::Connection;
use magespec::wire::{Headers, Request, Response};

/// The host that every request names.
pub(crate) const HOST: &str = "shop.example";

/// Where the clock stands at first.
pub(crate) const NOW: UnixTime = UnixTime(1_795_000_000);

/// A store and a counter for nonces.
pub(crate) struct Fixture {
    pub(crate) store: Arc<Store>,
    nonces: Cell<u32>,
}

/// An integration as its app knows it.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) integration: Integration,
    pub(crate) consumer: Consumer,
    pub(crate) token: String,
    pub(crate) token_secret: Secret,
    pub(crate) verifier: String,
}

/// What a request is signed with; changed where a test needs it.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) nonce: String,
    pub(crate) timestamp: i64,
    pub(crate) with_token: bool,
    pub(crate) with_verifier: bool,
    pub(crate) signature_method: SignatureMethod,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let options = Options {
            tree: baseline(Release::V2_4_7).clone(),
            ..options
        };
        let storage = Box::new(Sqlite::in_memory().expect("SQLite starts in memory"));
        let clock = Arc::new(MovableClock::standing(NOW));
        let entropy = Box::new(SeededEntropy::new(7));
        Self::over(Store::open(options, storage, clock, entropy).expect("a store opens in memory"))
    }

    /// Over a store that is there.
    pub(crate) const fn over(store: Arc<Store>) -> Self {
        Self {
            store,
            nonces: Cell::new(0),
        }
    }

    pub(crate) fn set(&self, path: &str, value: &str) {
        self.store
            .storage()
            .set_setting(path, Some(value))
            .expect("a setting can be set");
    }

    pub(crate) fn answer(&self, request: &Request) -> Response {
        answer(&self.store, request)
    }

    /// An integration whose credentials were just posted: a verifier row, the window open.
    pub(crate) fn activated(&self, name: &str) -> App {
        let app = self.created(name);
        let storage = self.store.storage();
        let now = self.store.clock().now();
        storage
            .touch_consumer(app.consumer.id, now)
            .expect("touched");
        let token = storage
            .add_token(NewToken {
                consumer_id: app.consumer.id,
                kind: TokenKind::Verifier,
                token: self.store.fresh_value(),
                secret: Secret::new(self.store.fresh_value()),
                verifier: Some(Secret::new(app.verifier.clone())),
                created_at: now,
            })
            .expect("added");
        App {
            token: token.token,
            token_secret: token.secret,
            ..app
        }
    }

    /// An integration that was saved and nothing more; everything is granted.
    pub(crate) fn created(&self, name: &str) -> App {
        let storage = self.store.storage();
        let mut integration = storage
            .add_integration(NewIntegration {
                name: name.to_owned(),
                ..NewIntegration::default()
            })
            .expect("added");
        let consumer = storage
            .add_consumer(
                &format!("Integration{}", integration.id),
                &self.store.fresh_value(),
                &Secret::new(self.store.fresh_value()),
            )
            .expect("added");
        integration.consumer_id = Some(consumer.id);
        storage.replace_integration(&integration).expect("replaced");
        storage
            .set_grant(integration.id, &Grant::All)
            .expect("granted");
        App {
            integration,
            consumer,
            token: String::new(),
            token_secret: Secret::default(),
            verifier: self.store.fresh_value(),
        }
    }

    /// An integration with a request token.
    pub(crate) fn with_request_token(&self, name: &str) -> App {
        let app = self.activated(name);
        let response = self.answer(&self.sign(&app, &self.token_request()));
        assert_eq!(response.status, 200, "{}", response.text());
        app.with_pair(&response)
    }

    /// An active integration with an access token.
    pub(crate) fn active(&self, name: &str) -> App {
        let app = self.with_request_token(name);
        let response = self.answer(&self.sign(&app, &self.token_access()));
        assert_eq!(response.status, 200, "{}", response.text());
        app.with_pair(&response)
    }

    /// An active integration that may use these resources only.
    pub(crate) fn limited(&self, name: &str, resources: &[&str]) -> App {
        let app = self.active(name);
        let list: Vec<ResourceId> = resources.iter().copied().map(ResourceId::from).collect();
        let grant = Grant::measured(&self.store.tree(), &list);
        self.store
            .storage()
            .set_grant(app.integration.id, &grant)
            .expect("granted");
        app
    }

    pub(crate) fn set_status(&self, app: &App, status: Status) {
        let storage = self.store.storage();
        let row = storage
            .integration(app.integration.id)
            .expect("read")
            .expect("there");
        storage
            .replace_integration(&Integration { status, ..row })
            .expect("replaced");
    }

    pub(crate) fn status(&self, app: &App) -> Status {
        let row = self.store.storage().integration(app.integration.id);
        row.expect("read").expect("there").status
    }

    pub(crate) fn fresh_nonce(&self) -> String {
        self.nonces.set(self.nonces.get() + 1);
        format!("nonce{:027}", self.nonces.get())
    }

    pub(crate) fn signing(&self, method: &str, target: &str) -> Signing {
        Signing {
            method: method.to_owned(),
            target: target.to_owned(),
            nonce: self.fresh_nonce(),
            timestamp: self.store.now().0,
            with_token: true,
            with_verifier: false,
            signature_method: SignatureMethod::HmacSha256,
        }
    }

    pub(crate) fn token_request(&self) -> Signing {
        Signing {
            with_token: false,
            ..self.signing("POST", "/oauth/token/request")
        }
    }

    pub(crate) fn token_access(&self) -> Signing {
        Signing {
            with_verifier: true,
            ..self.signing("POST", "/oauth/token/access")
        }
    }

    pub(crate) fn sign(&self, app: &App, signing: &Signing) -> Request {
        let nobody = Secret::default();
        let token_secret = if signing.with_token {
            &app.token_secret
        } else {
            &nobody
        };
        let key = SigningKey::new(&app.consumer.secret, token_secret);
        let signer = SignedHeader {
            dialect: self.store.profile().dialect,
            method: signing.signature_method,
            consumer_key: &app.consumer.key,
            token: signing.with_token.then_some(app.token.as_str()),
            key: &key,
            verifier: signing.with_verifier.then_some(app.verifier.as_str()),
            nonce: &signing.nonce,
            timestamp: UnixTime(signing.timestamp),
        };
        let request = oauth::Request {
            method: &signing.method,
            scheme: "http",
            host: HOST,
            target: &signing.target,
            ..oauth::Request::default()
        };
        let authorization = signer.authorization(&request).expect("it can be signed");
        Request {
            method: signing.method.clone(),
            target: signing.target.clone(),
            headers: Headers::from_iter([
                ("Host", HOST.to_owned()),
                ("Authorization", authorization),
            ]),
            body: Vec::new(),
        }
    }

    /// A signed GET of a REST path.
    pub(crate) fn get(&self, app: &App, target: &str) -> Response {
        self.answer(&self.sign(app, &self.signing("GET", target)))
    }
}

impl App {
    /// Itself with the token and secret of an answer of E1 or E2.
    pub(crate) fn with_pair(&self, response: &Response) -> Self {
        let text = response.text();
        let (token, secret) = text.split_once('&').expect("two pairs");
        Self {
            token: token
                .strip_prefix("oauth_token=")
                .expect("the token first")
                .to_owned(),
            token_secret: secret
                .strip_prefix("oauth_token_secret=")
                .expect("the secret second")
                .into(),
            ..self.clone()
        }
    }
}

/// What a store answers to somebody on the same machine.
pub(crate) fn answer(store: &Store, request: &Request) -> Response {
    let connection = Connection {
        secure: false,
        peer: "127.0.0.1:50000".parse().expect("an address"),
        local: "127.0.0.1:8080".parse().expect("an address"),
    };
    store.answer(request, &connection)
}

/// A request without credentials.
pub(crate) fn plain(method: &str, target: &str) -> Request {
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Headers::from_iter([("Host", HOST)]),
        body: Vec::new(),
    }
}

/// A request with its header fields changed.
pub(crate) fn with_header(mut request: Request, name: &str, value: &str) -> Request {
    request.headers.set(name, value);
    request
}

/// A request with a JSON body.
pub(crate) fn with_json(request: Request, body: &str) -> Request {
    let mut request = with_header(request, "Content-Type", "application/json");
    request.body = body.as_bytes().to_vec();
    request
}

/// A request whose last signature character was changed.
pub(crate) fn tampered(mut request: Request) -> Request {
    let header = request.headers.first("Authorization").expect("signed");
    let at = header.find("oauth_signature=\"").expect("a signature") + 17;
    let other = if header.as_bytes()[at] == b'A' {
        "B"
    } else {
        "A"
    };
    let changed = format!("{}{other}{}", &header[..at], &header[at + 1..]);
    request.headers.set("Authorization", changed);
    request
}
