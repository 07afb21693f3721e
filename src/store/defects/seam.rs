//! The seams: where a store asks for its faults.

use std::cell::RefCell;

use serde_json::Value;

use crate::acl::Grant;
use crate::integration::plan::Action;
use crate::integration::{Change, Exchange, Token, TokenGrant};
use crate::module::SourceFile;
use crate::module::baseline::Route;
use crate::oauth::{
    self, ConsumerRecord, Outcome, Problem, Records, Rejection, Spent, Step, TokenRecord,
    authenticate_by,
};
use crate::storage::{self, Account, AccountKind};
use crate::store::Store;
use crate::store::callback::{CredentialsPost, NoAnswer};
use crate::store::caller::{Caller, Unknown};
use crate::store::integrations::Posting;
use crate::store::turn::Turn;
use crate::time::UnixTime;
use crate::wire::server::Connection;
use crate::wire::{Request, Response};

use super::faults::{Asked, Calling, Faults, Granting, Guard, Issuing, NonceUse};
use super::signed::{Seen, Signed};

impl Store {
    /// What the store does wrong on purpose; none for nearly every one.
    pub(in crate::store) fn faults(&self) -> Option<&Faults> {
        self.faults.as_deref()
    }

    /// Whether a page of it had this form key, as far as a defect has kept that.
    pub(in crate::store) fn has_shown_form_key(&self, key: &str) -> bool {
        self.faults()
            .is_some_and(|faults| faults.words().contains(&format!("form key {key}")))
    }

    /// Whether it makes this check.
    pub(in crate::store) fn makes(&self, guard: Guard) -> bool {
        self.faults().is_none_or(|faults| faults.makes(guard))
    }
}

impl Faults {
    /// Answers a request, wrong at both ends.
    pub(in crate::store) fn answer(
        &self,
        store: &Store,
        request: &Request,
        connection: &Connection,
    ) -> Response {
        let mut request = request.clone();
        for change in &self.arriving {
            change(store, &mut request);
        }
        let instead = self.instead.iter().find_map(|work| work(store, &request));
        let mut response = instead.unwrap_or_else(|| store.answer_truly(&request, connection));
        for change in &self.leaving {
            change((store, &request), &mut response);
        }
        response
    }

    /// Judges a signed request.
    pub(in crate::store) fn judge<R: Records<Error = storage::Error>>(
        &self,
        store: &Store,
        step: Step,
        request: &oauth::Request<'_>,
        records: &R,
    ) -> storage::Result<Outcome> {
        let mut seen = Seen::of(request);
        for change in &self.read_as {
            change(&mut seen);
        }
        let request = seen.request();
        let unknown = Signed {
            store,
            step,
            request,
            consumer: None,
            token: None,
        };
        if let Some(rejection) = self.first.iter().find_map(|refuse| refuse(&unknown)) {
            return Ok(Outcome::Rejected(rejection));
        }
        let now = store.now();
        let now = self.clock.iter().fold(now, |now, read| read(&unknown, now));
        let rows = Rows {
            faults: self,
            records,
            asked: &unknown,
            consumer: RefCell::default(),
            token: RefCell::default(),
        };
        let mut outcome = authenticate_by(&self.policy, step, &request, now, &rows)?;
        let signed = Signed {
            consumer: rows.consumer.take(),
            token: rows.token.take(),
            ..unknown
        };
        let is_wrong = matches!(&outcome, Outcome::Rejected(rejection) if rejection.problem == Problem::SignatureInvalid);
        if is_wrong
            && self.also_right.iter().any(|accept| accept(&signed))
            && let Some(accepted) = signed.authenticated()
        {
            outcome = accepted;
        }
        for judge in &self.verdict {
            outcome = judge(&signed, outcome);
        }
        Ok(outcome)
    }

    pub(in crate::store) fn issued(
        &self,
        store: &Store,
        step: Step,
        rows: &[Token],
        issued: Result<TokenGrant, Rejection>,
    ) -> Result<TokenGrant, Rejection> {
        let issuing = Issuing { store, step, rows };
        let hooks = self.issuing.iter();
        hooks.fold(issued, |issued, change| change(&issuing, issued))
    }

    pub(in crate::store) fn called(
        &self,
        store: &Store,
        turn: &Turn<'_>,
        found: Result<Caller, Unknown>,
    ) -> Result<Caller, Unknown> {
        let calling = Calling { store, turn };
        let hooks = self.calling.iter();
        hooks.fold(found, |found, change| change(&calling, found))
    }

