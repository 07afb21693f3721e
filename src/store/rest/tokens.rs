//! E9, E10 and E11: tokens of administrators and customers (docs/protocol/person-tokens.md).

use serde_json::{Map, Value};

use super::problem::{Problem, sentence};
use crate::secret::Secret;
use crate::storage::AccountKind;
use crate::store::caller::{Caller, Identity};
use crate::store::services::{self, Fault};
use crate::store::{Store, person};

/// E11, which older releases do not have.
pub(super) const REVOCATION: &str = "/V1/integration/customer/revoke-customer-token";

/// The cookie of a session's form key.
const FORM_KEY: &str = "form_key";

/// A route of this file.
pub(super) type Service = fn(&Store, &Identity<'_>, &Map<String, Value>) -> Result<Value, Problem>;

/// The service of a method and a template, when it is one of this file.
pub(super) fn find(method: &str, template: &str) -> Option<Service> {
    match (method, template) {
        ("POST", "/V1/integration/admin/token") => Some(admin),
        ("POST", "/V1/integration/customer/token") => Some(customer),
        ("POST", REVOCATION) => Some(revoke),
        _ => None,
    }
}

/// E9 asks who calls, so that refused OAuth credentials beside good ones are noticed; E10 does not (docs/protocol/rest.md#who-is-calling).
fn admin(
    store: &Store,
    identity: &Identity<'_>,
    fields: &Map<String, Value>,
) -> Result<Value, Problem> {
    let (user_name, password) = credentials(fields)?;
    identity
        .caller()
        .map_err(|unknown| Problem::unknown_caller(store, unknown))?;
    // A password check ends the form key of the visitor's session.
    identity.turn().end_cookie(FORM_KEY);
    open(store, AccountKind::Admin, &user_name, &password)
}

fn customer(
    store: &Store,
    identity: &Identity<'_>,
    fields: &Map<String, Value>,
) -> Result<Value, Problem> {
    let (user_name, password) = credentials(fields)?;
    let turn = identity.turn();
    turn.begin_session();
    let token = open(store, AccountKind::Customer, &user_name, &password)?;
    turn.end_cookie("persistent_shopping_cart");
    turn.end_cookie(FORM_KEY);
    Ok(token)
}

/// User name and password: scalars count as text, and a text of blanks is a text. The types come before what is missing.
fn credentials(fields: &Map<String, Value>) -> Result<(String, Secret), Problem> {
    let text = |name| match fields.get(name) {
        None => Ok(String::new()),
        Some(value) => services::plain(value).ok_or_else(|| Fault::wrong_type("array", "string")),
    };
    let (user_name, password) = (text("username")?, text("password")?);
    let named = [("username", &user_name), ("password", &password)];
    let missing: Vec<&str> = named
        .into_iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| name)
        .collect();
    if !missing.is_empty() {
        return Err(Fault::required(&missing).into());
    }
    Ok((user_name, Secret::new(password)))
}

fn open(
    store: &Store,
    kind: AccountKind,
    user_name: &str,
    password: &Secret,
) -> Result<Value, Problem> {
    let token = person::open(store, kind, user_name, password)
        .map_err(|error| Problem::failed(store, &error))?;
    let token = token.ok_or_else(|| Problem::new(401, sentence::SIGN_IN))?;
    Ok(Value::String(token))
}

/// Whoever is no customer has no customer id (docs/protocol/guest-access.md).
fn revoke(
    store: &Store,
    identity: &Identity<'_>,
    _: &Map<String, Value>,
) -> Result<Value, Problem> {
    let id = match identity.caller() {
        Ok(Caller::Customer(id)) => id,
        Ok(_) => return Err(Fault::required(&["customerId"]).into()),
        Err(unknown) => return Err(Problem::unknown_caller(store, unknown)),
    };
    store
        .storage()
        .revoke_person(AccountKind::Customer, id, store.now())
        .map_err(|error| Problem::failed(store, &error))?;
    Ok(Value::Bool(true))
}
