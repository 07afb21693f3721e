//! Permissions, tokens and exchange.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use magespec::integration::Status;
use magespec::oauth::{Profile, TokenKind};
use magespec::store::Options;
use magespec::text::form;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::spec::panel::browser::{Browser, attribute_after, messages, store_with, url_with};

pub(crate) const LINK: &str = "https://app.example/login";

pub(crate) fn exchanging(browser: &Browser, endpoint: &str) -> String {
    browser.create(
        "App",
        &[("endpoint", endpoint), ("identity_link_url", LINK)],
    )
}

pub(crate) fn exchange(browser: &Browser, id: &str, reauthorize: &str) -> String {
    let address = browser.dialog("tokensExchange", id, reauthorize);
    browser.as_script(|script| script.get(&address)).text()
}

/// A runtime for the mock servers; the browser's own requests run outside of it.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime starts")
}

#[test]
fn the_permissions_dialog_shows_the_selected_nodes_below_selected_parents() {
    let browser = Browser::signed_in(&[]);
    let shown =
        |name: &str, fields: &[(&str, &str)]| {
            let id = browser.create(name, fields);
            let response = browser.get(&browser.dialog("permissionsDialog", &id, "0"));
            assert_eq!(response.status, 200);
            let page = response.text();
            assert!(!page.contains("<html"), "a fragment");
            assert!(page.contains(
                "The integration you selected asks you to approve access to the following:"
            ));
            page
        };
    assert!(shown("Nothing", &[]).contains("No permissions requested"));
    let orphan = shown("Orphan child", &[("resource[]", "Magento_Sales::reorder")]);
    assert!(
        orphan.contains("'treeInitData': []") && !orphan.contains("No permissions requested"),
        "an empty tree"
    );
    let some = shown(
        "Some",
        &[
            ("resource[]", "Magento_Customer::customer"),
            ("resource[]", "Magento_Customer::manage"),
        ],
    );
    assert!(
        some.contains(r#"{"data-id":"Magento_Customer::customer"}"#)
            && some.contains(r#"{"data-id":"Magento_Customer::manage"}"#)
    );
    assert!(!some.contains("Magento_Sales") && !some.contains("<input"));
    let all = shown("All", &[("all_resources", "1")]);
    assert!(all.contains(r#"{"data-id":"Magento_Sales::reorder"}"#));
    let state = r#""state":{"selected":true,"opened":true,"disabled":true}"#;
    assert!(all.contains(state) && all.contains("'checkboxVisible': false"));
}

#[test]
fn the_tokens_dialog_issues_shows_and_announces() {
    let browser = Browser::signed_in(&[]);
    let id = browser.create("App", &[]);
    let page = browser
        .get(&browser.dialog("tokensDialog", &id, "0"))
        .text();
    assert!(page.contains("Integration Tokens for Extensions"));
    let values = |page: &str| {
        ["consumer_key", "consumer_secret", "token", "token_secret"].map(|field| {
            attribute_after(page, &format!("id=\"integration_token_{field}\""), "value")
                .expect("a field")
        })
    };
    let first = values(&page);
    assert!(first.iter().all(|value| value.len() == 32), "{first:?}");
    assert_eq!(browser.status(&id), Status::Active);
    assert_eq!(
        browser.messages(),
        ["The integration 'App' has been activated."]
    );
    let again = browser
        .get(&browser.dialog("tokensDialog", &id, "0"))
        .text();
    assert_eq!(values(&again), first);
    let anew = browser
        .get(&browser.dialog("tokensDialog", &id, "1"))
        .text();
    assert_eq!(values(&anew)[..2], first[..2], "key and secret stay");
    assert_ne!(values(&anew)[2], first[2]);
    assert_eq!(
        browser.messages(),
        [
            "The integration 'App' has been activated.",
            "The integration 'App' has been re-authorized."
        ]
    );
}

#[test]
fn the_exchange_posts_four_fields_and_answers_after_them() {
    let runtime = runtime();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let slow = ResponseTemplate::new(200).set_delay(Duration::from_millis(300));
        Mock::given(method("POST"))
            .and(path("/cb"))
            .respond_with(slow)
            .expect(2)
            .mount(&server)
            .await;
        server
    });
    let browser = Browser::signed_in(&[]);
    let id = exchanging(&browser, &format!("{}/cb?x=1", server.uri()));
    let began = Instant::now();
    let answer = exchange(&browser, &id, "0");
    assert!(
        began.elapsed() >= Duration::from_millis(300),
        "the answer waits for the POST"
    );
    let requests = runtime
        .block_on(server.received_requests())
        .expect("requests are recorded");
    let post = &requests[0];
    assert_eq!(post.url.query(), Some("x=1"));
    let text = |name: &str| {
        post.headers
            .get(name)
            .map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(
        text("content-type").as_deref(),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(text("user-agent").as_deref(), Some("Laminas\\Http\\Client"));
    assert_eq!(text("accept").as_deref(), Some("*/*"));
    assert_eq!(
        text("127.0.0.1"),
        Some(server.address().port().to_string()),
        "the stray header line"
    );
    let body = String::from_utf8(post.body.clone()).expect("text");
    let pairs: Vec<(String, String)> = form::pairs(&body).collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "oauth_consumer_key",
            "oauth_consumer_secret",
            "store_base_url",
            "oauth_verifier"
        ]
    );
    assert!(body.contains("store_base_url=http%3A%2F%2F127.0.0.1%3A8080%2F&"));
    for value in [&pairs[0].1, &pairs[1].1, &pairs[3].1] {
        assert!(
            value.len() == 32
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
            "{value}"
        );
    }
    assert_eq!(
        answer,
        format!(
            r#"{{"identity_link_url":"https:\/\/app.example\/login","oauth_consumer_key":"{}","popup_content":"<div><p>Please setup or sign in into your 3rd party account to complete setup of this integration.<\/p><\/div>\n"}}"#,
            pairs[0].1
        )
    );
    assert_eq!(
        browser.messages(),
        ["Integration 'App' has been sent for activation."]
    );
    assert_eq!(browser.status(&id), Status::Inactive);
    assert_eq!(browser.tokens(&id)[0].kind, TokenKind::Verifier);

    exchange(&browser, &id, "1");
    let requests = runtime
        .block_on(server.received_requests())
        .expect("requests are recorded");
    let second: Vec<(String, String)> =
        form::pairs(&String::from_utf8_lossy(&requests[1].body)).collect();
    assert_eq!(second[..3], pairs[..3], "key and secret stay");
    assert_ne!(second[3], pairs[3], "re-authorisation makes a new verifier");
    assert_eq!(
        browser.messages(),
        ["Integration 'App' has been sent for re-authorization."]
    );
}

#[test]
fn an_older_profile_posts_with_its_own_client_and_a_store_without_rewrites_names_its_script() {
    let runtime = runtime();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let good = ResponseTemplate::new(200);
        Mock::given(method("POST"))
            .respond_with(good)
            .mount(&server)
            .await;
        server
    });
    let browser = Browser::new(&store_with(Options {
        profile: Profile::named("magento-2.4.5").expect("a profile"),
        settings: vec![("web/seo/use_rewrites".to_owned(), "0".to_owned())],
        ..Options::default()
    }));
    browser.sign_in();
    let id = exchanging(&browser, &server.uri());
    exchange(&browser, &id, "0");
    let requests = runtime.block_on(server.received_requests());
    let post = &requests.expect("requests are recorded")[0];
    assert_eq!(
        post.headers["user-agent"],
        "Magento\\Framework\\HTTP\\ZendClient"
    );
    assert!(!post.headers.contains_key("127.0.0.1"));
    let body = String::from_utf8_lossy(&post.body);
    assert!(body.contains("store_base_url=http%3A%2F%2F127.0.0.1%3A8080%2Findex.php%2F&"));
}

