//! The storefront's few pages, and the header fields that every page of it has.

use jiff::Timestamp;

use super::Store;
use crate::time::UnixTime;
use crate::wire::Response;

const HTML: &str = "text/html; charset=UTF-8";

/// A page of the storefront: not to be cached, not to be framed (spec oauth.md §1.1).
pub(crate) fn html(store: &Store, status: u16, body: impl Into<Vec<u8>>) -> Response {
    let mut response = Response::new(status, HTML, body);
    let headers = &mut response.headers;
    headers.add("Pragma", "no-cache");
    headers.add(
        "Cache-Control",
        "max-age=0, must-revalidate, no-cache, no-store",
    );
    headers.add("Expires", http_date(store.now().plus(-365 * 24 * 3600)));
    headers.add("X-Content-Type-Options", "nosniff");
    headers.add("X-XSS-Protection", "1; mode=block");
    headers.add("X-Frame-Options", "SAMEORIGIN");
    headers.add("Content-Security-Policy-Report-Only", "default-src 'self'");
    response
}

/// The start page.
pub(crate) fn home(store: &Store) -> Response {
    html(
        store,
        200,
        document("Home", "<p>This is a magespec reference store.</p>"),
    )
}

/// The 404 page.
pub(crate) fn not_found(store: &Store) -> Response {
    html(
        store,
        404,
        document("404 Not Found", "<p>There is no page at this address.</p>"),
    )
}

/// The page for an error that no format was agreed for.
pub(crate) fn internal_error(store: &Store) -> Response {
    html(
        store,
        500,
        document(
            "There has been an error processing your request",
            "<p>Exception printing is disabled by default for security reasons.</p>",
        ),
    )
}

fn document(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><h1>{title}</h1>\n{content}</body>\n</html>\n"
    )
}

/// A time as HTTP writes it (RFC 9110 §5.6.7).
pub(crate) fn http_date(time: UnixTime) -> String {
    Timestamp::from_second(time.0)
        .unwrap_or_default()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}
