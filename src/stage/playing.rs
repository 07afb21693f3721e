//! One played store.

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use crate::conformance::{Carriage, Host, Shape, StageError, When};
use crate::doctor::KeyringEntry;
use crate::integration::Token;
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::storage::Sqlite;
use crate::store::front::{self, Route};
use crate::store::integrations::Integrations;
use crate::store::permissions::Permissions;
use crate::store::{self, Store};
use crate::text::form;
use crate::time::MovableClock;
use crate::wire::server::Connection;
use crate::wire::{Blocking, Request, Response, Timeouts, tls};

use super::door::{Door, Reply};
use super::layer::{Layer, wait};
use super::options::Options;

/// How long the app has for the credentials POST, as stores have it.
pub(super) const POST_TIME: Duration = Duration::from_secs(5);

/// The other stores of the playhouse.
type Others = Weak<Mutex<HashMap<Shape, Arc<PlayingStore>>>>;

/// A store behind the layer.
pub(super) struct PlayingStore {
    pub(super) store: Arc<Store>,
    pub(super) base_url: String,
    /// Whether the app reaches it under another URL than that of its own socket.
    public: bool,
    pub(super) layer: Layer,
    pub(super) sender: Blocking,
    pub(super) permissions: Permissions,
    others: Others,
    /// Consumers whose secrets hold what has to be escaped.
    pub(super) strange: Mutex<HashSet<String>>,
    pub(super) door: OnceLock<Door>,
}

impl std::fmt::Debug for PlayingStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.base_url)
    }
}

impl PlayingStore {
    /// Starts a store of this shape and opens its door.
    pub(super) fn open(
        options: &Options,
        shape: Shape,
        address: SocketAddr,
        others: Others,
    ) -> Result<Arc<Self>, StageError> {
        let wrong = |error: &dyn std::fmt::Display| {
            StageError(format!("a store cannot be played at {address}: {error}"))
        };
        let socket = TcpListener::bind(address).map_err(|error| wrong(&error))?;
        let local = socket.local_addr().map_err(|error| wrong(&error))?;
        let scheme = if shape.untrusted || options.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let origin = match (&options.public_url, shape.host) {
            (Some(url), Host::Plain) if shape == Shape::default() => {
                url.trim_end_matches('/').to_owned()
            }
            (_, Host::UpperCase) => format!("{scheme}://LOCALHOST:{}", local.port()),
            _ => format!("{scheme}://{local}"),
        };
        let secure = origin.starts_with("https:");
        let mut settings = Vec::new();
        if shape.index_php {
            settings.push(("web/seo/use_rewrites".to_owned(), "0".to_owned()));
        }
        let store = Store::open(
            store::Options {
                profile: options.profile,
                base_url: format!("{origin}{}/", shape.folder),
                settings,
                modules: options.modules.clone(),
                lasting: false,
                ..store::Options::default()
            },
            Box::new(Sqlite::in_memory().map_err(|error| wrong(&error))?),
            Arc::new(MovableClock::new()),
            Box::new(SystemEntropy),
        )
        .map_err(|error| wrong(&error))?;
        let base_url = store.link_url(secure).map_err(|error| wrong(&error))?;
        let timeouts = Timeouts {
            connect: POST_TIME,
            answer: POST_TIME,
        };
        let playing = Arc::new(Self {
            store,
            base_url,
            public: options.public_url.is_some(),
            layer: Layer::default(),
            sender: Blocking::new(options.trust.clone(), timeouts),
            permissions: options.permissions.clone(),
            others,
            strange: Mutex::default(),
            door: OnceLock::new(),
        });
        let config = if shape.untrusted {
            let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
            Some(tls::self_signed(&names).map_err(|error| wrong(&error))?.0)
        } else {
            options.tls.clone()
        };
        // A door that held its store would keep it open for ever.
        let behind = Arc::downgrade(&playing);
        let answer = move |request: Request, connection: &Connection| match behind.upgrade() {
            Some(playing) => playing.answer(&request, connection),
            None => Reply {
                response: Response::default(),
                carriage: Carriage::Lost,
            },
        };
        let door = Door::open(socket, config, Arc::new(answer)).map_err(|error| wrong(&error))?;
        // It is set once, here.
        let _ = playing.door.set(door);
        Ok(playing)
    }

