//! What the app keeps, how it reacts to what stores answer, and what its dashboard offers.

use super::*;

fn files(folder: &tempfile::TempDir) -> app::Files {
    app::Files {
        data: folder.path().join("app.db"),
        key: folder.path().join("app.db.key"),
    }
}

#[tokio::test]
async fn a_restarted_app_goes_on_where_it_was_and_its_file_tells_nothing() {
    let store = store(request_token(), access_token(), store_views()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let kept = files(&folder);
    let start = || TestApp::start(|options| options.files = Some(kept.clone()));
    let app = start();
    app.credentials(&base_url(&store)).await;
    app.running.stop().await;
    let between = start();
    assert_eq!(between.login(&back(&store)).await.status, 302);
    between.running.stop().await;
    let after = start();
    assert_eq!(after.store(KEY).await["state"], "connected");
    assert_eq!(after.act(KEY, "call").await.status, 303);
    let seen = store.received_requests().await.expect("recorded");
    assert_eq!(seen.len(), 4, "the tokens were kept");
    for file in std::fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
    {
        let bytes = std::fs::read(file.path()).expect("a file");
        for secret in SECRETS {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds {secret}", file.path().display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = file.metadata().expect("it is there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", file.path().display());
        }
    }
}

#[tokio::test]
async fn files_that_are_not_the_apps_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = files(&folder);
    let refused = |kept: &app::Files| {
        let options = Options {
            files: Some(kept.clone()),
            ..Options::default()
        };
        app::start(options)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let foreign = app::Files {
        data: folder.path().join("foreign.db"),
        ..kept.clone()
    };
    rusqlite::Connection::open(&foreign.data)
        .and_then(|connection| connection.execute_batch("CREATE TABLE t (x)"))
        .expect("a database of somebody else");
    std::fs::write(&kept.key, [7; 32]).expect("written");
    assert!(
        refused(&foreign).contains("is not a file of this app"),
        "{}",
        refused(&foreign)
    );
    std::fs::write(&kept.key, [7; 5]).expect("written");
    assert!(
        refused(&kept).contains("does not hold a key"),
        "{}",
        refused(&kept)
    );
    std::fs::write(&kept.key, [7; 32]).expect("written");
    let app = TestApp::start(|options| options.files = Some(kept.clone()));
    app.credentials("http://127.0.0.1:9/").await;
    app.running.stop().await;
    std::fs::write(&kept.key, [8; 32]).expect("written");
    assert!(
        refused(&kept).contains("does not open"),
        "{}",
        refused(&kept)
    );
    std::fs::remove_file(&kept.key).expect("removed");
    assert!(
        refused(&kept).contains("cannot use"),
        "no new key for old records: {}",
        refused(&kept)
    );
}

#[tokio::test]
async fn a_token_that_the_store_knows_no_more_ends_the_connection() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    Mock::given(path("/rest/V1/store/storeViews"))
        .respond_with(ResponseTemplate::new(401).set_body_raw(
            r#"{"message":"Specified token does not exist"}"#,
            "application/json",
        ))
        .with_priority(1)
        .mount(&store)
        .await;
    app.act(KEY, "call").await;
    assert_eq!(app.store(KEY).await["connected"], false);
    let page = app.send("GET", "/", "").await.text();
    assert!(
        page.contains("Disconnected: the store knows the token no more"),
        "{page}"
    );
    assert!(!page.contains("Call the store"), "{page}");
}

#[tokio::test]
async fn another_integration_of_the_same_store_takes_the_first_ones_place() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|options| options.exchange = ExchangeOn::Callback);
    app.credentials(&base_url(&store)).await;
    app.until_state(KEY, "connected").await;
    let fresh = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";
    let body = form::encode_pairs([
        ("oauth_consumer_key", fresh),
        ("oauth_consumer_secret", CONSUMER_SECRET),
        ("store_base_url", &base_url(&store)),
        ("oauth_verifier", VERIFIER),
    ]);
    app.send("POST", "/callback", &body).await;
    app.until_state(fresh, "connected").await;
    assert_eq!(app.store(KEY).await["state"], "ended");
}

