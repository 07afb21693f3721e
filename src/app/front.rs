//! The app's URLs, each with what it does.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::account::{SignIn, Visit, visit};
use super::book::Book;
use super::client::Client;
use super::defects::Faults;
use super::defects::faults::Guard;
use super::exchange::Exchanger;
use super::journal::Journal;
use super::keep::Keep;
use super::session::{Session, Sessions};
use super::trouble::shown;
use super::way_back::checked;
use super::{
    ConnectedStore, Credentials, Error, Event, ExchangeOn, Options, Outcome, SentRequest, Step,
    StepRecord, Trouble, pages,
};
use crate::storage::Vault;
use crate::text::form;
use crate::wire::{Request, Response};

/// How long `/events` waits for something to tell.
const WAIT: Duration = Duration::from_secs(20);

/// The app without its socket.
pub struct App {
    options: Arc<Options>,
    book: Arc<Book>,
    keep: Keep,
    journal: Arc<Journal>,
    sessions: Sessions,
    exchanger: Exchanger,
    faults: Option<Arc<Faults>>,
}

impl App {
    pub(super) fn new(
        options: Options,
        vault: Option<Vault>,
        faults: Option<Arc<Faults>>,
    ) -> Result<Self, Error> {
        let options = Arc::new(options);
        let journal = Arc::new(Journal::default());
        let keep = Keep::new(vault, Arc::clone(&options.entropy));
        let client = Client::new(Arc::clone(&options), Arc::clone(&journal), faults.clone())?;
        Ok(Self {
            book: Arc::new(Book::of(keep.stores()?)),
            keep,
            sessions: Sessions::new(Arc::clone(&options.entropy), options.behind_https),
            exchanger: Exchanger {
                client,
                options: Arc::clone(&options),
                faults: faults.clone(),
            },
            faults,
            journal,
            options,
        })
    }

    /// Every store that has sent credentials, the one heard of last first.
    #[must_use]
    pub fn stores(&self) -> Vec<ConnectedStore> {
        self.book.all()
    }

    /// The last signed requests, the newest first.
    #[must_use]
    pub fn requests(&self) -> Vec<SentRequest> {
        self.journal.all()
    }

    /// Answers one request of this peer, also without a socket.
    pub async fn answer(self: &Arc<Self>, request: &Request, peer: IpAddr) -> Response {
        if let Some(instead) = self.faults().and_then(|faults| faults.instead(request)) {
            return instead;
        }
        let session = self.sessions.of(request, self.options.clock.now());
        let answer = self.routed(request, peer, &session).await;
        let mut response = answer.unwrap_or_else(|trouble| pages::trouble(&trouble));
        if let Some(faults) = self.faults() {
            faults.leave(request, &mut response);
            if request.target.starts_with("/callback") {
                tokio::time::sleep(faults.delay).await;
            }
        }
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }

    /// What the app does wrong on purpose; none for nearly every one.
    fn faults(&self) -> Option<&Faults> {
        self.faults.as_deref()
    }

    fn makes(&self, guard: Guard) -> bool {
        self.faults().is_none_or(|faults| faults.makes(guard))
    }

    async fn routed(
        self: &Arc<Self>,
        request: &Request,
        peer: IpAddr,
        session: &Session,
    ) -> Result<Response, Trouble> {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        match (segments.as_slice(), request.method.as_str()) {
            (["callback"], "POST") => self.callback(request, peer),
            (["login"], _) if reads => self.identity_link(query, session),
            (["login"], "POST") => self.login(request, peer, session).await,
            (["sign-in"], _) if reads => Ok(self.with(session, pages::sign_in(session, None))),
            (["sign-in"], "POST") => self.sign_in(request, peer, session),
            (["sign-out"], "POST") => self.sign_out(request, session),
            (["app.js"], _) if reads => Ok(pages::script()),
            ([""], _) if reads => Ok(self.dashboard(session)),
            (["status"], _) if reads => self.status(request, peer, session),
            (["events"], _) if reads => self.events(request, session).await,
            (["stores", key, action @ ("call" | "disconnect" | "secrets")], "POST") => {
                self.act(request, session, key, action).await
            }
            ([""], method) => Err(wrong_method("/", "GET", method)),
            (["callback"], method) => Err(wrong_method("/callback", "POST", method)),
            (["events"], method) => Err(wrong_method("/events", "GET", method)),
            (["login"], method) => Err(wrong_method("/login", "GET and POST", method)),
            (["sign-in"], method) => Err(wrong_method("/sign-in", "GET and POST", method)),
            (["sign-out"], method) => Err(wrong_method("/sign-out", "POST", method)),
            (["status"], method) => Err(wrong_method("/status", "GET", method)),
            _ => Err(Trouble::PageUnknown(shown(path))),
        }
    }

