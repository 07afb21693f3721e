//! The REST front (docs/protocol/rest.md#who-is-calling and docs/protocol/rest.md#bearer-tokens-of-integrations).

use magespec::integration::Status;
use magespec::store::Options;
use magespec::wire::Response;
use serde_json::Value;

use crate::spec::store::fixture::{Fixture, Signing, answer, plain, tampered, with_header};

pub(crate) fn value(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("a JSON body")
}

#[track_caller]
pub(crate) fn assert_json(response: &Response, status: u16, body: &str) {
    assert_eq!((response.status, response.text().as_str()), (status, body));
    assert_eq!(
        response.headers.first("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(response.headers.first("WWW-Authenticate"), None);
}

pub(crate) const STORE_REFUSED: &str = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Backend::store"}}"#;
pub(crate) const NO_ROUTE: &str = r#"{"message":"Request does not match any route."}"#;
const CANNOT: &str = r#"{"message":"Specified request cannot be processed."}"#;

#[test]
fn a_signed_call_with_an_access_token_is_answered() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let response = fixture.get(&app, "/rest/V1/store/storeViews");
    assert_eq!(response.status, 200);
    assert_eq!(
        response.headers.first("X-Frame-Options"),
        Some("SAMEORIGIN")
    );
    let views = value(&response);
    let codes: Vec<&str> = views
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|view| view["code"].as_str())
        .collect();
    assert!(codes.contains(&"default"), "{codes:?}");
    fixture.store.clock().advance(30 * 24 * 3600);
    assert_eq!(fixture.get(&app, "/rest/V1/store/storeViews").status, 200);
}

#[test]
fn routing_comes_before_any_credentials() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let table = [
        ("GET", "/rest/V1/nowhere", 404, NO_ROUTE),
        ("POST", "/rest/V1/store/storeViews", 404, NO_ROUTE),
        ("GET", "/rest/V2/modules", 404, NO_ROUTE),
        ("GET", "/rest/V1/Modules", 404, NO_ROUTE),
        ("GET", "/rest/V1", 404, NO_ROUTE),
        ("GET", "/rest", 400, CANNOT),
        ("GET", "/rest/", 400, CANNOT),
        ("GET", "/rest/v1/modules", 400, CANNOT),
        ("GET", "/rest/nostore/V1/modules", 400, CANNOT),
        ("GET", "/rest/admin/V1/modules", 400, CANNOT),
        (
            "PATCH",
            "/rest/V1/modules",
            405,
            r#"{"message":"The PATCH HTTP method is not supported."}"#,
        ),
        (
            "FOO",
            "/rest/",
            405,
            r#"{"message":"The FOO HTTP method is not supported."}"#,
        ),
    ];
    for (method, target, status, body) in table {
        let signing = Signing {
            method: method.to_owned(),
            ..fixture.signing(method, target)
        };
        let forged = fixture.answer(&tampered(fixture.sign(&app, &signing)));
        assert_eq!(
            (forged.status, forged.text().as_str()),
            (status, body),
            "{method} {target}"
        );
        assert_json(&fixture.answer(&plain(method, target)), status, body);
    }
}

#[test]
fn store_codes_and_a_trailing_slash_lead_to_the_same_route() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    for target in [
        "/rest/default/V1/store/websites",
        "/rest/all/V1/store/websites",
        "/rest/V1/store/websites/",
        "/index.php/rest/V1/store/websites",
    ] {
        assert_eq!(fixture.get(&app, target).status, 200, "{target}");
    }
}

#[test]
fn whoever_brings_no_credentials_is_a_guest() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let bearer = format!("Bearer {}", app.token);
    let credentials = [
        "",
        "Basic YTpi",
        "OAuth",
        "OAuth realm=\"x\"",
        "Bearer unknown",
        "Bearer  two",
        "Bearer a b",
        "Token abc",
        bearer.as_str(),
    ];
    for header in credentials {
        let request = plain("GET", "/rest/V1/store/storeViews");
        let request = with_header(request, "Authorization", header);
        assert_json(&fixture.answer(&request), 401, STORE_REFUSED);
        let open = plain("GET", "/rest/V1/directory/currency");
        let open = with_header(open, "Authorization", header);
        assert_eq!(fixture.answer(&open).status, 200, "{header}");
    }
}

