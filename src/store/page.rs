//! The storefront's few pages, and the header fields that every page of it has.

use jiff::Timestamp;

use super::turn::Turn;
use super::{Mode, Store};
use crate::random;
use crate::text::markup::escaped;
use crate::time::UnixTime;
use crate::wire::Response;

const HTML: &str = "text/html; charset=UTF-8";
const NOT_CACHED: &str = "max-age=0, must-revalidate, no-cache, no-store";
/// Of pages that the cache keeps.
const KEPT: &str = "max-age=86400, public, s-maxage=86400";
const DAY: i64 = 24 * 3600;

/// A page of the storefront: not to be cached, not to be framed (docs/protocol/token-endpoints.md#paths).
pub(crate) fn html(store: &Store, status: u16, body: impl Into<Vec<u8>>) -> Response {
    let mut response = Response::new(status, HTML, body);
    forbid_caching(store, &mut response);
    add_policy(&mut response);
    response
}

/// A page that begins a session, as E1 and E2 do: its cookies stand first.
pub(crate) fn html_in_session(
    store: &Store,
    turn: &Turn<'_>,
    status: u16,
    body: impl Into<Vec<u8>>,
) -> Response {
    let mut response = Response::new(status, HTML, body);
    add_cookies(store, turn, &mut response);
    forbid_caching(store, &mut response);
    add_policy(&mut response);
    tell_cache(store, &mut response, NOT_CACHED);
    response
}

fn forbid_caching(store: &Store, response: &mut Response) {
    let headers = &mut response.headers;
    headers.add("Pragma", "no-cache");
    headers.add("Cache-Control", NOT_CACHED);
    headers.add("Expires", http_date(store.now().plus(-365 * DAY)));
}

fn add_policy(response: &mut Response) {
    let policy = "Content-Security-Policy-Report-Only";
    response.headers.add(policy, "default-src 'self'");
    protect(response);
}

/// The cookies of a visitor's first page; the second one tells pages in other tabs that a form was sent.
fn add_cookies(store: &Store, turn: &Turn<'_>, response: &mut Response) {
    let session = session_cookie(store, turn);
    response.headers.add("Set-Cookie", session);
    if turn.request.method.eq_ignore_ascii_case("POST") {
        let seconds = 3650 * DAY;
        let (version, expires) = (
            random::value(store.entropy()),
            http_date(store.now().plus(seconds)),
        );
        response.headers.add(
            "Set-Cookie",
            format!(
                "private_content_version={version}; expires={expires}; Max-Age={seconds}; path=/; SameSite=Lax"
            ),
        );
    }
}

/// The page that tells which software it is.
pub(crate) fn version(store: &Store, turn: &Turn<'_>) -> Response {
    let mut response = Response::new(200, HTML, "Magento/2.4 (Community)");
    let session = session_cookie(store, turn);
    response.headers.add("Set-Cookie", session);
    forbid_caching(store, &mut response);
    response.headers.add("X-Magento-Tags", "FPC");
    add_policy(&mut response);
    tell_cache(store, &mut response, NOT_CACHED);
    response
}

/// What search engines may read: nothing is forbidden.
pub(crate) fn robots(store: &Store, turn: &Turn<'_>) -> Response {
    let mut response = Response::new(200, "text/plain;charset=UTF-8", "\n");
    begin_session_unless_kept(store, turn, &mut response);
    if !matches!(turn.request.method.as_str(), "GET" | "HEAD") {
        response.headers.add("X-Magento-Tags", "robots_1,FPC");
    }
    forbid_caching(store, &mut response);
    add_policy(&mut response);
    tell_cache(store, &mut response, KEPT);
    response
}

/// What the store's own cache keeps of a page has no cookie, and it keeps what is got (measured 2.4.7-p3).
fn begin_session_unless_kept(store: &Store, turn: &Turn<'_>, response: &mut Response) {
    if turn.request.method != "GET" {
        let session = session_cookie(store, turn);
        response.headers.add("Set-Cookie", session);
    }
}

/// A form came without the key of its session: the way home, where the script of the page tells it (measured 2.4.7-p3).
pub(crate) fn form_refused(store: &Store, turn: &Turn<'_>) -> Response {
    const YEAR: i64 = 365 * DAY;
    let said = "%5B%7B%22type%22%3A%22error%22%2C%22text%22%3A%22Invalid%20Form%20Key.%20Please%20refresh%20the%20page.%22%7D%5D";
    let expires = http_date(store.now().plus(YEAR));
    let mut response = Response::new(302, HTML, "");
    add_cookies(store, turn, &mut response);
    response.headers.add(
        "Set-Cookie",
        format!("mage-messages={said}; expires={expires}; Max-Age={YEAR}; path=/; SameSite=Strict"),
    );
    forbid_caching(store, &mut response);
    response.headers.add("Location", store.base_url(false));
    response.headers.add("X-Magento-Tags", "FPC");
    add_policy(&mut response);
    tell_cache(store, &mut response, NOT_CACHED);
    response
}

