//! The control API (DESIGN section 6).

use magespec::secret::Secret;
use magespec::storage::AccountKind;
use magespec::store::Options;
use magespec::wire::Request;
use serde_json::{Value, json};

use super::store_fixture::{Fixture, NOW, plain, with_header};

fn control(fixture: &Fixture, method: &str, target: &str, body: &str) -> (u16, Value) {
    let request = Request {
        body: body.as_bytes().to_vec(),
        ..plain(method, target)
    };
    let response = fixture.store.control(&request);
    let value = serde_json::from_slice(&response.body).expect("every answer is JSON");
    (response.status, value)
}

#[test]
fn a_configuration_value_is_set_read_and_unset() {
    let fixture = Fixture::new();
    let path = "/v1/config/oauth/consumer/expiration_period";
    assert_eq!(control(&fixture, "GET", path, "").0, 404);
    assert_eq!(control(&fixture, "PUT", path, r#"{"value":"2"}"#).0, 200);
    assert_eq!(control(&fixture, "GET", path, "").1["value"], "2");
    assert_eq!(
        fixture
            .store
            .positive("oauth/consumer/expiration_period")
            .expect("read"),
        2
    );
    assert_eq!(control(&fixture, "DELETE", path, "").0, 200);
    assert_eq!(control(&fixture, "GET", path, "").0, 404);
    assert_eq!(
        fixture
            .store
            .positive("oauth/consumer/expiration_period")
            .expect("read"),
        300
    );
    for body in ["", "[]", "{}", r#"{"value":[1]}"#] {
        let (status, answer) = control(&fixture, "PUT", path, body);
        assert_eq!(status, 400, "{body}");
        assert!(answer["error"].is_string());
    }
}

#[test]
fn guest_access_set_here_needs_no_further_flush() {
    let fixture = Fixture::new();
    let path = "/v1/config/webapi/webapisecurity/allow_insecure";
    let read = || {
        fixture
            .answer(&plain("GET", "/rest/V1/store/storeViews"))
            .status
    };
    assert_eq!(read(), 401);
    control(&fixture, "PUT", path, r#"{"value":"1"}"#);
    assert_eq!(read(), 200);
    control(&fixture, "DELETE", path, "");
    assert_eq!(read(), 401);
    control(&fixture, "PUT", path, r#"{"value":"1","flush":false}"#);
    assert_eq!(read(), 401, "the cache still says no");
    control(&fixture, "POST", "/v1/cache/flush", "");
    assert_eq!(read(), 200);
}

#[test]
fn the_clock_is_read_set_and_moved_both_ways() {
    let fixture = Fixture::new();
    assert_eq!(
        control(&fixture, "GET", "/v1/clock", "").1,
        json!({"now": NOW.0})
    );
    for (body, now) in [
        (r#"{"advance":300}"#, NOW.0 + 300),
        (r#"{"advance":-600}"#, NOW.0 - 300),
        (r#"{"now":5}"#, 5),
    ] {
        assert_eq!(
            control(&fixture, "POST", "/v1/clock", body).1,
            json!({"now": now})
        );
        assert_eq!(fixture.store.now().0, now);
    }
    for body in ["{}", r#"{"now":1,"advance":1}"#, r#"{"now":"x"}"#] {
        assert_eq!(
            control(&fixture, "POST", "/v1/clock", body).0,
            400,
            "{body}"
        );
    }
}

#[test]
fn integrations_show_their_consumer_and_tokens_in_order_of_creation() {
    let fixture = Fixture::new();
    let app = fixture.with_request_token("Acme");
    let (status, list) = control(&fixture, "GET", "/v1/integrations", "");
    assert_eq!(status, 200);
    assert_eq!(
        list[0],
        json!({
            "id": app.integration.id.0, "name": "Acme", "status": 0, "setup_type": 0,
            "consumer": {"id": app.consumer.id, "key": app.consumer.key, "secret": app.consumer.secret.expose()},
            "tokens": [{
                "type": "request", "token": app.token, "secret": app.token_secret.expose(),
                "verifier": app.verifier, "revoked": false,
            }],
        })
    );
    let one = format!("/v1/integrations/{}", app.integration.id);
    assert_eq!(control(&fixture, "GET", &one, "").1, list[0]);
    assert_eq!(
        control(&fixture, "PATCH", &one, r#"{"status":2}"#).1["status"],
        2
    );
    assert_eq!(control(&fixture, "PATCH", &one, r#"{"status":3}"#).0, 400);
    for unknown in ["/v1/integrations/999", "/v1/integrations/x"] {
        assert_eq!(control(&fixture, "GET", unknown, "").0, 404);
    }
}

#[test]
fn an_integration_is_deleted_with_its_consumer_and_tokens() {
    let fixture = Fixture::new();
    let (app, other) = (fixture.active("a"), fixture.active("b"));
    let one = format!("/v1/integrations/{}", app.integration.id);
    assert_eq!(control(&fixture, "DELETE", &one, "").1["name"], "a");
    assert_eq!(control(&fixture, "GET", &one, "").0, 404);
    assert_eq!(control(&fixture, "DELETE", &one, "").0, 404);
    assert_eq!(
        fixture.get(&app, "/rest/V1/modules").text(),
        r#"{"message":"A consumer having the specified key does not exist"}"#
    );
    assert_eq!(fixture.get(&other, "/rest/V1/modules").status, 200);
}

#[test]
fn a_revoked_token_is_refused_by_its_own_sentence() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    let target = format!("/v1/tokens/{}/revoke", app.token);
    assert_eq!(control(&fixture, "POST", &target, "").1["revoked"], true);
    assert_eq!(
        fixture.get(&app, "/rest/V1/modules").text(),
        r#"{"message":"Access token has been revoked"}"#
    );
    assert_eq!(
        control(&fixture, "POST", "/v1/tokens/none/revoke", "").0,
        404
    );
}

#[test]
fn applying_modules_tells_what_it_did() {
    let fixture = Fixture::new();
    let (status, applied) = control(&fixture, "POST", "/v1/modules/apply", "");
    assert_eq!(status, 200);
    assert_eq!(applied["created"], json!([]));
}

#[test]
fn a_reset_brings_back_the_state_after_start() {
    let fixture = Fixture::with(Options {
        admins: vec![("admin".to_owned(), Secret::from("Admin-1234"))],
        settings: vec![(
            "oauth/consumer/expiration_period".to_owned(),
            "60".to_owned(),
        )],
        ..Options::default()
    });
    let app = fixture.active("a");
    fixture.set("oauth/consumer/expiration_period", "5");
    fixture.set("webapi/webapisecurity/allow_insecure", "1");
    fixture.store.clock().advance(100);
    let storage = fixture.store.storage();
    storage
        .put_account(AccountKind::Admin, "older", "hash from before")
        .expect("put");

    assert_eq!(control(&fixture, "POST", "/v1/reset", ""), (200, json!({})));

    assert_eq!(fixture.store.now(), NOW);
    assert_eq!(
        control(&fixture, "GET", "/v1/integrations", "").1,
        json!([])
    );
    assert_eq!(
        storage
            .setting("oauth/consumer/expiration_period")
            .expect("read")
            .as_deref(),
        Some("60")
    );
    assert_eq!(
        storage
            .setting("webapi/webapisecurity/allow_insecure")
            .expect("read"),
        None
    );
    assert!(
        fixture
            .get(&app, "/rest/V1/modules")
            .text()
            .contains("does not exist")
    );
    let kept = storage
        .account(AccountKind::Admin, "older")
        .expect("read")
        .expect("there");
    assert_eq!(kept.password_hash, "hash from before");
    assert_eq!(
        fixture.active("again").integration.id.0,
        1,
        "ids begin anew"
    );
}

#[test]
fn what_it_does_not_have_is_not_found_and_browsers_are_sent_away() {
    let fixture = Fixture::new();
    for (method, target) in [
        ("GET", "/"),
        ("POST", "/v1/config/a/b/c"),
        ("GET", "/v2/clock"),
    ] {
        assert_eq!(
            control(&fixture, method, target, "").0,
            404,
            "{method} {target}"
        );
    }
    let request = with_header(plain("POST", "/v1/reset"), "Origin", "https://evil.example");
    assert_eq!(fixture.store.control(&request).status, 403);
}
