//! The app's URLs, each with what it does.

use std::sync::Arc;

use url::Url;

use super::book::Book;
use super::exchange::Exchanger;
use super::trouble::shown;
use super::{
    ConnectedStore, Credentials, Error, Event, ExchangeOn, Options, Outcome, Step, StepRecord,
    Trouble, pages,
};
use crate::secret::Secret;
use crate::text::form;
use crate::wire::{Request, Response};

/// The app without its socket.
pub struct App {
    options: Arc<Options>,
    book: Arc<Book>,
    exchanger: Arc<Exchanger>,
}

/// What the identity-link page was asked for.
struct Visit {
    consumer_key: String,
    success_callback: Option<String>,
}

impl App {
    pub(super) fn new(options: Options) -> Result<Self, Error> {
        let options = Arc::new(options);
        Ok(Self {
            exchanger: Arc::new(Exchanger::new(Arc::clone(&options))?),
            options,
            book: Arc::default(),
        })
    }

    /// Every store that has sent credentials, the one heard of last first.
    #[must_use]
    pub fn stores(&self) -> Vec<ConnectedStore> {
        self.book.all()
    }

    /// Answers one request, also without a socket.
    pub async fn answer(self: &Arc<Self>, request: &Request) -> Response {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let answer = match (path, request.method.as_str()) {
            ("/", "GET" | "HEAD") => Ok(pages::dashboard(&self.options, &self.book.all())),
            ("/status", "GET" | "HEAD") => Ok(pages::status(&self.options, &self.book.all())),
            ("/callback", "POST") => self.callback(&request.body),
            ("/login", "GET" | "HEAD") => self.identity_link(query),
            ("/login", "POST") => self.login(&request.body).await,
            ("/", method) => Err(wrong_method("/", "GET", method)),
            ("/status", method) => Err(wrong_method("/status", "GET", method)),
            ("/callback", method) => Err(wrong_method("/callback", "POST", method)),
            ("/login", method) => Err(wrong_method("/login", "GET and POST", method)),
            (other, _) => Err(Trouble::PageUnknown(shown(other))),
        };
        answer.unwrap_or_else(|trouble| pages::trouble(&trouble))
    }

    /// Stores the credentials and answers; with `on-callback` the exchange goes on by itself.
    fn callback(self: &Arc<Self>, body: &[u8]) -> Result<Response, Trouble> {
        let credentials = Credentials::parse(body).inspect_err(|trouble| {
            self.tell(Step::Credentials, "-", Outcome::Failed(trouble.to_string()));
        })?;
        let key = credentials.consumer_key.clone();
        self.book.receive(credentials, self.options.clock.now());
        let detail = format!("consumer key {key}");
        self.note(&key, Step::Credentials, Outcome::Done(detail));
        if self.options.exchange == ExchangeOn::Callback {
            let app = Arc::clone(self);
            tokio::spawn(async move {
                // The outcome is on the dashboard and was told to the observer.
                let _ = app.exchange(&key).await;
            });
        }
        Ok(Response::new(200, "text/plain; charset=UTF-8", "stored"))
    }

    fn identity_link(&self, query: &str) -> Result<Response, Trouble> {
        let visit = visit(query)?;
        let store = self.known(&visit.consumer_key)?;
        Ok(pages::login(
            &store,
            visit.success_callback.as_deref().unwrap_or_default(),
            None,
        ))
    }

    async fn login(&self, body: &[u8]) -> Result<Response, Trouble> {
        let body = String::from_utf8_lossy(body);
        let visit = visit(&body)?;
        let store = self.known(&visit.consumer_key)?;
        let key = visit.consumer_key.as_str();
        let back = visit.success_callback.as_deref();
        if !self.admits(&body) {
            let trouble = Trouble::Login;
            self.note(key, Step::Login, Outcome::Failed(trouble.to_string()));
            return Ok(pages::login(
                &store,
                back.unwrap_or_default(),
                Some(&trouble),
            ));
        }
        self.note(key, Step::Login, Outcome::Done(String::new()));
        if let Err(trouble) = self.exchange(key).await {
            // The store knows that it is connected once the access token is out; a refused call is for the dashboard, not for the merchant.
            let connected = self.known(key)?.is_connected();
            if !connected || back.is_none() {
                return Err(trouble);
            }
        }
        let Some(back) = back else {
            return Ok(pages::connected(&store));
        };
        let checked = self.checked_return(&store, back);
        let outcome = match &checked {
            Ok(()) => Outcome::Done(String::new()),
            Err(trouble) => Outcome::Failed(trouble.to_string()),
        };
        self.note(key, Step::Return, outcome);
        checked.map(|()| pages::redirect(back))
    }

