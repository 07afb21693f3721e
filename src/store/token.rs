//! E1 and E2, `/oauth/token/request` and `/oauth/token/access` (docs/protocol/token-endpoints.md#paths and docs/protocol/errors.md#e1-and-e2).

use crate::integration::{issue_access_token, issue_request_token};
use crate::oauth::{self, Authenticated, Fault, Outcome, Rejection, Step};
use crate::storage;
use crate::text::form;
use crate::wire::Response;

use super::changes::{carry_out, fresh_token};
use super::records::judge;
use super::rest::sentence;
use super::turn::Turn;
use super::{Store, front, page};

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
            turn.note_reason(error.to_string());
            html(500, internal_error_body(&error.to_string()))
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

/// Check 14 of docs/protocol/errors.md#which-error-wins and the new token. The rows are read without a lock, as stores do: of parallel answers the last one
/// written counts (docs/protocol/flow.md#one-row-three-lives).
fn issue(
    store: &Store,
    turn: &Turn<'_>,
    step: Step,
    authenticated: &Authenticated,
) -> storage::Result<Ended> {
    let consumer_id = authenticated.consumer.id;
    turn.note_caller(format!("consumer {consumer_id}"));
    let rows = store.storage().tokens_of(consumer_id)?;
    let fresh = fresh_token(store.entropy());
    let issued = match step {
        Step::AccessToken => issue_access_token(consumer_id, &rows, fresh),
        Step::RequestToken | Step::Resource => issue_request_token(consumer_id, &rows, fresh),
    };
    let granted = match issued {
        Ok(granted) => granted,
        Err(rejection) => return Ok(Ended::Rejected(rejection)),
    };
    let sweep = || store.sweep_tokens();
    let (storage, now) = (store.storage(), store.now());
    carry_out(storage, consumer_id, granted.changes, now, &sweep)?;
    Ok(Ended::Granted {
        body: form::encode_pairs([
            ("oauth_token", granted.token.as_str()),
            ("oauth_token_secret", granted.secret.expose()),
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