    pub(in crate::store) fn decided(
        &self,
        store: &Store,
        turn: &Turn<'_>,
        caller: Caller,
        resource: &str,
        allowed: bool,
    ) -> bool {
        let asked = Asked {
            store,
            turn,
            caller,
            resource,
        };
        let hooks = self.deciding.iter();
        hooks.fold(allowed, |allowed, decide| decide(&asked, allowed))
    }

    pub(in crate::store) fn opens(&self, store: &Store, route: &Route, opened: bool) -> bool {
        let hooks = self.opening.iter();
        hooks.fold(opened, |opened, decide| decide(store, route, opened))
    }

    pub(in crate::store) fn account(&self, mut account: Account) -> Account {
        for change in &self.account {
            change(&mut account);
        }
        account
    }

    pub(in crate::store) fn counted(&self, kind: AccountKind, name: &str) -> (AccountKind, String) {
        let hooks = self.counting.iter();
        hooks.fold((kind, name.to_owned()), |counted, change| change(counted))
    }

    pub(in crate::store) fn claims(&self, mut claims: Value) -> Value {
        for change in &self.claims {
            change(&mut claims);
        }
        claims
    }

    pub(in crate::store) fn exchanging(
        &self,
        rows: &[Token],
        reauthorize: bool,
        exchange: &mut Exchange,
    ) {
        for change in &self.exchanging {
            change(rows, reauthorize, exchange);
        }
    }

    pub(in crate::store) fn showing(
        &self,
        rows: &[Token],
        reauthorize: bool,
        changes: &mut Vec<Change>,
    ) {
        for change in &self.showing {
            change(rows, reauthorize, changes);
        }
    }

    /// Sends the credentials POST.
    pub(in crate::store) fn post(
        &self,
        post: &CredentialsPost<'_>,
        posting: &Posting<'_>,
    ) -> Result<Response, NoAnswer> {
        let (mut letter, mut limits) = (post.letter(), posting.limits);
        for change in &self.posting {
            change(&mut letter, &mut limits);
        }
        for _ in 1..letter.copies {
            letter.send(posting.sender, limits, posting.clock)?;
        }
        letter.send(posting.sender, limits, posting.clock)
    }

    pub(in crate::store) fn granting(&self, granting: &Granting<'_>, grant: Grant) -> Grant {
        let hooks = self.granting.iter();
        hooks.fold(grant, |grant, change| change(granting, grant))
    }

    pub(in crate::store) fn files(&self, files: &mut [SourceFile]) {
        for file in files {
            for change in &self.files {
                change(file);
            }
        }
    }

    pub(in crate::store) fn planned(&self, store: &Store, actions: &mut Vec<Action>) {
        for change in &self.planned {
            change(store, actions);
        }
    }

    pub(in crate::store) fn setting(&self, path: &str, value: Option<String>) -> Option<String> {
        let hooks = self.setting.iter();
        hooks.fold(value, |value, read| read(path, value))
    }
}

/// The rows as the signature check sees them.
struct Rows<'a, R> {
    faults: &'a Faults,
    records: &'a R,
    asked: &'a Signed<'a>,
    consumer: RefCell<Option<ConsumerRecord>>,
    token: RefCell<Option<TokenRecord>>,
}

impl<R: Records<Error = storage::Error>> Records for Rows<'_, R> {
    type Error = storage::Error;

    fn consumer(&self, key: &str) -> storage::Result<Option<ConsumerRecord>> {
        let found = self.records.consumer(key)?;
        self.consumer.borrow_mut().clone_from(&found);
        Ok(found)
    }

    fn spend_nonce(
        &self,
        consumer_id: i64,
        nonce: &str,
        timestamp: UnixTime,
    ) -> storage::Result<Spent> {
        let spend =
            |consumer_id: i64, nonce: &str| self.records.spend_nonce(consumer_id, nonce, timestamp);
        match self.faults.nonce {
            None => spend(consumer_id, nonce),
            Some(wrong) => wrong(&NonceUse {
                faults: self.faults,
                step: self.asked.step,
                consumer_id,
                nonce,
                timestamp,
                now: self.asked.store.now(),
                spend: &spend,
            }),
        }
    }

    fn token(&self, token: &str) -> storage::Result<Option<TokenRecord>> {
        let mut found = self.records.token(token)?;
        if let Some(row) = &mut found {
            for change in &self.faults.token {
                change(self.asked, row);
            }
        }
        self.token.borrow_mut().clone_from(&found);
        Ok(found)
    }
}
