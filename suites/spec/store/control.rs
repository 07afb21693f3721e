//! The control API.

use std::sync::Arc;

use magespec::secret::Secret;
use magespec::storage::AccountKind;
use magespec::store::{Control, Options, ReadyIntegration};
use serde_json::{Value, json};

use crate::spec::store::fixture::{Fixture, NOW, plain, with_header, with_json};

fn control(fixture: &Fixture, method: &str, target: &str, body: &str) -> (u16, Value) {
    let request = with_header(plain(method, target), "Host", "127.0.0.1:8081");
    let response = Control::new(Arc::clone(&fixture.store), None).answer(&with_json(request, body));
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
fn a_misspelt_path_is_refused_and_one_that_is_not_modelled_warns() {
    let fixture = Fixture::new();
    let put = |path: &str| {
        let target = format!("/v1/config/{path}");
        control(&fixture, "PUT", &target, r#"{"value":"1"}"#)
    };
    let (status, answer) = put("oauth/consumer/expiration_perod");
    assert_eq!(status, 400);
    let error = answer["error"].as_str().expect("a sentence");
    assert!(
        error.ends_with("did you mean `oauth/consumer/expiration_period`?"),
        "{error}"
    );
    let (status, answer) = put("oauth/nothing/of_the_kind");
    assert_eq!((status, answer["error"].is_string()), (400, true));
    for path in [
        "web/secure/enable_hsts",
        "payment/checkmo/active",
        "acme/demo/on",
    ] {
        let (status, answer) = put(path);
        assert_eq!(
            (status, answer["warning"].is_string()),
            (200, true),
            "{path}"
        );
    }
    let (_, answer) = put("oauth/consumer/post_timeout");
    assert_eq!(answer["warning"], Value::Null);
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
    for (method, target) in [("GET", "/"), ("GET", "/v1/config/"), ("GET", "/v2/clock")] {
        assert_eq!(
            control(&fixture, method, target, "").0,
            404,
            "{method} {target}"
        );
    }
    let request = with_header(plain("POST", "/v1/reset"), "Origin", "https://evil.example");
    let control = Control::new(Arc::clone(&fixture.store), None);
    let request = with_header(with_json(request, "{}"), "Host", "localhost");
    assert_eq!(control.answer(&request).status, 403);
}

#[test]
fn only_who_brings_the_token_to_a_loopback_name_is_let_in() {
    let fixture = Fixture::new();
    let control = Control::new(Arc::clone(&fixture.store), Some(Secret::from("t0ken")));
    let asked = |host: &str, authorization: Option<&str>, content_type: Option<&str>, method| {
        let mut request = with_header(plain(method, "/v1/clock"), "Host", host);
        request.body = br#"{"advance":1}"#.to_vec();
        for (name, value) in [
            ("Authorization", authorization),
            ("Content-Type", content_type),
        ] {
            if let Some(value) = value {
                request.headers.add(name, value);
            }
        }
        control.answer(&request)
    };
    let token = Some("Bearer t0ken");
    let json = Some("application/json");
    for host in [
        "127.0.0.1",
        "127.0.0.1:8081",
        "[::1]:8081",
        "localhost:1",
        "LOCALHOST",
        "127.1.2.3",
    ] {
        assert_eq!(asked(host, token, None, "GET").status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8081",
        "10.0.0.1",
        "0.0.0.0",
        "",
    ] {
        assert_eq!(asked(host, token, json, "POST").status, 403, "{host}");
    }
    for wrong in [
        None,
        Some("t0ken"),
        Some("Bearer"),
        Some("Bearer t0ke"),
        Some("Bearer t0ken2"),
        Some("Basic t0ken"),
    ] {
        let answer = asked("localhost", wrong, json, "POST");
        assert_eq!(answer.status, 401, "{wrong:?}");
        assert_eq!(answer.headers.first("WWW-Authenticate"), Some("Bearer"));
        assert!(answer.text().contains("control_token"), "{}", answer.text());
    }
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        assert_eq!(
            asked("localhost", token, kind, "POST").status,
            415,
            "{kind:?}"
        );
    }
    let kind = Some("application/json; charset=utf-8");
    assert_eq!(asked("localhost", token, kind, "POST").status, 200);
    assert_eq!(
        fixture.store.now().0,
        NOW.0 + 1,
        "what was refused did nothing"
    );
    for open in ["/health", "/ready"] {
        let request = with_header(plain("GET", open), "Host", "localhost");
        assert_eq!(control.answer(&request).status, 200, "{open}");
    }
}

#[test]
fn it_describes_what_it_answers_to() {
    let fixture = Fixture::new();
    let (_, index) = control(&fixture, "GET", "/v1/", "");
    let (_, described) = control(&fixture, "GET", "/v1/openapi.json", "");
    assert_eq!(described["openapi"], "3.1.0");
    let endpoints = index["endpoints"].as_array().expect("a list");
    assert!(endpoints.len() > 15);
    for endpoint in endpoints {
        let request = endpoint["request"].as_str().expect("a text");
        let (method, path) = request.split_once(' ').expect("method and path");
        let template = path.replace("...}", "}");
        let operation = &described["paths"][&template][method.to_lowercase()];
        assert_eq!(operation["summary"], endpoint["does"], "{request}");
        // The one answer that is no JSON.
        if path == "/metrics" {
            continue;
        }
        let target = path
            .replace("{path...}", "a/b/c")
            .replace("{id}", "7")
            .replace("{token}", "t");
        let (status, answer) = control(&fixture, method, &target, "{}");
        assert_ne!(status, 405, "{request}");
        let unknown = answer["error"].as_str().unwrap_or_default();
        assert!(!unknown.contains("the control API has no"), "{request}");
    }
    let (status, answer) = control(&fixture, "DELETE", "/v1/clock", "");
    assert_eq!(status, 405);
    assert_eq!(answer["error"], "/v1/clock knows GET and POST, not DELETE");
}

#[test]
fn it_counts_what_was_answered() {
    let fixture = Fixture::new();
    fixture.answer(&crate::spec::store::fixture::plain(
        "GET",
        "/rest/V1/store/storeViews",
    ));
    let request = with_header(
        crate::spec::store::fixture::plain("GET", "/metrics"),
        "Host",
        "localhost",
    );
    let answer = Control::new(Arc::clone(&fixture.store), None).answer(&request);
    let text = answer.text();
    for line in [
        "magespec_requests_total{kind=\"rest\",status=\"4xx\"} 1",
        "magespec_requests_total{kind=\"rest\",status=\"2xx\"} 0",
        "magespec_request_seconds_count{kind=\"rest\"} 1",
        "magespec_database_up 1",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} in {text}");
    }
    for line in text.lines() {
        let is_comment = line.starts_with("# HELP ") || line.starts_with("# TYPE ");
        let value = line
            .rsplit(' ')
            .next()
            .and_then(|value| value.parse::<f64>().ok());
        assert!(is_comment || value.is_some(), "{line}");
    }
}

#[test]
fn an_integration_is_made_and_calls_at_once() {
    let fixture = Fixture::new();
    let body = r#"{"name":"Orders","resources":["Magento_Sales::sales"],"email":"a@b.example","callback_url":"http://127.0.0.1:1/cb"}"#;
    let (status, made) = control(&fixture, "POST", "/v1/integrations", body);
    assert_eq!(status, 200, "{made}");
    let one = format!("/v1/integrations/{}", made["id"]);
    let (_, row) = control(&fixture, "GET", &one, "");
    assert_eq!(row["status"], 1);
    assert_eq!(row["consumer"]["key"], made["consumer_key"]);
    assert_eq!(row["consumer"]["secret"], made["consumer_secret"]);
    assert_eq!(row["tokens"][0]["type"], "access");
    assert_eq!(row["tokens"][0]["token"], made["token"]);
    assert_eq!(row["tokens"][0]["secret"], made["token_secret"]);
    let (status, waiting) = control(
        &fixture,
        "POST",
        "/v1/integrations",
        r#"{"name":"Later","resources":"all","activated":false}"#,
    );
    assert_eq!(
        (status, waiting),
        (200, json!({"id": 2, "name": "Later", "status": 0}))
    );
    for (body, status, says) in [
        (
            r#"{"name":"orders"}"#,
            409,
            "an integration named `orders` exists",
        ),
        (r#"{"name":""}"#, 400, "`name` must be"),
        (r"{}", 400, "`name` must be"),
        (r#"{"name":"x","email":1}"#, 400, "`email` must be a text"),
        (
            r#"{"name":"x","resources":"some"}"#,
            400,
            "`resources` must be \"all\" or a list",
        ),
        (
            r#"{"name":"x","resources":["Magento_Sales::sale"]}"#,
            400,
            "no resource has the id `Magento_Sales::sale`; did you mean `Magento_Sales::sales`?",
        ),
    ] {
        let (came, answer) = control(&fixture, "POST", "/v1/integrations", body);
        assert_eq!(came, status, "{body}");
        let sentence = answer["error"].as_str().expect("a sentence");
        assert!(sentence.contains(says), "{sentence}");
    }
}

#[test]
fn a_reset_brings_the_ready_integrations_back_with_the_values_they_had() {
    let wanted = ReadyIntegration {
        name: "Ready".to_owned(),
        ..ReadyIntegration::default()
    };
    let fixture = Fixture::with(Options {
        integrations: vec![wanted],
        ..Options::default()
    });
    let before = fixture.store.ready_integrations();
    let one = format!("/v1/integrations/{}", before[0].id.0);
    control(&fixture, "DELETE", &one, "");
    assert_eq!(control(&fixture, "POST", "/v1/reset", ""), (200, json!({})));
    assert_eq!(fixture.store.ready_integrations(), before);
    let (_, row) = control(&fixture, "GET", &one, "");
    assert_eq!(row["tokens"][0]["token"], before[0].token);
}

#[test]
fn the_journal_says_why_the_last_requests_were_refused() {
    let fixture = Fixture::with(Options {
        journal: 2,
        ..Options::default()
    });
    let app = fixture.active("a");
    fixture.answer(&plain("GET", "/rest/V1/modules?secret=1"));
    fixture.get(&app, "/rest/V1/modules");
    fixture.answer(&plain("GET", "/rest/V1/store/storeViews"));
    let (_, requests) = control(&fixture, "GET", "/v1/requests", "");
    let shown: Vec<_> = requests
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| json!([one["path"], one["caller"], one["status"], one["reason"]]))
        .collect();
    let caller = format!("integration {}", app.integration.id);
    assert_eq!(
        shown,
        [
            json!([
                "/rest/V1/store/storeViews",
                "guest",
                401,
                "The consumer isn't authorized to access Magento_Backend::store."
            ]),
            json!(["/rest/V1/modules", caller, 200, null]),
        ]
    );
    let (_, last) = control(&fixture, "GET", "/v1/requests?last=1", "");
    assert_eq!(last.as_array().map(Vec::len), Some(1));
    assert_eq!(control(&fixture, "GET", "/v1/requests?last=x", "").0, 400);
}
