//! Who is asking on REST: contexts tried in order, and only when something wants to know (docs/protocol/rest.md#who-is-calling and docs/protocol/rest.md#bearer-tokens-of-integrations).

use std::cell::OnceCell;

use crate::acl::Grant;
use crate::integration::Status;
use crate::oauth::{Outcome, Step};
use crate::storage::{self, AccountKind};
use crate::text::{form, visible};

use super::records::judge;
pub(super) use super::services::Caller;
use super::turn::Turn;
pub(super) use super::unknown::Unknown;
use super::{Store, front, person, settings};

/// The caller of one request and the grant, each found out at most once.
pub(super) struct Identity<'a> {
    store: &'a Store,
    turn: &'a Turn<'a>,
    found: OnceCell<Result<Caller, Unknown>>,
    grant: OnceCell<Grant>,
}

impl<'a> Identity<'a> {
    pub(super) const fn new(store: &'a Store, turn: &'a Turn<'a>) -> Self {
        Self {
            store,
            turn,
            found: OnceCell::new(),
            grant: OnceCell::new(),
        }
    }

    /// The request.
    pub(super) const fn turn(&self) -> &'a Turn<'a> {
        self.turn
    }

    /// The caller; a guest is not an error, refused OAuth credentials are.
    pub(super) fn caller(&self) -> Result<Caller, &Unknown> {
        self.found
            .get_or_init(|| {
                let found = self.find();
                if let Ok(caller) = &found {
                    self.turn.note_caller(described(*caller));
                    if *caller == Caller::Guest {
                        self.turn.note_explanation(|| self.passed_over());
                    }
                }
                found
            })
            .as_ref()
            .copied()
    }

    /// What this caller was granted, read at most once. A customer has what is `self`, which is no grant.
    pub(super) fn grant(&self, caller: Caller) -> storage::Result<&Grant> {
        if let Some(grant) = self.grant.get() {
            return Ok(grant);
        }
        let storage = self.store.storage();
        let grant = match caller {
            Caller::Guest | Caller::Customer(_) => Grant::Nothing,
            Caller::Admin(id) => {
                let account = storage.account_with_id(AccountKind::Admin, id)?;
                let tree = self.store.tree();
                account.map_or(Grant::Nothing, |account| account.grant(&tree))
            }
            Caller::Integration(id) => storage.grant(id)?,
        };
        Ok(self.grant.get_or_init(|| grant))
    }

    fn find(&self) -> Result<Caller, Unknown> {
        let found = self.find_truly();
        match self.store.faults() {
            None => found,
            Some(faults) => faults.called(self.store, self.turn, found),
        }
    }

    fn find_truly(&self) -> Result<Caller, Unknown> {
        if let Some(token) = self.bearer()
            && let Some(caller) = self.bearer_caller(token).map_err(Unknown::Storage)?
        {
            return Ok(caller);
        }
        self.turn.begin_session();
        self.signer()
    }

    /// Why what looks like credentials was not taken for any, in a sentence for the log.
    fn passed_over(&self) -> Option<String> {
        let request = self.turn.request;
        let Some(header) = request.headers.first("Authorization") else {
            let query = front::raw_query(&request.target);
            let name = form::pairs(query).map(|(name, _)| name);
            let name = name.into_iter().find(|name| {
                name.starts_with("oauth_") || name == "access_token" || name == "token"
            })?;
            let name = visible::line(&name).into_owned();
            return Some(format!(
                "`{name}` stands in the query: a store takes credentials from the field `Authorization` alone"
            ));
        };
        let scheme = header.split(' ').next().unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(self.bearer_passed_over());
        }
        if scheme.eq_ignore_ascii_case("oauth") {
            return Some(if header.contains("oauth_") {
                "the signature is right, but its integration is not active".to_owned()
            } else {
                "`Authorization: OAuth` brings no parameter whose name begins with `oauth_`"
                    .to_owned()
            });
        }
        let scheme = visible::line(&visible::cut(scheme, 40)).into_owned();
        Some(format!(
            "`Authorization` has the scheme `{scheme}`: a store knows `OAuth` and `Bearer`"
        ))
    }

    fn bearer_passed_over(&self) -> String {
        let Some(value) = self.bearer() else {
            return "`Authorization` is not `Bearer` and one token with one blank between"
                .to_owned();
        };
        match self.store.storage().token(value) {
            Ok(Some(token)) if token.revoked => "the bearer token is revoked".to_owned(),
            Ok(Some(_)) => format!(
                "the bearer token is an integration's, and `{}` is off",
                settings::BEARER
            ),
            _ => "no administrator or customer has this bearer token, or it has expired".to_owned(),
        }
    }

    /// The bearer token: exactly two pieces between single blanks.
    fn bearer(&self) -> Option<&'a str> {
        let header = self.turn.request.headers.first("Authorization")?;
        let mut pieces = header.split(' ');
        let (scheme, token) = (pieces.next()?, pieces.next()?);
        (pieces.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token)
    }

    /// Whose bearer token it is. Neither its kind nor the integration's status counts (docs/protocol/rest.md#bearer-tokens-of-integrations).
    fn bearer_caller(&self, value: &str) -> storage::Result<Option<Caller>> {
        let storage = self.store.storage();
        if let Some(token) = storage.token(value)? {
            if token.revoked || !self.store.is_on(settings::BEARER)? {
                return Ok(None);
            }
            let integration = storage.integration_of(token.consumer_id)?;
            return Ok(integration.map(|integration| Caller::Integration(integration.id)));
        }
        let person = person::bearer(self.store, value)?;
        Ok(person.map(|(kind, id)| match kind {
            AccountKind::Admin => Caller::Admin(id),
            AccountKind::Customer => Caller::Customer(id),
        }))
    }

    fn signer(&self) -> Result<Caller, Unknown> {
        let store = self.store;
        match judge(store, self.turn, Step::Resource).map_err(Unknown::Storage)? {
            Outcome::Anonymous => Ok(Caller::Guest),
            Outcome::Rejected(rejection) => Err(Unknown::Rejected(rejection)),
            Outcome::Failed(fault) => Err(Unknown::Failed(fault)),
            Outcome::Authenticated(authenticated) => {
                let consumer_id = authenticated.consumer.id;
                let found = store.storage().integration_of(consumer_id);
                Ok(found
                    .map_err(Unknown::Storage)?
                    .filter(|integration| integration.status == Status::Active)
                    .map_or(Caller::Guest, |integration| {
                        Caller::Integration(integration.id)
                    }))
            }
        }
    }
}

/// Who it is, for the request log.
fn described(caller: Caller) -> String {
    match caller {
        Caller::Guest => "guest".to_owned(),
        Caller::Customer(id) => format!("customer {id}"),
        Caller::Admin(id) => format!("admin {id}"),
        Caller::Integration(id) => format!("integration {id}"),
    }
}