#[test]
fn an_anonymous_route_does_not_look_at_a_forged_signature() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let signing = fixture.signing("GET", "/rest/V1/directory/countries");
    assert_eq!(
        fixture
            .answer(&tampered(fixture.sign(&app, &signing)))
            .status,
        200
    );
}

#[test]
fn a_guest_cart_notices_a_forged_signature_and_says_something_else() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let sign = || fixture.sign(&app, &fixture.signing("POST", "/rest/V1/guest-carts"));
    assert_json(
        &fixture.answer(&tampered(sign())),
        400,
        r#"{"message":"The quote can't be created."}"#,
    );
    let good = fixture.answer(&sign());
    assert_eq!(good.status, 200);
    assert_eq!(value(&good).as_str().map(str::len), Some(32));
}

#[test]
fn refusals_keep_their_templates_and_name_their_values() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let target = "/rest/V1/modules";
    let signing = fixture.signing("GET", target);
    let request = fixture.sign(&app, &signing);
    assert_eq!(fixture.answer(&request).status, 200);
    let id = app.consumer.id;
    assert_json(
        &fixture.answer(&request),
        401,
        &format!(
            r#"{{"message":"The nonce is already being used by the consumer with ID %1","parameters":["{id}"]}}"#
        ),
    );
    let header = request
        .headers
        .first("Authorization")
        .expect("signed")
        .to_owned();
    let without = |names: &[&str]| {
        let pieces: Vec<&str> = header
            .split(", ")
            .filter(|piece| {
                !names
                    .iter()
                    .any(|name| piece.contains(&format!("{name}=\"")))
            })
            .collect();
        fixture.answer(&with_header(
            plain("GET", target),
            "Authorization",
            &pieces.join(", "),
        ))
    };
    assert_json(
        &without(&["oauth_nonce"]),
        400,
        r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"oauth_nonce"}}"#,
    );
    let item = |name: &str| {
        format!(
            r#"{{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{{"fieldName":"{name}"}}}}"#
        )
    };
    assert_json(
        &without(&["oauth_nonce", "oauth_token"]),
        400,
        &format!(
            r#"{{"message":"One or more input exceptions have occurred.","errors":[{},{}]}}"#,
            item("oauth_nonce"),
            item("oauth_token")
        ),
    );
    let other = header.replace("HMAC-SHA256", "HMAC-SHA1");
    assert_json(
        &fixture.answer(&with_header(plain("GET", target), "Authorization", &other)),
        400,
        r#"{"message":"Signature method %1 is not supported","parameters":["HMAC-SHA1"]}"#,
    );
}

#[test]
fn tokens_of_other_kinds_or_apps_are_refused() {
    let fixture = Fixture::new();
    let target = "/rest/V1/modules";
    let requested = fixture.with_request_token("requested");
    let verifier = fixture.activated("verifier");
    for app in [&requested, &verifier] {
        assert_json(
            &fixture.get(app, target),
            401,
            r#"{"message":"Token is not an access token"}"#,
        );
    }
    let (one, two) = (fixture.active("one"), fixture.active("two"));
    let mixed = crate::spec::store::fixture::App {
        token: two.token.clone(),
        token_secret: two.token_secret.clone(),
        ..one.clone()
    };
    assert_json(
        &fixture.get(&mixed, target),
        401,
        r#"{"message":"Token is not associated with the specified consumer"}"#,
    );
    let mut row = fixture
        .store
        .storage()
        .token(&one.token)
        .expect("read")
        .expect("there");
    row.revoked = true;
    fixture
        .store
        .storage()
        .replace_token(&row)
        .expect("replaced");
    assert_json(
        &fixture.get(&one, target),
        401,
        r#"{"message":"Access token has been revoked"}"#,
    );
    fixture
        .store
        .storage()
        .remove_consumer(two.consumer.id)
        .expect("removed");
    assert_json(
        &fixture.get(&two, target),
        401,
        r#"{"message":"A consumer having the specified key does not exist"}"#,
    );
}