    fn answer(&self, request: &Request, connection: &Connection) -> Reply {
        let (request, connection) = &self.as_sent(request, connection);
        let when = self.kind(request);
        let (number, consumer) = self.layer.begin(when, request, connection.secure);
        let due = self.layer.due(when, consumer.as_deref());
        let (deed, nth) = due.map_or_else(Default::default, |due| (due.deed, due.nth));
        wait(&deed);
        let (mut response, mut staged) = if let Some((status, shape)) = deed.redirect {
            (self.moved(status, &shape, request), true)
        } else if let Some(instead) = &deed.instead {
            (instead.answer(request, nth), true)
        } else {
            let mut response = self.store.answer(request, connection);
            self.learn(&mut response);
            (response, false)
        };
        if let Some(altered) = deed.altered {
            altered(&mut response);
            staged = true;
        }
        if response.headers.first("Date").is_none() {
            response
                .headers
                .add("Date", store::http_date(self.store.now()));
        }
        let staged = staged || deed.carriage != Carriage::Plain || !deed.late.is_zero();
        self.layer.end(number, &response, staged);
        Reply {
            response,
            carriage: deed.carriage,
        }
    }

    /// The request as the app sent it, where a proxy under the public URL has passed it on: its scheme and its host are signed.
    fn as_sent(&self, request: &Request, connection: &Connection) -> (Request, Connection) {
        let mut request = request.clone();
        let sent_to = request.headers.first("X-Forwarded-Host").map(str::to_owned);
        if let Some(host) = sent_to.filter(|_| self.public) {
            request.headers.set("Host", host);
        }
        let secure = connection.secure || (self.public && self.base_url.starts_with("https:"));
        let connection = Connection {
            secure,
            ..connection.clone()
        };
        (request, connection)
    }

    fn kind(&self, request: &Request) -> When {
        let front_name = &self.store.options().admin_front_name;
        let route = front::below(&request.target, self.store.folder())
            .map(|path| front::route(&request.method, path, front_name));
        match route {
            Some(Route::TokenRequest) => When::RequestToken,
            Some(Route::TokenAccess) => When::AccessToken,
            Some(Route::Rest(_)) => When::Rest,
            _ => When::Other,
        }
    }

    /// Sends the app to another store of the playhouse, the target kept.
    fn moved(&self, status: u16, shape: &Shape, request: &Request) -> Response {
        let others = self.others.upgrade();
        let base = others.and_then(|others| {
            let others = others.lock().unwrap_or_else(PoisonError::into_inner);
            others.get(shape).map(|other| other.base_url.clone())
        });
        let base = base.unwrap_or_else(|| self.base_url.clone());
        let origin = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let mut response = Response::new(status, "text/html", "moved");
        response
            .headers
            .add("Location", format!("{origin}{}", request.target));
        response
    }

    /// Remembers the secret of a token that was given out; for a consumer with strange secrets the token gets one as well.
    fn learn(&self, response: &mut Response) {
        let text = response.text();
        if response.status != 200 || !text.starts_with("oauth_token=") {
            return;
        }
        let value = |name: &str| {
            let mut pairs = form::pairs(&text);
            pairs
                .find(|(other, _)| other == name)
                .map(|(_, value)| value)
        };
        let (Some(token), Some(secret)) = (value("oauth_token"), value("oauth_token_secret"))
        else {
            return;
        };
        let storage = self.store.storage();
        let Ok(Some(row)) = storage.token(&token) else {
            return;
        };
        let Ok(Some(consumer)) = storage.consumer(row.consumer_id) else {
            return;
        };
        let strange = self.strange.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = if strange.contains(&consumer.key) {
            let secret = strange_secret();
            let row = Token {
                secret: secret.clone(),
                ..row
            };
            if storage.replace_token(&row).is_err() {
                return;
            }
            let pairs = [
                ("oauth_token", token.as_str()),
                ("oauth_token_secret", secret.expose()),
            ];
            response.body = form::encode_pairs(pairs).into_bytes();
            secret
        } else {
            Secret::from(secret)
        };
        self.layer.learn(KeyringEntry {
            consumer_key: Some(consumer.key),
            consumer_secret: consumer.secret,
            token: Some(token),
            token_secret: Some(secret),
        });
    }

    pub(super) fn services<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        self.store.with_integrations(work)
    }
}

/// A secret in which every part has to be escaped in a key: legal by RFC 5849, and no store of the field draws one.
pub(super) fn strange_secret() -> Secret {
    Secret::new(format!("{}+/=&% ~é", random::text(&SystemEntropy, 23)))
}
