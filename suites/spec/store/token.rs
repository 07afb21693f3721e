//! E1 and E2: how they are reached and answered, and the window (docs/protocol/token-endpoints.md#paths and docs/protocol/errors.md#which-error-wins).

use magespec::integration::Status;
use magespec::oauth::TokenKind;
use magespec::store::Options;
use magespec::time::Clock;
use magespec::wire::Response;

use crate::spec::store::fixture::{Fixture, Signing, plain, with_header};

pub(crate) fn problem(response: &Response) -> (u16, String) {
    let text = response.text();
    let message = text.strip_prefix("oauth_problem=").unwrap_or(&text);
    (response.status, magespec::text::form::decode_text(message))
}

#[track_caller]
pub(crate) fn assert_problem(response: &Response, status: u16, message: &str) {
    assert_eq!(problem(response), (status, message.to_owned()));
}

fn pair(response: &Response) -> Vec<(String, String)> {
    assert_eq!(response.status, 200, "{}", response.text());
    magespec::text::form::pairs(&response.text()).collect()
}

#[test]
fn the_exchange_turns_one_row_through_its_lives_and_activates() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let requested = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
    let names: Vec<String> = pair(&requested).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["oauth_token", "oauth_token_secret"]);
    assert!(pair(&requested).iter().all(|(_, value)| value.len() == 32));
    assert_eq!(fixture.status(&app), Status::Inactive);

    let with_request_token = app.with_pair(&requested);
    let accessed = fixture.answer(&fixture.sign(&with_request_token, &fixture.token_access()));
    let with_access_token = with_request_token.with_pair(&accessed);
    assert_ne!(with_access_token.token, with_request_token.token);
    assert_eq!(fixture.status(&app), Status::Active);
    let rows = fixture
        .store
        .storage()
        .tokens_of(app.consumer.id)
        .expect("read");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].kind, TokenKind::Access);
    assert_eq!(rows[0].token, with_access_token.token);
    assert!(
        rows[0].verifier.is_some(),
        "the verifier column stays filled"
    );
}

#[test]
fn answers_carry_the_header_fields_of_a_storefront_page() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    for response in [
        fixture.answer(&plain("POST", "/oauth/token/request")),
        fixture.answer(&fixture.sign(&app, &fixture.token_request())),
    ] {
        let field = |name| response.headers.first(name).unwrap_or("absent");
        assert_eq!(field("Content-Type"), "text/html; charset=UTF-8");
        assert_eq!(
            field("Cache-Control"),
            "max-age=0, must-revalidate, no-cache, no-store"
        );
        assert_eq!(field("Pragma"), "no-cache");
        assert_eq!(field("Expires"), "Tue, 18 Nov 2025 11:06:40 GMT");
        assert_eq!(field("X-Content-Type-Options"), "nosniff");
        assert_eq!(field("X-XSS-Protection"), "1; mode=block");
        assert_eq!(field("X-Frame-Options"), "SAMEORIGIN");
        assert_eq!(field("WWW-Authenticate"), "absent");
        let cookies: Vec<&str> = response.headers.all("Set-Cookie").collect();
        assert!(cookies[0].starts_with("PHPSESSID="));
        assert!(cookies[1].starts_with("private_content_version="));
    }
}