/// The way to another address.
pub(crate) fn redirect(url: &str) -> Response {
    let mut response = Response::new(302, HTML, "");
    response.headers.add("Location", url);
    response
}

/// That the store is well: an empty page.
pub(crate) fn health_check() -> Response {
    Response::new(200, HTML, "")
}

/// An answer in GraphQL. Its session begins with it, as for the pages of a visitor.
pub(crate) fn graphql(
    store: &Store,
    turn: &Turn<'_>,
    cached: &GraphQlCache,
    (status, body): (u16, String),
) -> Response {
    let mut response = Response::new(status, "application/json", body);
    if !cached.keeps {
        add_cookies(store, turn, &mut response);
    }
    if let Some(id) = &cached.id {
        response.headers.add("X-Magento-Cache-Id", id);
    }
    forbid_caching(store, &mut response);
    if cached.id.is_some() && !cached.keeps {
        response.headers.add("X-Magento-Tags", "FPC");
    }
    protect(&mut response);
    tell_cache(store, &mut response, NOT_CACHED);
    response
}

/// What an answer in GraphQL says of the store's own cache.
#[derive(Debug)]
pub(crate) struct GraphQlCache {
    /// By what it is found there; mutations are not looked for.
    pub(crate) id: Option<String>,
    /// Whether the cache keeps the answer, which then has neither cookies nor tags.
    pub(crate) keeps: bool,
}

/// The page for an error in a session that has begun (measured 2.4.7-p3).
pub(crate) fn internal_error_in_session(store: &Store, turn: &Turn<'_>) -> Response {
    let page = internal_error();
    let mut response = Response::new(page.status, HTML, page.body);
    add_cookies(store, turn, &mut response);
    forbid_sharing(&mut response);
    protect(&mut response);
    response
}

/// The web server in front of a stock store compresses what it finds and what it does not, on demand, and says so.
pub(crate) fn name_variance(method: &str, response: &mut Response) {
    let kind = response.headers.first("Content-Type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    let compressed = matches!(
        kind,
        "text/html"
            | "text/plain"
            | "text/css"
            | "text/xml"
            | "text/javascript"
            | "application/javascript"
            | "application/json"
            | "application/xml"
    );
    if compressed && matches!(response.status, 200 | 403 | 404) && method != "HEAD" {
        response.headers.add("Vary", "Accept-Encoding");
    }
}

/// The start page.
pub(crate) fn home(store: &Store, turn: &Turn<'_>) -> Response {
    let content = format!(
        "<p>This is a magespec reference store, for tests and not for trade. It plays {}.</p>\n{}",
        store.profile().name,
        ways(store)
    );
    let body = styled(store, "Home page", "Reference store", &content);
    let mut response = Response::new(200, HTML, body);
    begin_session_unless_kept(store, turn, &mut response);
    forbid_caching(store, &mut response);
    add_policy(&mut response);
    tell_cache(store, &mut response, KEPT);
    response
}

/// Where a visitor goes from a page of the storefront.
fn ways(store: &Store) -> String {
    let base = escaped(&store.base_url(false));
    let panel = escaped(&store.options().admin_front_name);
    format!(
        "<ul class=\"ways\">\n<li><a href=\"{base}{panel}/\">Admin panel</a></li>\n<li>REST below <code>{base}rest/V1/</code></li>\n<li>Token endpoints: <code>{base}oauth/token/request</code> and <code>{base}oauth/token/access</code></li>\n</ul>\n"
    )
}

/// A page of the storefront in the panel's style.
fn styled(store: &Store, title: &str, heading: &str, content: &str) -> String {
    let base = escaped(&store.base_url(false));
    let panel = escaped(&store.options().admin_front_name);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{base}{panel}/static/panel.css\"></head>\n<body class=\"storefront\">\n<header class=\"login-header\"><a href=\"{base}\" class=\"logo\"><span class=\"mark\" aria-hidden=\"true\">m</span><span class=\"brand\">magespec <small>reference store</small></span></a></header>\n<main class=\"page-content\"><h1>{heading}</h1>\n{content}</main>\n</body>\n</html>\n"
    )
}