#[tokio::test]
async fn a_busy_store_and_a_used_nonce_are_asked_again_with_a_new_signature() {
    let store = store(request_token(), access_token(), store_views()).await;
    let call = || Mock::given(path("/rest/V1/store/storeViews"));
    let used = r#"{"message":"The nonce is already being used by the consumer with ID %1","parameters":["7"]}"#;
    call()
        .respond_with(ResponseTemplate::new(401).set_body_raw(used, "application/json"))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&store)
        .await;
    call()
        .respond_with(ResponseTemplate::new(503).insert_header("Retry-After", "0"))
        .up_to_n_times(1)
        .with_priority(2)
        .mount(&store)
        .await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    assert_eq!(app.login(&back(&store)).await.status, 302);
    assert_eq!(app.store(KEY).await["state"], "connected");
    let seen = store.received_requests().await.expect("recorded");
    let fields: std::collections::HashSet<_> = seen
        .iter()
        .filter(|request| request.url.path() == "/rest/V1/store/storeViews")
        .map(|request| {
            request.headers["authorization"]
                .to_str()
                .expect("ASCII")
                .to_owned()
        })
        .collect();
    assert_eq!(fields.len(), 3, "each try has a nonce of its own");
    let told = app.send("GET", "/", "").await.text();
    assert!(
        told.contains("The nonce is already being used by the consumer with ID 7"),
        "{told}"
    );
}

#[tokio::test]
async fn a_list_is_read_to_its_end_once() {
    let store = store(request_token(), access_token(), store_views()).await;
    let page = |items: usize, total: usize| {
        let items = vec![serde_json::json!({"id": 1}); items];
        let body = serde_json::json!({"items": items, "search_criteria": {"page_size": 2}, "total_count": total});
        ResponseTemplate::new(200).set_body_json(body)
    };
    for (number, answer) in [("1", page(2, 5)), ("2", page(2, 4)), ("3", page(0, 4))] {
        Mock::given(path("/rest/V1/orders"))
            .and(wiremock::matchers::query_param(
                "searchCriteria[currentPage]",
                number,
            ))
            .respond_with(answer)
            .mount(&store)
            .await;
    }
    let app = TestApp::start(|options| {
        options.call =
            "rest/V1/orders?searchCriteria%5BpageSize%5D=2&searchCriteria%5BcurrentPage%5D=1"
                .to_owned();
    });
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let told = app.told();
    assert!(told.contains("4 items on 2 pages"), "{told}");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_named() {
    let store = store(request_token(), access_token(), store_views()).await;
    Mock::given(path("/oauth/token/request"))
        .respond_with(
            text(401, "oauth_problem=An+error+occurred+validating+the+nonce")
                .insert_header("Date", "Tue, 14 Nov 2023 21:53:20 GMT"),
        )
        .with_priority(1)
        .mount(&store)
        .await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    let page = app.login(&back(&store)).await.text();
    assert!(
        page.contains("clock is 20 minutes behind this app"),
        "{page}"
    );
}

#[tokio::test]
async fn secrets_are_shown_to_whoever_asks_on_the_page_and_nowhere_else() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let shown = app.act(KEY, "secrets").await;
    for value in [KEY, CONSUMER_SECRET, "accesstoken", "accesssecret"] {
        assert!(shown.text().contains(value), "{value}");
    }
    assert!(!shown.text().contains(VERIFIER));
    assert_eq!(shown.headers.first("Cache-Control"), Some("no-store"));
    assert_eq!(app.act(KEY, "disconnect").await.status, 303);
    assert!(app.running.app().stores().is_empty());
}

#[tokio::test]
async fn the_explanation_of_a_refusal_stands_beside_it() {
    let refused = ResponseTemplate::new(401).set_body_raw(
        r#"{"message":"The signature is invalid. Verify and try again."}"#,
        "application/json",
    );
    let store = store(request_token(), access_token(), refused).await;
    let app = TestApp::start(|options| {
        options.explain = Some(Arc::new(|request, secret, token_secret| {
            assert_eq!(
                (secret.expose(), token_secret.expose()),
                (CONSUMER_SECRET, "accesssecret")
            );
            Some(format!("{} was signed as it should be", request.target))
        }));
    });
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let page = app.send("GET", "/", "").await.text();
    assert!(
        page.contains("/rest/V1/store/storeViews was signed as it should be"),
        "{page}"
    );
}

#[tokio::test]
async fn the_dashboard_hears_of_changes() {
    let app = TestApp::start(|_| {});
    let seen = |response: &Response| {
        let text = response.text();
        let id = text
            .split_once("id: ")
            .and_then(|(_, rest)| rest.lines().next());
        id.and_then(|id| id.parse::<u64>().ok()).expect("an id")
    };
    let waiting = app.send("GET", "/events?after=0", "");
    let posting = app.credentials("http://127.0.0.1:9/");
    let (event, _) = tokio::join!(waiting, posting);
    assert_eq!(
        event.headers.first("Content-Type"),
        Some("text/event-stream")
    );
    assert!(seen(&event) > 0);
}