#[test]
fn an_integration_that_is_not_active_is_a_guest() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    for status in [Status::Inactive, Status::Recreated] {
        fixture.set_status(&app, status);
        assert_json(
            &fixture.get(&app, "/rest/V1/store/storeViews"),
            401,
            STORE_REFUSED,
        );
        assert_eq!(fixture.get(&app, "/rest/V1/directory/currency").status, 200);
    }
    fixture.set_status(&app, Status::Active);
    assert_eq!(fixture.get(&app, "/rest/V1/store/storeViews").status, 200);
}

#[test]
fn an_integration_token_is_a_bearer_token_only_when_switched_on() {
    let fixture = Fixture::new();
    let target = "/rest/V1/store/storeViews";
    let call = |scheme: &str, token: &str| {
        let header = format!("{scheme} {token}");
        let request = with_header(plain("GET", target), "Authorization", &header);
        fixture.answer(&request).status
    };
    let active = fixture.active("active");
    let limited = fixture.limited("limited", &["Magento_Sales::reorder"]);
    let requested = fixture.with_request_token("requested");
    let verifier = fixture.activated("verifier");
    assert_eq!(call("Bearer", &active.token), 401);
    fixture.set("oauth/consumer/enable_integration_as_bearer", "1");
    for (scheme, token, status) in [
        ("Bearer", active.token.clone(), 200),
        ("bearer", active.token.clone(), 200),
        ("BEARER", active.token.to_uppercase(), 200),
        ("Bearer", limited.token.clone(), 401),
        ("Bearer", requested.token.clone(), 200),
        ("Bearer", verifier.token.clone(), 200),
        ("Bearer", active.consumer.key.clone(), 401),
        ("Bearer\t", active.token.clone(), 401),
        ("Bearer", format!("\"{}\"", active.token), 401),
        ("Bearer ", active.token.clone(), 401),
    ] {
        assert_eq!(call(scheme, &token), status, "{scheme:?} {token}");
    }
    fixture.set_status(&active, Status::Inactive);
    fixture.store.clock().advance(30 * 24 * 3600);
    assert_eq!(call("Bearer", &active.token), 200);
    fixture.set("oauth/consumer/enable_integration_as_bearer", "0");
    assert_eq!(call("Bearer", &active.token), 401);
}

#[test]
fn the_oldest_profile_takes_integration_tokens_as_bearer_by_default() {
    let fixture = Fixture::with(Options {
        profile: magespec::oauth::Profile::named("magento-2.4.3").expect("a profile"),
        ..Options::default()
    });
    let app = fixture.active("a");
    let header = format!("Bearer {}", app.token);
    let request = with_header(plain("GET", "/rest/V1/modules"), "Authorization", &header);
    assert_eq!(fixture.answer(&request).status, 200);
}

#[test]
fn oauth_parameters_in_the_query_are_no_credentials() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let request = plain(
        "GET",
        &format!("/rest/V1/store/storeViews?access_token={}", app.token),
    );
    assert_json(&fixture.answer(&request), 401, STORE_REFUSED);
}

#[test]
fn of_parallel_calls_with_one_nonce_exactly_one_is_answered() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let request = fixture.sign(&app, &fixture.signing("GET", "/rest/V1/modules"));
    let store = &fixture.store;
    let answered = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| answer(store, &request).status))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .filter(|status| *status == 200)
            .count()
    });
    assert_eq!(answered, 1);
}
