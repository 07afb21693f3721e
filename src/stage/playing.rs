//! One played store.

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::conformance::{
    Carriage, Host, Played, PlayedStore, PostAs, Posted, Rule, Seen, Shape, StageError, Wanted,
    When,
};
use crate::doctor::KeyringEntry;
use crate::integration::{IntegrationId, SetupType, Status, Token};
use crate::oauth::PROFILES;
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::storage::{NewIntegration, Sqlite};
use crate::store::callback::Limits;
use crate::store::front::{self, Route};
use crate::store::integrations::{Integrations, Posting, Refusal};
use crate::store::permissions::Permissions;
use crate::store::{self, Store};
use crate::text::{form, hex};
use crate::time::MovableClock;
use crate::wire::server::Connection;
use crate::wire::{Blocking, Request, Response, Timeouts, tls};

use super::Options;
use super::door::{Door, Reply};
use super::layer::{Layer, wait};

/// How long the app has for the credentials POST, as stores have it.
const POST_TIME: Duration = Duration::from_secs(5);

/// The other stores of the playhouse.
type Others = Weak<Mutex<HashMap<Shape, Arc<PlayingStore>>>>;

/// A store behind the layer.
pub(super) struct PlayingStore {
    store: Arc<Store>,
    base_url: String,
    layer: Layer,
    sender: Blocking,
    permissions: Permissions,
    others: Others,
    /// Consumers whose secrets hold what has to be escaped.
    strange: Mutex<HashSet<String>>,
    door: OnceLock<Door>,
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
        let origin = match (&options.public_url, shape.host) {
            (Some(url), Host::Plain) if shape == Shape::default() => {
                url.trim_end_matches('/').to_owned()
            }
            (_, Host::UpperCase) => format!("http://LOCALHOST:{}", local.port()),
            _ if shape.tls => format!("https://{local}"),
            _ => format!("http://{local}"),
        };
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
        let base_url = store.link_url(shape.tls).map_err(|error| wrong(&error))?;
        let timeouts = Timeouts {
            connect: POST_TIME,
            answer: POST_TIME,
        };
        let playing = Arc::new(Self {
            store,
            base_url,
            layer: Layer::default(),
            sender: Blocking::new(options.trust.clone(), timeouts),
            permissions: options.permissions.clone(),
            others,
            strange: Mutex::default(),
            door: OnceLock::new(),
        });
        let config = if shape.tls {
            let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
            Some(tls::self_signed(&names).map_err(|error| wrong(&error))?.0)
        } else {
            None
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

    fn services<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        self.store.with_integrations(work)
    }
}

impl PlayedStore for PlayingStore {
    fn base_url(&self) -> String {
        self.base_url.clone()
    }

    fn return_url(&self) -> String {
        let mut bytes = [0; 32];
        random::Entropy::fill(&SystemEntropy, &mut bytes);
        let key = hex(&bytes);
        format!(
            "{}{front}/admin/integration/loginSuccessCallback/key/{key}/",
            self.base_url,
            front = self.store.options().admin_front_name
        )
    }

    fn integrate(&self, wanted: &Wanted) -> Result<Played, StageError> {
        let key = random::value(&SystemEntropy);
        let secret = if wanted.strange_secrets {
            let mut strange = self.strange.lock().unwrap_or_else(PoisonError::into_inner);
            strange.insert(key.clone());
            strange_secret()
        } else {
            Secret::new(random::value(&SystemEntropy))
        };
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let new = NewIntegration {
            name: format!("magespec-{}", random::text(&SystemEntropy, 12)),
            email: String::new(),
            endpoint: given(&wanted.callback),
            identity_link_url: given(&wanted.identity),
            status: Status::Inactive,
            setup_type: SetupType::Manual,
        };
        let made =
            self.services(|services| services.insert_with(new, &self.permissions, &key, &secret));
        let row = made.map_err(|refusal| StageError(refusal.to_string()))?;
        self.layer.learn(KeyringEntry {
            consumer_key: Some(key.clone()),
            consumer_secret: secret.clone(),
            token: None,
            token_secret: None,
        });
        Ok(Played {
            id: row.id.0,
            key,
            secret,
        })
    }

    fn remove(&self, integration: &Played) -> Result<(), StageError> {
        let removed = self.services(|services| {
            let row = services.load(IntegrationId(integration.id), "")?;
            services.delete(&row)
        });
        removed.map_err(|refusal| StageError(refusal.to_string()))
    }

    fn activate(&self, integration: &Played, post: PostAs) -> Result<Posted, StageError> {
        let profile = post.client.and_then(|client| {
            let mut profiles = PROFILES.iter();
            profiles
                .find(|profile| profile.callback_client == client)
                .copied()
        });
        let posting = Posting {
            store_base_url: &self.base_url,
            limits: Limits {
                timeout: POST_TIME,
                redirects: 0,
            },
            sender: &self.sender,
            clock: self.store.clock(),
        };
        let at = Instant::now();
        let exchanged = self.services(|services| {
            let services = Integrations {
                profile: profile.unwrap_or(services.profile),
                ..services
            };
            let row = services.load(IntegrationId(integration.id), "")?;
            services.exchange_tokens(&row, post.reauthorize, posting)
        });
        let took = at.elapsed();
        let (answer, nobody) = match exchanged {
            Ok((_, answer)) => (Ok(answer), false),
            Err(Refusal::NoAnswer(silence)) => (Err(silence.reason), silence.nobody),
            Err(refusal) => return Err(StageError(refusal.to_string())),
        };
        let storage = self.store.storage();
        let rows = storage
            .consumer_with_key(&integration.key)
            .and_then(|consumer| match consumer {
                Some(consumer) => storage.tokens_of(consumer.id),
                None => Ok(Vec::new()),
            })
            .map_err(|error| StageError(error.to_string()))?;
        let verifier = rows.into_iter().next().and_then(|row| row.verifier);
        Ok(Posted {
            at,
            took,
            answer,
            nobody,
            base_url: self.base_url.clone(),
            verifier: verifier.unwrap_or_default(),
        })
    }

    fn is_active(&self, integration: &Played) -> Result<bool, StageError> {
        let row = self
            .store
            .storage()
            .integration(IntegrationId(integration.id));
        let row = row.map_err(|error| StageError(error.to_string()))?;
        Ok(row.is_some_and(|row| row.status == Status::Active))
    }

    fn arrange(&self, rules: Vec<Rule>) {
        self.layer.arrange(rules);
    }

    fn activity(&self) -> (usize, usize) {
        self.layer.activity()
    }

    fn seen(&self, from: usize) -> Vec<Seen> {
        self.layer.seen(from)
    }

    fn connections(&self) -> usize {
        self.door.get().map_or(0, Door::connections)
    }

    fn secrets(&self) -> Vec<KeyringEntry> {
        self.layer.secrets()
    }

    fn lead(&self, seconds: i64) {
        self.store.clock().set_offset(seconds);
    }
}

/// A secret in which every part has to be escaped in a key: legal by RFC 5849, and no store of the field draws one.
fn strange_secret() -> Secret {
    Secret::new(format!("{}+/=&% ~é", random::text(&SystemEntropy, 23)))
}