    /// Keeps the credentials and answers; with `on-callback` the exchange goes on by itself.
    fn callback(self: &Arc<Self>, request: &Request, peer: IpAddr) -> Result<Response, Trouble> {
        self.sessions.begin_post(peer, self.options.clock.now())?;
        let credentials = self.credentials(request).inspect_err(|trouble| {
            self.tell(Step::Credentials, "-", Outcome::Failed(trouble.to_string()));
        })?;
        let key = credentials.consumer_key.clone();
        if !self.makes(Guard::NewestCredentials) && self.known(&key).is_ok() {
            return Ok(Response::new(200, "text/plain; charset=UTF-8", "stored"));
        }
        if !self.makes(Guard::ProofBeforeUse) {
            self.book.change(&key, |store| store.working = None);
        }
        if let Some(removed) = self.book.receive(credentials, self.options.clock.now()) {
            self.written(|keep| keep.remove(&removed))?;
        }
        let detail = format!("consumer key {}", shown(&key));
        self.note(&key, Step::Credentials, Outcome::Done(detail));
        self.write(&key)?;
        if self.options.exchange == ExchangeOn::Callback {
            let app = Arc::clone(self);
            tokio::spawn(async move {
                // The outcome is on the dashboard and was told to the observer.
                let _ = app.exchange(&key).await;
            });
        }
        Ok(Response::new(200, "text/plain; charset=UTF-8", "stored"))
    }

    fn credentials(&self, request: &Request) -> Result<Credentials, Trouble> {
        let credentials = Credentials::parse(request, self.options.networks)?;
        let url = &credentials.store_base_url;
        let own = self.options.own_addresses.iter().any(|own| {
            url.host_str() == Some(own.ip().to_string().as_str())
                && url.port_or_known_default() == Some(own.port())
        });
        if own {
            return Err(Trouble::BaseUrlInside(shown(
                url.host_str().unwrap_or_default(),
            )));
        }
        Ok(credentials)
    }

    fn identity_link(&self, query: &str, session: &Session) -> Result<Response, Trouble> {
        let visit = visit(query)?;
        let store = self.known(&visit.consumer_key)?;
        if self.makes(Guard::Return) {
            checked(&store, &visit.success_callback, &self.options.return_hosts)?;
        }
        let page = pages::login(&store, &visit.success_callback, session, None);
        Ok(self.with(session, page))
    }

    async fn login(
        &self,
        request: &Request,
        peer: IpAddr,
        session: &Session,
    ) -> Result<Response, Trouble> {
        let body = String::from_utf8_lossy(&request.body);
        let visit = visit(&body)?;
        let store = self.known(&visit.consumer_key)?;
        let sign_in = SignIn::of(&body);
        if self.makes(Guard::FormToken) && !session.sent(&sign_in.form_token) {
            return Err(Trouble::FormToken);
        }
        let key = visit.consumer_key.as_str();
        if let Err(trouble) = self.admit(&sign_in, peer) {
            self.note(key, Step::Login, Outcome::Failed(trouble.to_string()));
            let page = pages::login(&store, &visit.success_callback, session, Some(&trouble));
            return Ok(self.with(session, page));
        }
        self.claim(&store, &sign_in.name)?;
        self.note(key, Step::Login, Outcome::Done(String::new()));
        let now = self.options.clock.now();
        let signed_in = self.sessions.signed_in(session, &sign_in.name, now);
        let answer = self.go_on(key, &visit).await;
        self.write(key)?;
        Ok(self.with(
            &signed_in,
            answer.unwrap_or_else(|trouble| pages::trouble(&trouble)),
        ))
    }

