//! What the server itself answers.

use crate::wire::Response;

/// A plain text response, for what the server itself has to say.
pub(super) fn plain(status: u16, sentence: &str) -> Response {
    Response::new(status, "text/plain; charset=UTF-8", sentence)
}

/// There is too much to do at the moment.
pub(super) fn busy() -> Response {
    let mut response = plain(
        503,
        "The server is busy; send the request again in a moment.",
    );
    response.headers.add("Retry-After", "1");
    response
}