/// The 404 page, which a cache in front of the store may keep (measured 2.4.7-p3).
pub(crate) fn not_found(store: &Store, turn: &Turn<'_>) -> Response {
    let content = format!("<p>There is no page at this address.</p>\n{}", ways(store));
    let body = styled(store, "404 Not Found", "404 Not Found", &content);
    let mut response = Response::new(404, HTML, body);
    add_cookies(store, turn, &mut response);
    let headers = &mut response.headers;
    headers.add("Pragma", "cache");
    headers.add("Expires", http_date(store.now().plus(DAY)));
    headers.add("Cache-Control", NOT_CACHED);
    headers.add("X-Magento-Tags", "cat_c,store,cms_b,cms_p_1,FPC");
    add_policy(&mut response);
    tell_cache(store, &mut response, NOT_CACHED);
    response
}

/// The page for an error that nothing else was made of: it may be cached, but not framed (measured 2.4.7-p3).
pub(crate) fn internal_error() -> Response {
    let body = document(
        "There has been an error processing your request",
        "<p>Exception printing is disabled by default for security reasons.</p>",
    );
    let mut response = Response::new(500, HTML, body);
    protect(&mut response);
    response
}

/// What a fault gives that nothing catches: this sentence as a line of text (measured 2.4.7-p3, 2.4.8-p1).
pub(crate) fn unhandled(sentence: &str) -> Response {
    Response::new(500, "text/plain;charset=UTF-8", format!("{sentence}\n"))
}

/// What developer mode shows of an exception that nothing catches (measured 2.4.7-p3).
pub(crate) fn exception(class: &str, message: &str) -> Response {
    let body = format!(
        "1 exception(s):\nException #0 ({class}): {message}\n\nException #0 ({class}): {message}\n<pre>#1 Magento\\Framework\\App\\Http\\Interceptor->launch() called at [vendor/magento/framework/App/Bootstrap.php:264]\n#2 Magento\\Framework\\App\\Bootstrap->run() called at [pub/index.php:30]\n</pre>\n"
    );
    let mut response = Response::new(500, "text/plain;charset=UTF-8", body);
    protect(&mut response);
    response
}

/// What the store's own cache makes of a page of the storefront, told in developer mode (measured 2.4.7-p3).
fn tell_cache(store: &Store, response: &mut Response, control: &str) {
    if store.options().mode == Mode::Developer {
        let headers = &mut response.headers;
        headers.add("X-Magento-Cache-Control", control);
        headers.add("X-Magento-Cache-Debug", "MISS");
    }
}

/// What PHP says of an answer in a session.
pub(crate) fn forbid_sharing(response: &mut Response) {
    let headers = &mut response.headers;
    headers.add("Expires", "Thu, 19 Nov 1981 08:52:00 GMT");
    headers.add("Cache-Control", "no-store, no-cache, must-revalidate");
    headers.add("Pragma", "no-cache");
}

/// A fault at E1 or E2 that nothing catches; the session has begun (measured 2.4.8-p1).
pub(crate) fn unhandled_in_session(store: &Store, turn: &Turn<'_>, sentence: &str) -> Response {
    let mut response = unhandled(sentence);
    add_cookies(store, turn, &mut response);
    forbid_sharing(&mut response);
    response
}

/// The header fields of every page against guessing, scripts and frames.
fn protect(response: &mut Response) {
    let headers = &mut response.headers;
    headers.add("X-Content-Type-Options", "nosniff");
    headers.add("X-XSS-Protection", "1; mode=block");
    headers.add("X-Frame-Options", "SAMEORIGIN");
}

/// The cookie of a session that begins with this answer.
pub(crate) fn session_cookie(store: &Store, turn: &Turn<'_>) -> String {
    const HOUR: i64 = 3600;
    let session = random::text(store.entropy(), 26);
    let expires = http_date(store.now().plus(HOUR));
    let domain = turn.host_name();
    format!(
        "PHPSESSID={session}; expires={expires}; Max-Age={HOUR}; path=/; domain={domain}; HttpOnly; SameSite=Lax"
    )
}

/// A cookie that ends with this answer.
pub(crate) fn ended_cookie(turn: &Turn<'_>, name: &str) -> String {
    // The one of the cart was never given a host.
    let (domain, rest) = match name {
        "persistent_shopping_cart" => (String::new(), "; HttpOnly; SameSite=Lax"),
        _ => (format!("; domain={}", turn.host_name()), "; SameSite=Lax"),
    };
    format!(
        "{name}=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; path=/{domain}{rest}"
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