#[test]
fn missing_parameters_are_listed_in_order_and_one_keeps_its_full_stop() {
    let fixture = Fixture::new();
    let all = |names: &[&str]| {
        names
            .iter()
            .map(|name| format!("\"{name}\" is required. Enter and try again"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let five = [
        "oauth_consumer_key",
        "oauth_signature",
        "oauth_signature_method",
        "oauth_nonce",
        "oauth_timestamp",
    ];
    let seven: Vec<&str> = five
        .into_iter()
        .chain(["oauth_token", "oauth_verifier"])
        .collect();
    for method in ["GET", "POST"] {
        let response = fixture.answer(&plain(method, "/oauth/token/request"));
        assert_problem(&response, 400, &all(&five));
    }
    assert_problem(
        &fixture.answer(&plain("POST", "/oauth/token/access")),
        400,
        &all(&seven),
    );
    let app = fixture.activated("a");
    let request = fixture.sign(&app, &fixture.token_request());
    let header = request.headers.first("Authorization").expect("signed");
    let without: Vec<&str> = header
        .split(", ")
        .filter(|piece| !piece.contains("oauth_nonce"))
        .collect();
    let response = fixture.answer(&with_header(
        request.clone(),
        "Authorization",
        &without.join(", "),
    ));
    assert_eq!(
        response.text(),
        "oauth_problem=%22oauth_nonce%22+is+required.+Enter+and+try+again."
    );
}

#[test]
fn every_method_works_when_signed_for_it_and_an_unknown_one_finds_no_page() {
    let fixture = Fixture::new();
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "POST"] {
        let app = fixture.activated(method);
        let signing = Signing {
            method: method.to_owned(),
            ..fixture.token_request()
        };
        assert_eq!(
            fixture.answer(&fixture.sign(&app, &signing)).status,
            200,
            "{method}"
        );
    }
    let response = fixture.answer(&plain("FOO", "/oauth/token/request"));
    assert_eq!(response.status, 404);
    assert!(response.text().contains("<html"));
}

#[test]
fn the_path_may_have_further_segments_when_it_is_signed_so() {
    let fixture = Fixture::new();
    for target in [
        "/oauth/token/request/",
        "/oauth/token/request/a/b",
        "/index.php/oauth/token/request",
        "/oauth/token/Request",
        "//oauth/token/request",
    ] {
        let app = fixture.activated(target);
        let signing = Signing {
            target: target.to_owned(),
            ..fixture.token_request()
        };
        assert_eq!(
            fixture.answer(&fixture.sign(&app, &signing)).status,
            200,
            "{target}"
        );
    }
}

#[test]
fn a_target_in_absolute_form_counts_as_its_path_and_query_at_the_host_of_the_header() {
    let fixture = Fixture::new();
    for (target, expected) in [
        ("/oauth/token/request", 200),
        ("/oauth/token/request?u=http://a/b", 200),
        ("/oauth/token/nothing", 404),
    ] {
        let app = fixture.activated(target);
        let signing = Signing {
            target: target.to_owned(),
            ..fixture.token_request()
        };
        let mut request = fixture.sign(&app, &signing);
        request.target = format!("http://elsewhere.example{target}");
        assert_eq!(fixture.answer(&request).status, expected, "{target}");
    }
}

#[test]
fn the_forwarded_scheme_and_the_host_are_believed() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let request = fixture.sign(&app, &fixture.token_request());
    let forwarded = with_header(request, "X-Forwarded-Proto", "https");
    assert_problem(
        &fixture.answer(&forwarded),
        401,
        "The signature is invalid. Verify and try again.",
    );
}

#[test]
fn the_window_is_open_for_299_seconds() {
    for (seconds, open) in [(0, true), (299, true), (300, false), (301, false)] {
        let fixture = Fixture::new();
        let app = fixture.activated("a");
        fixture.store.clock().advance(seconds);
        let response = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
        if open {
            assert_eq!(response.status, 200);
        } else {
            assert_problem(&response, 401, "Consumer key has expired");
        }
    }
}

#[test]
fn the_window_follows_its_setting_and_nonsense_means_the_default() {
    for (value, seconds, open) in [
        ("2", 1, true),
        ("2", 2, false),
        ("0", 299, true),
        ("-5", 299, true),
        ("abc", 299, true),
        ("abc", 300, false),
    ] {
        let fixture = Fixture::new();
        fixture.set("oauth/consumer/expiration_period", value);
        let app = fixture.activated("a");
        fixture.store.clock().advance(seconds);
        let response = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
        assert_eq!(response.status == 200, open, "{value} after {seconds}");
    }
}

#[test]
fn a_consumer_that_was_never_posted_has_no_window() {
    let fixture = Fixture::new();
    let app = fixture.created("a");
    let response = fixture.answer(&fixture.sign(&app, &fixture.token_request()));
    assert_problem(&response, 401, "Consumer key has expired");
}

#[test]
fn the_window_binds_neither_access_nor_calls() {
    let fixture = Fixture::new();
    let app = fixture.with_request_token("a");
    fixture.store.clock().advance(3600);
    let response = fixture.answer(&fixture.sign(&app, &fixture.token_access()));
    assert_eq!(response.status, 200);
}

#[test]
fn a_form_array_fails_with_an_internal_error_that_names_no_file() {
    for profile in ["magento-2.4.3", "magento-2.4.5", "magento-2.4.7"] {
        let fixture = Fixture::with(Options {
            profile: magespec::oauth::Profile::named(profile).expect("a profile"),
            ..Options::default()
        });
        let app = fixture.activated("a");
        let mut request = with_header(
            fixture.sign(&app, &fixture.token_request()),
            "Content-Type",
            "application/x-www-form-urlencoded",
        );
        request.body = b"a[]=1".to_vec();
        let response = fixture.answer(&request);
        assert_eq!(response.status, 500, "{profile}");
        assert!(
            response
                .text()
                .starts_with("oauth_problem=internal_error%26message%3D"),
            "{profile}: {}",
            response.text()
        );
        assert!(!response.text().contains("%2F"), "{}", response.text());
    }
}

#[test]
fn methods_are_taken_as_the_profile_says() {
    for (profile, accepted) in [("magento-2.4.3", true), ("magento-2.4.7", false)] {
        let fixture = Fixture::with(Options {
            profile: magespec::oauth::Profile::named(profile).expect("a profile"),
            ..Options::default()
        });
        let app = fixture.activated("a");
        let signing = Signing {
            signature_method: magespec::oauth::SignatureMethod::HmacSha1,
            ..fixture.token_request()
        };
        let response = fixture.answer(&fixture.sign(&app, &signing));
        if accepted {
            assert_eq!(response.status, 200);
        } else {
            assert_problem(
                &response,
                400,
                "Signature method HMAC-SHA1 is not supported",
            );
        }
    }
}

#[test]
fn moving_the_clock_back_is_felt_at_once() {
    let fixture = Fixture::new();
    let app = fixture.activated("a");
    let signing = fixture.token_request();
    let now = fixture.store.clock().now();
    fixture.store.clock().set(now.plus(-3600));
    let response = fixture.answer(&fixture.sign(&app, &signing));
    assert_problem(&response, 401, "An error occurred validating the nonce");
}
