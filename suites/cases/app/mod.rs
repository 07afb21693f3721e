//! Apps: what a third-party app owes a store, seen from the store and from the merchant's browser.

use magespec::conformance::{Posted, Seen, Stop, Theatre};
use magespec::wire::Response;

mod access_token;
mod answers;
mod callback;
mod callback_refused;
mod calls;
mod life;
mod link;
mod link_security;
mod nonce;
mod reactions;
mod request_token;
mod strangers;
mod transport;

magespec::group!("app":
    callback, callback_refused, strangers, request_token, answers, access_token, link, link_security, calls, reactions, life, transport, nonce
);

/// Tries of one thing that are not endless.
const MOST_TRIES: usize = 3;
/// The first credentials POST of the run.
fn first_post<'a>(theatre: &Theatre<'a>) -> Result<&'a Posted, Stop> {
    theatre.recall();
    let posted = theatre.first()?.posted.first();
    posted.ok_or_else(|| Stop::CouldNotRun("no credentials were posted".to_owned()))
}

/// An answer of the token endpoints that refuses.
fn problem(status: u16, sentence: &str) -> Response {
    let pairs = [("oauth_problem", sentence)];
    Response::new(
        status,
        "text/html; charset=UTF-8",
        magespec::text::form::encode_pairs(pairs),
    )
}

/// A refusal of REST.
fn message(status: u16, body: &str) -> Response {
    Response::new(status, "application/json; charset=utf-8", body)
}

/// The requests in a few words: status and target of each.
fn told(seen: &[Seen]) -> String {
    if seen.is_empty() {
        return "no request".to_owned();
    }
    let told: Vec<String> = seen
        .iter()
        .map(|seen| format!("{} {} {}", seen.request.method, seen.path(), seen.status()))
        .collect();
    told.join(", ")
}
