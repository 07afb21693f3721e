//! E1 and E2, `/oauth/token/request` and `/oauth/token/access` (docs/protocol/token-endpoints.md#paths and docs/protocol/errors.md#e1-and-e2).

use crate::integration::{Token, issue_access_token, issue_request_token};
use crate::oauth::{self, Authenticated, Fault, Outcome, Problem, Rejection, Step, TokenRecord};
use crate::storage;
use crate::text::form;
use crate::wire::Response;

use super::changes::fresh_token;
use super::records::judge;
use super::rest::sentence;
use super::turn::Turn;
use super::{Store, front, incident, page};

/// How an exchange ends.
enum Ended {
    Granted { body: String },
    Rejected(Rejection),
    Failed(Fault),
}

/// Answers E1 or E2.
pub(super) fn answer(store: &Store, turn: &Turn<'_>, step: Step) -> Response {
    let html = |status, body| page::html_in_session(store, turn, status, body);
    match exchange(store, turn, step) {
        Ok(Ended::Granted { body }) => html(200, body),
        Ok(Ended::Rejected(rejection)) => {
            turn.note_reason(rejection.message());
            html(rejection.status(), rejection.form_body())
        }
        Ok(Ended::Failed(fault @ Fault::Warning)) => {
            turn.note_reason(fault.message());
            html(Fault::STATUS, fault.form_body())
        }
        Ok(Ended::Failed(fault @ Fault::Type)) => {
            turn.note_reason(fault.message());
            page::unhandled_in_session(store, turn, sentence::BROKEN)
        }
        Err(error) => {
            let id = incident::logged(store.entropy(), &error);
            turn.note_reason(format!("internal error webapi-{id}"));
            let told = sentence::INTERNAL.replace("%1", &id);
            html(500, internal_error_body(&told))
        }
    }
}

fn internal_error_body(message: &str) -> String {
    let text = format!("internal_error&message={message}");
    format!("oauth_problem={}", form::encode(&text))
}

fn exchange(store: &Store, turn: &Turn<'_>, step: Step) -> storage::Result<Ended> {
    match judge(store, turn, step)? {
        Outcome::Authenticated(authenticated) => issue(store, turn, step, &authenticated),
        Outcome::Rejected(rejection) => Ok(Ended::Rejected(rejection)),
        Outcome::Failed(fault) => Ok(Ended::Failed(fault)),
        Outcome::Anonymous => unreachable!("only a REST call can be without credentials"),
    }
}

/// Check 14 of docs/protocol/errors.md#which-error-wins, and the new token. The rows are looked at in the transaction that
/// writes: of parallel requests one is granted. Real stores look before, and now and then grant several, of which the last one counts
/// (docs/protocol/flow.md#races).
fn issue(
    store: &Store,
    turn: &Turn<'_>,
    step: Step,
    authenticated: &Authenticated,
) -> storage::Result<Ended> {
    let consumer_id = authenticated.consumer.id;
    turn.note_caller(format!("consumer {consumer_id}"));
    let drawn = fresh_token(store.entropy());
    // Of another life when another request spent it since it was looked up.
    let is_spent = |rows: &[Token]| {
        let still = |token: &TokenRecord| {
            rows.iter()
                .any(|row| row.id == token.id && row.secret == token.secret)
        };
        (authenticated.token.as_ref()).is_some_and(|token| !still(token))
    };
    let mut refused = None;
    let mut given = None;
    let saved = store
        .storage()
        .change_tokens(consumer_id, store.now(), &mut |rows| {
            let issued = match step {
                Step::AccessToken if is_spent(rows) => Err(Rejection::of(Problem::TokenUnknown)),
                Step::AccessToken => issue_access_token(consumer_id, rows, drawn.clone()),
                Step::RequestToken | Step::Resource => {
                    issue_request_token(consumer_id, rows, drawn.clone())
                }
            };
            let issued = match store.faults() {
                None => issued,
                Some(faults) => faults.issued(store, step, rows, issued),
            };
            match issued {
                Ok(granted) => {
                    refused = None;
                    given = Some((granted.token, granted.secret));
                    granted.changes
                }
                Err(rejection) => {
                    refused = Some(rejection);
                    Vec::new()
                }
            }
        })?;
    if let Some(rejection) = refused {
        return Ok(Ended::Rejected(rejection));
    }
    if saved {
        store.sweep_tokens()?;
    }
    let (token, secret) = given.unwrap_or((drawn.token, drawn.secret));
    Ok(Ended::Granted {
        body: form::encode_pairs([
            ("oauth_token", token.as_str()),
            ("oauth_token_secret", secret.expose()),
        ]),
    })
}

/// The scheme, host and target that were signed, as the store sees them.
impl Turn<'_> {
    pub(super) fn signed_request(&self) -> oauth::Request<'_> {
        let headers = &self.request.headers;
        oauth::Request {
            method: &self.request.method,
            scheme: if self.is_secure() { "https" } else { "http" },
            host: self.host(),
            target: front::origin_form(&self.request.target),
            authorization: headers.first("Authorization"),
            content_type: headers.first("Content-Type"),
            body: &self.request.body,
        }
    }
}