    /// After a sign-in: the exchange, and the way back to the store.
    async fn go_on(&self, key: &str, visit: &Visit) -> Result<Response, Trouble> {
        if let Err(trouble) = self.exchange(key).await {
            // The store knows that it is connected once the access token is out; a refused call is for the dashboard, not for the merchant.
            let store = self.known(key)?;
            let failed = !store.is_connected() || !store.attempts.is_empty();
            if failed && self.makes(Guard::ReturnAfterSuccess) {
                return Err(trouble);
            }
        }
        let store = self.known(key)?;
        let back = &visit.success_callback;
        let checked = if self.makes(Guard::Return) {
            checked(&store, back, &self.options.return_hosts)
        } else {
            Ok(())
        };
        let outcome = match &checked {
            Ok(()) => Outcome::Done(String::new()),
            Err(trouble) => Outcome::Failed(trouble.to_string()),
        };
        self.note(key, Step::Return, outcome);
        let back = match (self.faults(), store.credentials()) {
            (Some(faults), Some(credentials)) => Cow::Owned(faults.way_back(back, credentials)),
            _ => Cow::Borrowed(back.as_str()),
        };
        checked.map(|()| pages::redirect(&back))
    }

    /// Exchanges what is left to exchange for this store, one exchange at a time, and makes the first call.
    async fn exchange(&self, consumer_key: &str) -> Result<(), Trouble> {
        let turn = self.known(consumer_key)?.turn;
        let _turn = turn.lock().await;
        // Another login may have come first: what it achieved counts.
        let store = self.known(consumer_key)?;
        let report =
            |step, result: &Result<String, Trouble>| self.report(consumer_key, step, result);
        let exchanged = self.exchanger.run(&self.book, &store, report).await;
        self.write(consumer_key)?;
        for replaced in exchanged? {
            self.write(&replaced)?;
        }
        self.call(consumer_key).await
    }

    /// A signed call with the credentials in use.
    async fn call(&self, consumer_key: &str) -> Result<(), Trouble> {
        let store = self.known(consumer_key)?;
        let Some(working) = &store.working else {
            return Err(Trouble::NotConnected);
        };
        let called = self.exchanger.call(working).await;
        self.report(consumer_key, Step::FirstCall, &called);
        if called.as_ref().is_err_and(Trouble::ends_a_connection) {
            let number = working.number;
            self.book.change(consumer_key, |store| {
                if store.working.as_ref().is_some_and(|working| working.number == number) {
                    store.working = None;
                    store.ended = Some(
                        "the store knows the token no more: it was re-authorised, reset or deleted there"
                            .to_owned(),
                    );
                }
            });
            self.write(consumer_key)?;
        }
        called.map(drop)
    }

    async fn act(
        &self,
        request: &Request,
        session: &Session,
        key: &str,
        action: &str,
    ) -> Result<Response, Trouble> {
        self.signed_in(session)?;
        let body = String::from_utf8_lossy(&request.body);
        if !session.sent(&SignIn::of(&body).form_token) {
            return Err(Trouble::FormToken);
        }
        let key = form::decode_text(key);
        let store = self.known(&key)?;
        match action {
            "call" => {
                // The outcome is on the dashboard.
                let _ = self.call(&key).await;
            }
            "disconnect" => {
                self.book.forget(&key);
                self.written(|keep| keep.remove(&key))?;
                self.journal.changed();
            }
            _ => return Ok(self.with(session, pages::secrets(&store))),
        }
        Ok(pages::see_other("/"))
    }

    fn dashboard(&self, session: &Session) -> Response {
        if self.signed_in(session).is_err() {
            return pages::see_other("/sign-in");
        }
        let page = pages::dashboard(
            &self.options,
            &self.book.all(),
            &self.journal.all(),
            self.journal.count(),
            session,
        );
        self.with(session, page)
    }

    fn status(
        &self,
        request: &Request,
        peer: IpAddr,
        session: &Session,
    ) -> Result<Response, Trouble> {
        if self.signed_in(session).is_err() {
            let sign_in = SignIn::basic(request).ok_or(Trouble::SignInFirst)?;
            self.admit(&sign_in, peer)?;
        }
        Ok(pages::status(
            &self.options,
            &self.book.all(),
            &self.journal.all(),
        ))
    }

    /// Server-sent events, one a connection: the browser asks again by itself.
    async fn events(&self, request: &Request, session: &Session) -> Result<Response, Trouble> {
        self.signed_in(session)?;
        let (_, query) = request.target.split_once('?').unwrap_or_default();
        let seen = request.headers.first("Last-Event-ID").or_else(|| {
            let mut pairs = query.split('&');
            pairs.find_map(|pair| pair.strip_prefix("after="))
        });
        let seen = seen.and_then(|seen| seen.parse().ok());
        let seen = seen.unwrap_or_else(|| self.journal.count());
        Ok(pages::event(self.journal.after(seen, WAIT).await))
    }