/// Accepts one connection, reads what comes and does `answer` with it.
pub(crate) fn peer(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the store connects");
        let _ = stream.read(&mut [0; 4096]);
        answer(&mut stream);
    });
    format!("http://{address}/cb")
}

#[test]
fn the_tokens_dialog_announces_success_although_a_verifier_waits() {
    let browser = Browser::signed_in(&[]);
    let id = exchanging(
        &browser,
        &peer(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }),
    );
    exchange(&browser, &id, "0");
    browser.messages();
    let page = browser
        .get(&browser.dialog("tokensDialog", &id, "0"))
        .text();
    assert_eq!(
        attribute_after(&page, "id=\"integration_token_token\"", "value").as_deref(),
        Some("")
    );
    assert_eq!(browser.status(&id), Status::Inactive);
    assert_eq!(
        browser.messages(),
        ["The integration 'App' has been activated."]
    );
}

#[test]
fn the_grid_page_carries_the_addresses_of_the_dialogs() {
    let browser = Browser::signed_in(&[]);
    let page = browser.grid();
    for action in ["permissionsDialog", "tokensDialog", "tokensExchange"] {
        let url = url_with(&page, &format!("/integration/{action}/"));
        assert!(
            url.contains("/id/:id/reauthorize/:isReauthorize/key/"),
            "{url}"
        );
    }
    assert!(url_with(&page, "/integration/loginSuccessCallback/").contains("/key/"));
    assert_eq!(messages(&page), Vec::<String>::new());
}