    /// Exchanges what is left to exchange for this store, one exchange at a time.
    async fn exchange(&self, consumer_key: &str) -> Result<(), Trouble> {
        let turn = self.known(consumer_key)?.turn;
        let _turn = turn.lock().await;
        // Another login may have come first: what it achieved counts.
        let store = self.known(consumer_key)?;
        let report = |step, result: &Result<String, Trouble>| {
            let outcome = match result {
                Ok(detail) => Outcome::Done(detail.clone()),
                Err(trouble) => Outcome::Failed(trouble.to_string()),
            };
            self.note(consumer_key, step, outcome);
        };
        self.exchanger.run(&self.book, &store, report).await
    }

    fn known(&self, consumer_key: &str) -> Result<ConnectedStore, Trouble> {
        self.book
            .find(consumer_key)
            .ok_or_else(|| Trouble::KeyUnknown(shown(consumer_key)))
    }

    fn admits(&self, body: &str) -> bool {
        let field = |name: &str| {
            form::pairs(body)
                .find(|(other, _)| other == name)
                .map(|(_, value)| value)
                .unwrap_or_default()
        };
        let user = self.options.user.as_ref();
        let password = self.options.password.as_ref();
        user.is_none_or(|user| Secret::new(user) == Secret::new(field("username")))
            && password.is_none_or(|password| *password == Secret::from(field("password")))
    }

    /// The browser is only sent to the store's own host or one that the operator named: an identity link that redirects anywhere serves
    /// whoever wants to borrow the app's name.
    fn checked_return(&self, store: &ConnectedStore, back: &str) -> Result<(), Trouble> {
        let url = Url::parse(back).map_err(|_| Trouble::ReturnUnusable)?;
        let host = url.host_str().unwrap_or_default();
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(Trouble::ReturnUnusable);
        }
        let own = store.credentials.store_base_url.host_str();
        let allowed = own == Some(host)
            || self
                .options
                .return_hosts
                .iter()
                .any(|other| other.eq_ignore_ascii_case(host));
        allowed
            .then_some(())
            .ok_or_else(|| Trouble::ReturnElsewhere(shown(host)))
    }

    fn note(&self, consumer_key: &str, step: Step, outcome: Outcome) {
        let record = StepRecord {
            step,
            at: self.options.clock.now(),
            outcome: outcome.clone(),
        };
        self.book.record(consumer_key, record);
        let store = self.book.find(consumer_key).map_or_else(
            || consumer_key.to_owned(),
            |store| store.credentials.store_base_url.to_string(),
        );
        self.tell(step, &store, outcome);
    }

    fn tell(&self, step: Step, store: &str, outcome: Outcome) {
        (self.options.observer)(&Event {
            at: self.options.clock.now(),
            step,
            store: store.to_owned(),
            outcome,
        });
    }
}

/// What a query or form asks the identity-link page for.
fn visit(pairs: &str) -> Result<Visit, Trouble> {
    let field = |name: &str| {
        form::pairs(pairs)
            .find(|(other, value)| other == name && !value.is_empty())
            .map(|(_, value)| value)
    };
    let Some(consumer_key) = field("oauth_consumer_key") else {
        // A store appends `?` even to an identity link that has a query of its own (spec oauth.md §1.3).
        let (_, rest) = pairs.split_once('?').ok_or(Trouble::KeyMissing)?;
        return visit(rest);
    };
    Ok(Visit {
        consumer_key,
        success_callback: field("success_call_back"),
    })
}

fn wrong_method(page: &'static str, allowed: &'static str, method: &str) -> Trouble {
    Trouble::Method {
        page,
        allowed,
        method: shown(method),
    }
}
