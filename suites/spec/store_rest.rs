//! The REST front (spec oauth.md §1.4, §1.5, §3.3, §5; rows RA, BT, AC, EO-17 to EO-19).

use magespec::integration::Status;
use magespec::store::{GUEST_ROUTES, Mode, Options};
use magespec::wire::Response;
use serde_json::{Value, json};

use super::store_fixture::{Fixture, Signing, plain, tampered, with_header, with_json};

fn value(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("a JSON body")
}

#[track_caller]
fn assert_json(response: &Response, status: u16, body: &str) {
    assert_eq!((response.status, response.text().as_str()), (status, body));
    assert_eq!(
        response.headers.first("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(response.headers.first("WWW-Authenticate"), None);
}

const STORE_REFUSED: &str = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Backend::store"}}"#;
const NO_ROUTE: &str = r#"{"message":"Request does not match any route."}"#;
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
    let mixed = super::store_fixture::App {
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
fn every_resource_of_a_route_is_needed_and_a_change_shows_at_once() {
    let fixture = Fixture::new();
    let app = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(
        fixture.get(&app, "/rest/V1/modules").status,
        200,
        "admin is always granted"
    );
    assert_json(
        &fixture.get(&app, "/rest/V1/store/storeViews"),
        401,
        STORE_REFUSED,
    );
    let storage = fixture.store.storage();
    let list = [magespec::acl::ResourceId::from("Magento_Backend::store")];
    let grant = magespec::acl::Grant::measured(&fixture.store.tree(), &list);
    storage
        .set_grant(app.integration.id, &grant)
        .expect("granted");
    assert_eq!(fixture.get(&app, "/rest/V1/store/storeViews").status, 200);
    storage
        .set_grant(app.integration.id, &magespec::acl::Grant::Nothing)
        .expect("granted");
    assert_eq!(fixture.get(&app, "/rest/V1/modules").status, 401);
    assert_eq!(fixture.get(&app, "/rest/V1/directory/currency").status, 200);
}

#[test]
fn self_is_open_to_holders_of_everything_who_then_lack_a_customer() {
    let fixture = Fixture::new();
    let all = fixture.active("all");
    assert_json(
        &fixture.get(&all, "/rest/V1/customers/me"),
        400,
        r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"customerId"}}"#,
    );
    let limited = fixture.limited("limited", &["Magento_Customer::customer"]);
    assert_json(
        &fixture.get(&limited, "/rest/V1/customers/me"),
        401,
        r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"self"}}"#,
    );
}

#[test]
fn an_unknown_resource_is_open_to_holders_of_everything_only() {
    let fixture = Fixture::new();
    let target = "/rest/V1/adobestock/asset/search";
    let all = fixture.active("all");
    assert_eq!(fixture.get(&all, target).status, 501);
    let limited = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(fixture.get(&limited, target).status, 401);
}

#[test]
fn a_route_for_https_only_says_so() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    assert_json(
        &fixture.get(&app, "/rest/V1/analytics/link"),
        400,
        r#"{"message":"Operation allowed only in HTTPS"}"#,
    );
    let read = |name: &str| {
        let request = plain("GET", "/rest/V1/analytics/link");
        let request = with_header(request, "Authorization", &format!("Bearer {}", app.token));
        let response = fixture.answer(&with_header(request, name, "https"));
        response.text().contains("Operation allowed only in HTTPS")
    };
    fixture.set("oauth/consumer/enable_integration_as_bearer", "1");
    assert!(!read("X-Forwarded-Proto") && read("X-Scheme"));
    fixture.set("web/secure/offloader_header", "X-Scheme");
    assert!(read("X-Forwarded-Proto") && !read("X-Scheme"));
}

#[test]
fn a_route_without_data_says_so_after_its_guards() {
    let fixture = Fixture::new();
    let target = "/rest/V1/taxRates/search";
    assert_eq!(fixture.answer(&plain("GET", target)).status, 401);
    let app = fixture.active("a");
    let response = fixture.get(&app, target);
    assert_eq!(response.status, 501);
    assert!(
        response.text().contains("keeps no data"),
        "{}",
        response.text()
    );
}

#[test]
fn guest_access_opens_its_31_routes_once_the_cache_is_flushed() {
    let fixture = Fixture::new();
    let read = |template: &str| {
        let path: Vec<&str> = template
            .split('/')
            .map(|segment| {
                if segment.starts_with(':') {
                    "1"
                } else {
                    segment
                }
            })
            .collect();
        fixture
            .answer(&plain("GET", &format!("/rest{}", path.join("/"))))
            .status
    };
    fixture.set("webapi/webapisecurity/allow_insecure", "1");
    assert_eq!(
        read("/V1/store/storeViews"),
        401,
        "the cache still holds the old routes"
    );
    fixture.store.flush_cache().expect("flushed");
    for template in GUEST_ROUTES {
        assert_ne!(read(template), 401, "{template}");
    }
    for closed in [
        "/V1/cmsPage/search",
        "/V1/cmsBlock/search",
        "/V1/products/attributes",
        "/V1/categories/list",
        "/V1/stockItems/x",
        "/V1/customers/1",
        "/V1/orders",
    ] {
        assert_eq!(read(closed), 401, "{closed}");
    }
    let limited = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(
        fixture.get(&limited, "/rest/V1/store/storeConfigs").status,
        200
    );
}

