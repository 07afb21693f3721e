//! Addresses: which are taken for a token endpoint or a REST route, and by which methods.

use crate::store::Store;
use crate::wire::{Request, Response};

use super::Defect;

fn path(request: &Request) -> &str {
    request.target.split('?').next().unwrap_or_default()
}

fn is_token_endpoint(request: &Request) -> bool {
    path(request).to_lowercase().contains("/oauth/token/")
}

/// The storefront's page for what is not there.
fn nowhere(store: &Store) -> Response {
    crate::store::page::html(store, 404, "<!doctype html><title>404 Not Found</title>")
}

pub(super) const DEFECTS: &[Defect] = &[
    Defect::new(
        "store/token-endpoints-by-post-only",
        "E1 and E2 answer to POST alone",
        "store-any-method",
        |faults| {
            faults.instead.push(|store, request| {
                (is_token_endpoint(request) && request.method != "POST").then(|| nowhere(store))
            });
        },
    )
    .named_by(
        "url/method/request-token/get",
        "200 a token",
        "404 <!doctype html><title>404 Not Found</title>",
    ),
    Defect::new(
        "store/any-method-is-a-method",
        "a method that nobody knows is taken for GET",
        "store-any-method",
        |faults| {
            faults.instead.push(|store, request| {
                let known = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
                let unknown = !known.contains(&request.method.as_str());
                (unknown && is_token_endpoint(request)).then(|| {
                    crate::store::page::html(store, 200, "oauth_token=&oauth_token_secret=")
                })
            });
        },
    )
    .named_by(
        "url/method/unknown",
        "a web page with status 404",
        "200 a token",
    ),
    Defect::new(
        "store/method-override-believed",
        "X-HTTP-Method-Override says which method is meant",
        "store-no-method-override",
        |faults| {
            faults.arriving.push(|_, request| {
                if let Some(method) = request.headers.first("X-HTTP-Method-Override") {
                    request.method = method.to_owned();
                }
            });
        },
    )
    .named_by(
        "url/method/override-ignored",
        "200 a token",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/action-by-case",
        "the action of a token endpoint counts in lower case alone",
        "store-token-routes",
        |faults| {
            faults.instead.push(|store, request| {
                let lowered = path(request).to_lowercase();
                (is_token_endpoint(request) && lowered != path(request)).then(|| nowhere(store))
            });
        },
    )
    .named_by(
        "url/path/action-case",
        "200 a token",
        "404 <!doctype html><title>404 Not Found</title>",
    ),
    Defect::new(
        "store/front-name-in-any-case",
        "the front name of a token endpoint may be in any case",
        "store-token-routes",
        |faults| {
            faults.arriving.push(|_, request| {
                if request.target.to_lowercase().starts_with("/oauth/") {
                    request.target.replace_range(..7, "/oauth/");
                }
            });
        },
    )
    .named_by(
        "url/path/front-name-case",
        "a web page with status 404",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/doubled-slashes-merged",
        "doubled slashes in the path are one",
        "store-token-routes",
        |faults| {
            faults.arriving.push(|_, request| {
                if is_token_endpoint(request) || request.target.contains("oauth//") {
                    request.target = request.target.replace("//", "/");
                }
            });
        },
    )
    .named_by(
        "url/path/double-slash",
        "a web page with status 404",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/dot-segments-resolved",
        "a dot segment in the path is nothing",
        "store-token-routes",
        |faults| {
            faults
                .arriving
                .push(|_, request| request.target = request.target.replace("/./", "/"));
        },
    )
    .named_by(
        "url/path/dot-segment",
        "a web page with status 404",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/escaped-action",
        "an escaped letter of the action is the letter",
        "store-token-routes",
        |faults| {
            faults
                .arriving
                .push(|_, request| request.target = request.target.replace("%74", "t"));
        },
    )
    .named_by(
        "url/path/escaped-letter",
        "a web page with status 404",
        "401 `The signature is invalid. Verify and try again.`",
    ),
    Defect::new(
        "store/index-php-unknown",
        "an address with index.php finds nothing",
        "store-token-routes",
        |faults| {
            faults.instead.push(|store, request| {
                request
                    .target
                    .starts_with("/index.php/")
                    .then(|| nowhere(store))
            });
        },
    )
    .named_by(
        "url/path/index-php",
        "200 a token",
        "404 <!doctype html><title>404 Not Found</title>",
    ),
    Defect::new(
        "store/extra-segments-refused",
        "a token endpoint with further segments is none",
        "store-token-routes",
        |faults| {
            faults.instead.push(|store, request| {
                let segments = path(request).trim_matches('/').split('/').count();
                (is_token_endpoint(request) && segments > 3).then(|| nowhere(store))
            });
        },
    )
    .named_by(
        "url/path/extra-segments",
        "200 a token",
        "404 <!doctype html><title>404 Not Found</title>",
    ),
    Defect::new(
        "store/controller-is-enough",
        "the controller alone is taken for its first action",
        "store-token-routes",
        |faults| {
            faults.arriving.push(|_, request| {
                if path(request) == "/oauth/token" {
                    request.target = request
                        .target
                        .replace("/oauth/token", "/oauth/token/request");
                }
            });
        },
    )
    .named_by(
        "url/path/controller-alone",
        "a web page with status 404",
        "401 `The signature is invalid. Verify and try again.`",
    ),
];