    fn sign_in(
        &self,
        request: &Request,
        peer: IpAddr,
        session: &Session,
    ) -> Result<Response, Trouble> {
        let sign_in = SignIn::of(&String::from_utf8_lossy(&request.body));
        if !session.sent(&sign_in.form_token) {
            return Err(Trouble::FormToken);
        }
        if let Err(trouble) = self.admit(&sign_in, peer) {
            return Ok(self.with(session, pages::sign_in(session, Some(&trouble))));
        }
        let now = self.options.clock.now();
        let signed_in = self.sessions.signed_in(session, &sign_in.name, now);
        Ok(self.with(&signed_in, pages::see_other("/")))
    }

    fn sign_out(&self, request: &Request, session: &Session) -> Result<Response, Trouble> {
        let body = String::from_utf8_lossy(&request.body);
        if !session.sent(&SignIn::of(&body).form_token) {
            return Err(Trouble::FormToken);
        }
        self.sessions.end(session);
        Ok(pages::see_other("/sign-in"))
    }

    fn admit(&self, sign_in: &SignIn, peer: IpAddr) -> Result<(), Trouble> {
        if !self.options.accounts.are_asked_for() {
            return Ok(());
        }
        let now = self.options.clock.now();
        self.sessions.begin_sign_in(&sign_in.name, peer, now)?;
        if !self
            .options
            .accounts
            .admit(&sign_in.name, &sign_in.password)
        {
            return Err(Trouble::Login);
        }
        self.sessions.forgive(&sign_in.name, peer);
        Ok(())
    }

    /// A store belongs to the account that connected it first.
    fn claim(&self, store: &ConnectedStore, account: &str) -> Result<(), Trouble> {
        if !self.options.accounts.are_asked_for() {
            return Ok(());
        }
        let other = store.owner.as_deref().is_some_and(|owner| owner != account);
        if other && self.makes(Guard::Owner) {
            return Err(Trouble::Owned);
        }
        self.book.change(&store.consumer_key, |store| {
            store.owner = Some(account.to_owned());
        });
        Ok(())
    }

    fn signed_in(&self, session: &Session) -> Result<(), Trouble> {
        let needed = self.options.accounts.are_asked_for();
        if needed && session.account.is_none() {
            return Err(Trouble::SignInFirst);
        }
        Ok(())
    }

    fn with(&self, session: &Session, mut response: Response) -> Response {
        self.sessions.keep(session.clone(), &mut response);
        response
    }

    fn known(&self, consumer_key: &str) -> Result<ConnectedStore, Trouble> {
        self.book
            .find(consumer_key)
            .ok_or_else(|| Trouble::KeyUnknown(shown(consumer_key)))
    }

    fn write(&self, consumer_key: &str) -> Result<(), Trouble> {
        match self.book.find(consumer_key) {
            Some(store) => self.written(|keep| keep.write(&store)),
            None => Ok(()),
        }
    }

    fn written(
        &self,
        write: impl FnOnce(&Keep) -> Result<(), crate::storage::VaultError>,
    ) -> Result<(), Trouble> {
        write(&self.keep).map_err(|error| {
            let told = error.to_string();
            self.tell(Step::Credentials, "-", Outcome::Failed(told));
            Trouble::NotKept
        })
    }

    fn report(&self, consumer_key: &str, step: Step, result: &Result<String, Trouble>) {
        let outcome = match result {
            Ok(detail) => Outcome::Done(detail.clone()),
            Err(trouble) => Outcome::Failed(trouble.to_string()),
        };
        self.note(consumer_key, step, outcome);
    }

    fn note(&self, consumer_key: &str, step: Step, outcome: Outcome) {
        let record = StepRecord {
            step,
            at: self.options.clock.now(),
            outcome: outcome.clone(),
        };
        let store = self.book.record(consumer_key, record);
        self.journal.changed();
        let name = store.map(|store| store.base_url());
        let name = name.filter(|url| !url.is_empty());
        self.tell(step, &name.unwrap_or_else(|| shown(consumer_key)), outcome);
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

fn wrong_method(page: &'static str, allowed: &'static str, method: &str) -> Trouble {
    Trouble::Method {
        page,
        allowed,
        method: shown(method),
    }
}