#[test]
fn accept_chooses_the_format() {
    let fixture = Fixture::new();
    let call = |accept: &str| {
        let request = plain("GET", "/rest/V1/nowhere");
        fixture.answer(&with_header(request, "Accept", accept))
    };
    let json = [
        "",
        "*/*",
        "application/json",
        "application/*",
        ", ,",
        "@@@",
        "application/json/x",
        "text/html, */*",
        "application/xml;q=0.5, application/json;q=0.9",
        "application/xml;q=0.9, application/json;q=.95",
        "application/xml;q=0.9, application/json",
    ];
    for accept in json {
        assert_eq!(call(accept).text(), NO_ROUTE, "{accept}");
    }
    let xml = "<?xml version=\"1.0\"?>\n<response>\n  <message>Request does not match any route.</message>\n</response>\n";
    for accept in [
        "application/xml",
        "text/xml",
        "application/xhtml+xml",
        "text/*",
        "application/json;q=0.1, text/xml;q=0.2",
        "application/xml, application/json;q=1.0",
        "application/json, application/xml;charset=utf-8",
        "what is this, text/xml",
    ] {
        let response = call(accept);
        assert_eq!(
            (response.status, response.text().as_str()),
            (404, xml),
            "{accept}"
        );
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("application/xml; charset=utf-8")
        );
    }
    for accept in ["text/html", "image/png", "APPLICATION/XML", "garbage"] {
        let response = call(accept);
        assert_eq!(response.status, 500, "{accept}");
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/html; charset=UTF-8")
        );
    }
}

#[test]
fn xml_names_lists_and_parameters() {
    let fixture = Fixture::new();
    let request = with_header(
        plain("GET", "/rest/V1/store/storeViews"),
        "Accept",
        "text/xml",
    );
    assert_eq!(
        fixture.answer(&request).text(),
        "<?xml version=\"1.0\"?>\n<response>\n  <message>The consumer isn't authorized to access %resources.</message>\n  <parameters>\n    <resources>Magento_Backend::store</resources>\n  </parameters>\n</response>\n"
    );
}

#[test]
fn content_types_of_bodies_are_checked_after_permission() {
    let fixture = Fixture::new();
    let target = "/rest/V1/customers/isEmailAvailable";
    let call = |content_type: Option<&str>, body: &str| {
        let mut request = plain("POST", target);
        if let Some(content_type) = content_type {
            request.headers.add("Content-Type", content_type);
        }
        request.body = body.as_bytes().to_vec();
        fixture.answer(&request)
    };
    let body = r#"{"customerEmail":"x@example.com"}"#;
    let refused = |content_type, body, message: &str| {
        let expected = json!({"message": message}).to_string();
        assert_json(
            &call(content_type, body),
            400,
            &expected.replace('/', "\\/"),
        );
    };
    refused(None, body, "Content-Type header is empty.");
    refused(
        Some("application json"),
        body,
        "Content-Type header is invalid.",
    );
    refused(
        Some("application/json; x=1"),
        body,
        "Content-Type header is invalid.",
    );
    refused(
        Some("application/json; charset=latin1"),
        body,
        "UTF-8 is the only supported charset.",
    );
    refused(
        Some("application/x-www-form-urlencoded"),
        body,
        "Server cannot understand Content-Type HTTP header media type application/x-www-form-urlencoded",
    );
    refused(Some("application/json"), "{", "Decoding error.");
    refused(Some("application/xml"), "<a><b></a>", "Decoding error.");
    for (content_type, body) in [
        ("application/json", body),
        ("application/json; charset=UTF-8", body),
        (
            "text/xml",
            "<request><customerEmail>a&amp;b@example.com</customerEmail></request>",
        ),
    ] {
        assert_json(&call(Some(content_type), body), 200, "true");
    }
    let app = fixture.active("a");
    let sign = || {
        let signing = fixture.signing("POST", "/rest/V1/products");
        let mut request = fixture.sign(&app, &signing);
        request.body = b"<x/>".to_vec();
        request
    };
    assert_eq!(fixture.answer(&tampered(sign())).status, 401);
    assert_eq!(fixture.answer(&sign()).status, 400);
}

#[test]
fn a_json_body_takes_no_part_in_the_signature() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let signing = fixture.signing("POST", "/rest/V1/customerGroups");
    let request = with_json(
        fixture.sign(&app, &signing),
        r#"{"group":{"code":"Press","tax_class_id":3}}"#,
    );
    let response = fixture.answer(&request);
    assert_eq!(
        (response.status, value(&response)["code"].as_str()),
        (200, Some("Press"))
    );
}

#[test]
fn developer_mode_adds_a_trace() {
    let fixture = Fixture::with(Options {
        mode: Mode::Developer,
        ..Options::default()
    });
    let refused = fixture.answer(&plain("GET", "/rest/V1/store/storeViews"));
    assert!(value(&refused)["trace"].is_string());
    let unknown = fixture.answer(&plain("GET", "/rest/V1/nowhere"));
    assert_json(
        &unknown,
        404,
        r#"{"message":"Request does not match any route.","trace":null}"#,
    );
    let unmatched = with_header(plain("GET", "/rest/V1/modules"), "Accept", "image/png");
    let unmatched = fixture.answer(&unmatched);
    assert_eq!(
        (unmatched.status, unmatched.headers.first("Content-Type")),
        (500, Some("text/plain"))
    );
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
    let connection = magespec::wire::server::Connection {
        secure: false,
        peer: "127.0.0.1:1".parse().expect("an address"),
        local: "127.0.0.1:2".parse().expect("an address"),
    };
    let answered = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| store.answer(&request, &connection).status))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .filter(|status| *status == 200)
            .count()
    });
    assert_eq!(answered, 1);
}
