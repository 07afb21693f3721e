//! The app's URLs, each with what it does.

mod handshake;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::account::SignIn;
use super::book::Book;
use super::client::Client;
use super::defects::Faults;
use super::defects::faults::Guard;
use super::exchange::Exchanger;
use super::journal::Journal;
use super::keep::Keep;
use super::session::{Session, Sessions};
use super::trouble::shown;
use super::{
    ConnectedStore, Error, Event, Options, Outcome, SentRequest, Step, StepRecord, Trouble, pages,
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
    /// What the app does wrong on purpose: nothing, for nearly every one.
    faults: Arc<Faults>,
}

impl App {
    pub(super) fn new(
        options: Options,
        vault: Option<Vault>,
        faults: Arc<Faults>,
    ) -> Result<Self, Error> {
        let options = Arc::new(options);
        let journal = Arc::new(Journal::default());
        let keep = Keep::new(vault, Arc::clone(&options.entropy));
        let client = Client::new(
            Arc::clone(&options),
            Arc::clone(&journal),
            Arc::clone(&faults),
        )?;
        Ok(Self {
            book: Arc::new(Book::of(keep.stores()?)),
            keep,
            sessions: Sessions::new(Arc::clone(&options.entropy), options.behind_https),
            exchanger: Exchanger {
                client,
                options: Arc::clone(&options),
                faults: Arc::clone(&faults),
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
        if let Some(instead) = self.faults.instead(request) {
            return instead;
        }
        let session = self.sessions.of(request, self.options.clock.now());
        let answer = self.routed(request, peer, &session).await;
        let mut response = answer.unwrap_or_else(|trouble| pages::trouble(&trouble));
        self.faults.leave(request, &mut response);
        if request.target.starts_with("/callback") && !self.faults.delay.is_zero() {
            tokio::time::sleep(self.faults.delay).await;
        }
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }

    fn makes(&self, guard: Guard) -> bool {
        self.faults.makes(guard)
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
