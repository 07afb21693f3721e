//! What a request target means: a pure function over the raw path (docs/protocol/token-endpoints.md#paths).
//!
//! Nothing is decoded or normalised but what stores were seen to do: leading slashes collapse, one `index.php` is skipped, trailing slashes
//! and further segments after an action do not count, the action ignores case while the front name does not.

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/oauth/token/request` (E1).
    TokenRequest,
    /// `/oauth/token/access` (E2).
    TokenAccess,
    /// `/rest…`: the path after the front name, with its leading slash when there is one.
    Rest(String),
    /// The panel: the path after its front name, with its leading slash when there is one.
    Admin(String),
    /// `/graphql`, whatever comes after it.
    GraphQl,
    /// `/soap…`: the path after the front name, with its leading slash when there is one.
    Soap(String),
    /// `/magento_version`.
    Version,
    /// `/robots.txt`.
    Robots,
    /// `/health_check.php`, which is asked by load balancers.
    HealthCheck,
    /// The storefront's start page.
    Home,
    /// A page of the storefront that takes forms, of which nothing is modelled but that one without a form key is refused.
    Form,
    /// The storefront's 404 page.
    NotFound,
}

/// Methods that the storefront knows; any other token is answered with its 404 page (docs/protocol/token-endpoints.md#paths).
const METHODS: [&str; 10] = [
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PROPFIND", "PUT", "TRACE",
];

/// The route of a request. `target` is the request target as sent, `admin` the front name of the panel.
#[must_use]
pub fn route(method: &str, target: &str, admin: &str) -> Route {
    let path = path_with_fragment(target);
    let path = path.trim_start_matches('/');
    let path = path
        .strip_prefix("index.php")
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .map_or(path, |rest| rest.trim_start_matches('/'));
    let (front, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    // REST and the panel answer unknown methods themselves.
    if front == "rest" {
        return Route::Rest(rest.to_owned());
    }
    if front == admin {
        return Route::Admin(rest.to_owned());
    }
    match front {
        "graphql" => return Route::GraphQl,
        "soap" => return Route::Soap(rest.to_owned()),
        _ => {}
    }
    if !METHODS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(method))
    {
        return Route::NotFound;
    }
    match front {
        "" => Route::Home,
        "oauth" => token_route(rest),
        "health_check.php" if rest.is_empty() => Route::HealthCheck,
        "magento_version" if matches!(method, "GET" | "HEAD" | "POST") && version_action(rest) => {
            Route::Version
        }
        "robots.txt" if rest.is_empty() => Route::Robots,
        _ if method == "POST" && takes_forms(path) => Route::Form,
        _ => Route::NotFound,
    }
}

/// Pages of a stock storefront (measured 2.4.7-p3).
const PAGES: [&str; 18] = [
    "catalog/product/view",
    "catalogsearch/result",
    "checkout",
    "checkout/cart",
    "checkout/cart/add",
    "cms/index/index",
    "cms/noroute/index",
    "contact",
    "contact/index/post",
    "customer/account",
    "customer/account/create",
    "customer/account/createpost",
    "customer/account/login",
    "customer/account/loginpost",
    "customer/section/load",
    "newsletter/subscriber/new",
    "rss",
    "stores/store/switch",
];

/// An action may be followed by parameters, a shorter path not.
fn takes_forms(path: &str) -> bool {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let action = segments
        .iter()
        .take(3)
        .copied()
        .collect::<Vec<_>>()
        .join("/");
    PAGES.contains(&action.to_ascii_lowercase().as_str())
}

/// The path of a request target below the folder in which the store is installed: empty, or `/shop`. None when it is elsewhere.
#[must_use]
pub fn below<'a>(target: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path_with_fragment(target).strip_prefix(folder)?;
    (folder.is_empty() || rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The path behind the code of a store view, when one stands in front; the panel's is none.
#[must_use]
pub fn without_code(path: &str, is_code: impl Fn(&str) -> bool) -> Option<&str> {
    let path = path.trim_start_matches('/');
    let (first, rest) = path.split_at(path.find(['/', '?']).unwrap_or(path.len()));
    (first != "admin" && is_code(first)).then_some(rest)
}

/// Controller and action may be left out, and are `index`.
fn version_action(rest: &str) -> bool {
    let segments = rest.split('/').filter(|segment| !segment.is_empty());
    segments.take(2).all(|segment| segment == "index")
}

fn token_route(rest: &str) -> Route {
    let mut segments = rest.trim_end_matches('/').split('/').skip(1);
    let (controller, action) = (segments.next(), segments.next());
    if !controller.is_some_and(|controller| controller.eq_ignore_ascii_case("token")) {
        return Route::NotFound;
    }
    match action {
        Some(action) if action.eq_ignore_ascii_case("request") => Route::TokenRequest,
        Some(action) if action.eq_ignore_ascii_case("access") => Route::TokenAccess,
        _ => Route::NotFound,
    }
}

/// A request target without the scheme and authority of its absolute form; the path begins what is left.
#[must_use]
pub fn origin_form(target: &str) -> &str {
    match target.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => rest
            .find(['/', '?', '#'])
            .map_or("", |authority| &rest[authority..]),
        _ => target,
    }
}

/// The path of a request target: query and fragment cut, scheme and authority of the absolute form skipped.
#[must_use]
pub fn raw_path(target: &str) -> &str {
    let target = origin_form(target);
    &target[..target.find(['?', '#']).unwrap_or(target.len())]
}

/// The same with the fragment that no client should send: no route has one (measured 2.4.7-p3).
fn path_with_fragment(target: &str) -> &str {
    let target = origin_form(target);
    &target[..target.find('?').unwrap_or(target.len())]
}

/// The query of a request target, without its question mark; empty when there is none.
#[must_use]
pub fn raw_query(target: &str) -> &str {
    let end = target.find('#').unwrap_or(target.len());
    target[..end].split_once('?').map_or("", |(_, query)| query)
}
