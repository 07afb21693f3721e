//! The exchange with callback endpoints that redirect, answer badly, hang or are not there.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use magespec::integration::Status;
use magespec::oauth::TokenKind;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::spec::panel::browser::Browser;
use crate::spec::panel::dialogs::{LINK, exchange, exchanging, peer, runtime};

const FAILED: &str = "The attempt to post data to consumer failed due to an unexpected error. Please try again later.";

#[test]
fn any_http_answer_counts_and_a_redirect_is_not_followed() {
    let runtime = runtime();
    let browser = Browser::signed_in(&[]);
    for status in [200, 204, 302, 404, 500] {
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            let answer = ResponseTemplate::new(status).insert_header("Location", "/elsewhere");
            Mock::given(path("/cb"))
                .respond_with(answer)
                .expect(1)
                .mount(&server)
                .await;
            server
        });
        let id = browser.create(
            &format!("App {status}"),
            &[
                ("endpoint", &format!("{}/cb", server.uri())),
                ("identity_link_url", LINK),
            ],
        );
        assert!(
            exchange(&browser, &id, "0").starts_with("{\"identity_link_url\""),
            "{status}"
        );
        assert_eq!(
            browser.messages(),
            [format!(
                "Integration 'App {status}' has been sent for activation."
            )]
        );
        let requests = runtime
            .block_on(server.received_requests())
            .expect("requests are recorded");
        assert_eq!(requests.len(), 1, "{status}");
        assert_eq!(browser.tokens(&id)[0].kind, TokenKind::Verifier);
    }
}

#[test]
fn a_followed_redirect_is_a_get_without_the_secrets() {
    let runtime = runtime();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let to = |place: &str| ResponseTemplate::new(302).insert_header("Location", place);
        Mock::given(path("/cb"))
            .respond_with(to("/x"))
            .mount(&server)
            .await;
        Mock::given(path("/x"))
            .respond_with(to("/y"))
            .mount(&server)
            .await;
        server
    });
    let browser = Browser::signed_in(&[("oauth/consumer/post_maxredirects", "1")]);
    let id = exchanging(&browser, &format!("{}/cb", server.uri()));
    assert!(exchange(&browser, &id, "0").starts_with("{\"identity_link_url\""));
    let requests = runtime
        .block_on(server.received_requests())
        .expect("requests are recorded");
    let seen: Vec<(String, &str, usize)> = requests
        .iter()
        .map(|it| (it.method.to_string(), it.url.path(), it.body.len()))
        .collect();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[1], ("GET".to_owned(), "/x", 0));
}

#[test]
fn no_http_answer_is_a_failure_that_keeps_what_was_prepared() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a free port")
        .local_addr()
        .expect("an address");
    let endpoints = [
        ("closed port", format!("http://{closed}/cb")),
        ("closed without answer", peer(|_| ())),
        (
            "garbage",
            peer(|stream| {
                let _ = stream.write_all(b"hello there\r\n\r\n");
            }),
        ),
        (
            "cut short",
            peer(|stream| {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            }),
        ),
        ("no such host", "http://nothing.invalid/cb".to_owned()),
        ("not a URL", "not a url".to_owned()),
        ("ftp", "ftp://127.0.0.1/cb".to_owned()),
        ("no endpoint", String::new()),
    ];
    let browser = Browser::signed_in(&[]);
    for (what, endpoint) in endpoints {
        let id = browser.create(
            what,
            &[("endpoint", &endpoint), ("identity_link_url", LINK)],
        );
        let answer = exchange(&browser, &id, "0").replace("\\/", "/");
        assert!(
            answer.starts_with(
                "{\"_redirect\":\"http://127.0.0.1:8080/admin/admin/integration/index/key/"
            ),
            "{what}: {answer}"
        );
        assert_eq!(browser.messages(), [FAILED], "{what}");
        assert_eq!(browser.tokens(&id)[0].kind, TokenKind::Verifier, "{what}");
        assert_eq!(browser.status(&id), Status::Inactive);
        let page = browser.get(&browser.dialog("tokensExchange", &id, "0"));
        assert_eq!(page.status, 302, "{what}");
        browser.messages();
    }
}

#[test]
fn an_endpoint_that_hangs_is_given_up_after_the_configured_time() {
    let browser = Browser::signed_in(&[("oauth/consumer/post_timeout", "1")]);
    let hang = |stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        thread::sleep(Duration::from_secs(4));
    };
    let id = exchanging(&browser, &peer(hang));
    let began = Instant::now();
    assert!(exchange(&browser, &id, "0").contains("_redirect"));
    let elapsed = began.elapsed();
    assert!(
        elapsed >= Duration::from_secs(1) && elapsed < Duration::from_secs(3),
        "{elapsed:?}"
    );
    assert_eq!(browser.messages(), [FAILED]);
}

#[test]
fn re_authorising_an_active_integration_with_its_endpoint_down_drops_it() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a free port")
        .local_addr()
        .expect("an address");
    let browser = Browser::signed_in(&[]);
    let id = exchanging(&browser, &format!("http://{closed}/cb"));
    browser.get(&browser.dialog("tokensDialog", &id, "0"));
    assert_eq!(browser.status(&id), Status::Active);
    let old = browser.tokens(&id)[0].token.clone();
    exchange(&browser, &id, "1");
    assert_eq!(browser.status(&id), Status::Inactive);
    assert_eq!(browser.store.storage().token(&old).expect("read"), None);
    assert_eq!(browser.tokens(&id)[0].kind, TokenKind::Verifier);
}
