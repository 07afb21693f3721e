//! The way of a store into the app: its credentials, the identity link, the sign-in, the exchange and the first call.

use std::net::IpAddr;
use std::sync::Arc;

use super::App;
use crate::app::account::{SignIn, Visit, visit};
use crate::app::defects::faults::Guard;
use crate::app::session::Session;
use crate::app::trouble::shown;
use crate::app::way_back::checked;
use crate::app::{ConnectedStore, Credentials, ExchangeOn, Outcome, Step, Trouble, pages};
use crate::wire::{Request, Response};

impl App {
    /// Keeps the credentials and answers; with `on-callback` the exchange goes on by itself.
    pub(super) fn callback(
        self: &Arc<Self>,
        request: &Request,
        peer: IpAddr,
    ) -> Result<Response, Trouble> {
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

    pub(super) fn identity_link(
        &self,
        query: &str,
        session: &Session,
    ) -> Result<Response, Trouble> {
        let visit = visit(query)?;
        let store = self.known(&visit.consumer_key)?;
        if self.makes(Guard::Return) {
            checked(&store, &visit.success_callback, &self.options.return_hosts)?;
        }
        let page = pages::login(&store, &visit.success_callback, session, None);
        Ok(self.with(session, page))
    }

    pub(super) async fn login(
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
        let back = match store.credentials() {
            Some(credentials) => self.faults.way_back(back, credentials),
            None => back.clone(),
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
    pub(super) async fn call(&self, consumer_key: &str) -> Result<(), Trouble> {
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
}
