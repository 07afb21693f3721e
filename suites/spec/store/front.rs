//! What a request target means (docs/protocol/token-endpoints.md#paths).

use magespec::store::Route;
use magespec::store::front::route;
use proptest::prelude::*;

#[test]
fn targets_lead_where_stores_were_seen_to_lead_them() {
    let table = [
        ("/oauth/token/request", Route::TokenRequest),
        ("/oauth/token/request/", Route::TokenRequest),
        ("/oauth/token/request?a=1", Route::TokenRequest),
        ("/oauth/token/request/key/value", Route::TokenRequest),
        ("/oauth/token/Request", Route::TokenRequest),
        ("/index.php/oauth/token/request", Route::TokenRequest),
        ("//oauth/token/request", Route::TokenRequest),
        (
            "http://shop.example/oauth/token/access?x",
            Route::TokenAccess,
        ),
        ("/oauth/token/ACCESS", Route::TokenAccess),
        ("/OAuth/Token/Request", Route::NotFound),
        ("/oauth//token/request", Route::NotFound),
        ("/oauth/./token/request", Route::NotFound),
        ("/oauth/token/reques%74", Route::NotFound),
        ("/oauth/token", Route::NotFound),
        ("/oauth", Route::NotFound),
        ("/oauth/token/other", Route::NotFound),
        ("/index.phpx/oauth/token/request", Route::NotFound),
        (
            "/rest/V1/modules?x=/y",
            Route::Rest("/V1/modules".to_owned()),
        ),
        (
            "/index.php/rest/V1/modules",
            Route::Rest("/V1/modules".to_owned()),
        ),
        ("/rest", Route::Rest(String::new())),
        ("/restful", Route::NotFound),
        (
            "/backend/admin/integration/",
            Route::Admin("/admin/integration/".to_owned()),
        ),
        ("/", Route::Home),
        ("/index.php", Route::Home),
        ("", Route::Home),
        ("*", Route::NotFound),
    ];
    for (target, expected) in table {
        assert_eq!(route("POST", target, "backend"), expected, "{target}");
    }
}

#[test]
fn every_known_method_reaches_the_token_endpoints_and_no_other_does() {
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        assert_eq!(
            route(method, "/oauth/token/access", "admin"),
            Route::TokenAccess
        );
    }
    assert_eq!(
        route("FOO", "/oauth/token/access", "admin"),
        Route::NotFound
    );
    assert_eq!(
        route("FOO", "/rest/V1/modules", "admin"),
        Route::Rest("/V1/modules".to_owned())
    );
}

proptest! {
    #[test]
    fn no_target_breaks_it_and_a_query_never_counts(target in "\\PC{0,60}", query in "[^#]{0,20}") {
        let bare = target.replace(['?', '#'], "");
        prop_assert_eq!(route("GET", &bare, "admin"), route("GET", &format!("{bare}?{query}"), "admin"));
    }
}
