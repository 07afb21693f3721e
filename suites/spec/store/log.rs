//! The request log: what it says of a refusal, and what it never says.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use magespec::store::{Explanation, Options};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use crate::spec::store::fixture::{Fixture, Signing, plain, tampered};

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Kept {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

pub(crate) fn logged(level: Level, work: impl FnOnce()) -> String {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(kept.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = kept.0.lock().expect("no panic").clone();
    String::from_utf8(bytes).expect("text")
}

fn fixture() -> Fixture {
    Fixture::with(Options {
        explanation: Some(Explanation::new(|refused| {
            assert!(!refused.consumer_secret.expose().is_empty());
            assert!(refused.token_secret.is_some());
            Some("the client forgot its glasses".to_owned())
        })),
        ..Options::default()
    })
}

#[test]
fn a_refused_signature_is_logged_with_its_base_string_and_no_secret() {
    let fixture = fixture();
    let app = fixture.with_request_token("a");
    let signing = Signing {
        target: "/oauth/token/access?password=hunter2&a=1".to_owned(),
        ..fixture.token_access()
    };
    let request = tampered(fixture.sign(&app, &signing));
    let log = logged(Level::DEBUG, || {
        assert_eq!(fixture.answer(&request).status, 401);
    });
    for part in [
        "method=\"POST\"",
        "path=\"/oauth/token/access\"",
        "status=401",
        "The signature is invalid. Verify and try again.",
        "POST&http%3A%2F%2Fshop.example%2Foauth%2Ftoken%2Faccess&a%3D1%26oauth_consumer_key%3D",
        "oauth_verifier%3D***",
        "password%3D***",
        "the client forgot its glasses",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    for secret in [
        app.verifier.as_str(),
        app.consumer.secret.expose(),
        app.token_secret.expose(),
        "hunter2",
    ] {
        assert!(!log.contains(secret), "a secret is in {log}");
    }
}

#[test]
fn without_debug_neither_base_string_nor_explanation_is_made() {
    let fixture = fixture();
    let app = fixture.with_request_token("a");
    let request = tampered(fixture.sign(&app, &fixture.token_access()));
    let log = logged(Level::INFO, || {
        assert_eq!(fixture.answer(&request).status, 401);
    });
    assert!(
        !log.contains("glasses") && !log.contains("POST&http"),
        "{log}"
    );
    assert_eq!(log.lines().count(), 1, "{log}");
}

#[test]
fn a_store_that_explains_says_it_in_the_request_log_without_the_base_string() {
    let explained = fixture().store.options().explanation.clone();
    let fixture = Fixture::with(Options {
        explanation: explained,
        explains: true,
        ..Options::default()
    });
    let app = fixture.with_request_token("a");
    let request = tampered(fixture.sign(&app, &fixture.token_access()));
    let log = logged(Level::INFO, || {
        assert_eq!(fixture.answer(&request).status, 401);
    });
    assert!(
        log.contains("explanation=\"the client forgot its glasses\"") && !log.contains("POST&http"),
        "{log}"
    );
}

#[test]
fn a_caller_is_named_and_a_path_cannot_start_a_new_line() {
    let fixture = fixture();
    let app = fixture.active("a");
    let signed = fixture.sign(&app, &fixture.signing("GET", "/rest/V1/modules"));
    let log = logged(Level::INFO, || {
        assert_eq!(fixture.answer(&signed).status, 200);
        fixture.answer(&plain("GET", "/rest/V1/x\n2026 INFO forged"));
    });
    assert!(
        log.contains(&format!("caller=\"integration {}\"", app.integration.id)),
        "{log}"
    );
    assert_eq!(log.lines().count(), 2, "{log}");
}

#[test]
fn the_secret_key_of_a_panel_address_is_not_logged() {
    let key = "5f".repeat(32);
    let request = plain(
        "GET",
        &format!("/admin/admin/integration/edit/key/{key}/id/7/"),
    );
    let log = logged(Level::INFO, || {
        fixture().answer(&request);
    });
    assert!(
        log.contains("path=\"/admin/admin/integration/edit/key/***/id/7/\""),
        "{log}"
    );
}

#[test]
fn a_guest_whose_credentials_were_passed_over_is_told_why_in_the_log() {
    let fixture = fixture();
    let app = fixture.active("a");
    let told = |field: &str, target: &str, why: &str| {
        let mut request = plain("GET", target);
        if !field.is_empty() {
            request.headers.add("Authorization", field);
        }
        let log = logged(Level::DEBUG, || {
            assert_eq!(fixture.answer(&request).status, 401, "{field} {target}");
        });
        assert!(log.contains(why), "{why} is not in {log}");
        assert!(!log.contains(&app.token), "a token is in {log}");
    };
    let path = "/rest/V1/store/storeViews";
    told("Basic YTpi", path, "has the scheme `Basic`");
    told("Bearer a b", path, "one token with one blank between");
    told(
        "Bearer nope",
        path,
        "no administrator or customer has this bearer token",
    );
    let bearer = format!("Bearer {}", app.token);
    told(
        &bearer,
        path,
        "`oauth/consumer/enable_integration_as_bearer` is off",
    );
    told(
        "OAuth",
        path,
        "brings no parameter whose name begins with `oauth_`",
    );
    let query = format!("{path}?access_token={}", app.token);
    told("", &query, "`access_token` stands in the query");
}
