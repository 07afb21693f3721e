//! The steps and their order, with a store that behaves.

use super::*;

#[tokio::test]
async fn the_whole_handshake_ends_at_the_success_callback() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    assert_eq!(app.credentials(&base_url(&store)).await.status, 200);
    let form = app
        .send(
            "GET",
            &format!(
                "/login?oauth_consumer_key={KEY}&success_call_back={}",
                form::encode(&format!("{}/admin/x?a=1%26", store.uri()))
            ),
            "",
        )
        .await;
    assert_eq!(form.status, 200);
    assert!(
        form.text()
            .contains(&format!(r#"value="{}/admin/x?a=1%26""#, store.uri()))
    );
    let back = format!(
        "{}/admin/admin/integration/loginSuccessCallback/",
        store.uri()
    );
    let response = app.login(&back).await;
    assert_eq!(response.status, 302, "{}", response.text());
    assert_eq!(response.headers.first("Location"), Some(back.as_str()));
    assert_eq!(app.status().await["stores"][0]["state"], "connected");
    without_ports(|| insta::assert_snapshot!("terminal", app.told()));
}

#[tokio::test]
async fn every_request_to_the_store_verifies() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|options| {
        options.call = "rest/V1/store/storeViews?searchCriteria%5BpageSize%5D=2&a=b+c".to_owned();
    });
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let seen = store.received_requests().await.expect("recorded");
    let secrets = ["", "requestsecret", "accesssecret"];
    assert_eq!(seen.len(), secrets.len());
    for (request, token_secret) in seen.iter().zip(secrets) {
        let header = |name: &str| {
            request
                .headers
                .get(name)
                .map(|value| value.to_str().expect("ASCII"))
        };
        let target = &request.url[url::Position::BeforePath..];
        let signed = oauth::Request {
            method: request.method.as_str(),
            scheme: "http",
            host: header("host").expect("a host"),
            target,
            authorization: header("authorization"),
            content_type: header("content-type"),
            body: &request.body,
        };
        let key = SigningKey::new(&Secret::from(CONSUMER_SECRET), &Secret::from(token_secret));
        assert_eq!(
            oauth::verify(
                Dialect::Laminas,
                &[SignatureMethod::HmacSha256],
                &signed,
                &key
            ),
            Ok(SignatureMethod::HmacSha256),
            "{target}"
        );
    }
    let authorization = |at: usize| seen[at].headers["authorization"].to_str().expect("ASCII");
    assert!(!authorization(0).contains("oauth_token="));
    assert!(authorization(1).contains(&format!("oauth_verifier=\"{VERIFIER}\"")));
    assert!(authorization(2).contains("oauth_token=\"accesstoken\""));
}

#[tokio::test]
async fn a_login_after_a_failure_goes_on_where_it_failed() {
    let store = store(request_token(), text(503, "busy"), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    assert_eq!(app.login(&back(&store)).await.status, 502);
    Mock::given(path("/oauth/token/access"))
        .respond_with(access_token())
        .with_priority(1)
        .mount(&store)
        .await;
    assert_eq!(app.login(&back(&store)).await.status, 302);
    let seen = store.received_requests().await.expect("recorded");
    let first_steps = seen
        .iter()
        .filter(|request| request.url.path() == "/oauth/token/request");
    assert_eq!(first_steps.count(), 1);
}

#[tokio::test]
async fn a_refused_call_does_not_keep_the_merchant_from_returning() {
    let store = store(request_token(), access_token(), text(401, "{}")).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    let back = format!("{}/admin/back/", store.uri());
    let response = app.login(&back).await;
    assert_eq!(
        (response.status, response.headers.first("Location")),
        (302, Some(back.as_str()))
    );
    let status = app.status().await;
    let store = &status["stores"][0];
    assert_eq!(store["state"], "failed", "the dashboard still says so");
    let outcomes: Vec<_> = (4..6)
        .map(|step| store["steps"][step]["outcome"].as_str())
        .collect();
    assert_eq!(outcomes, [Some("failed"), Some("done")], "{status}");
}

#[tokio::test]
async fn logins_at_the_same_time_exchange_once() {
    let slow = request_token().set_delay(Duration::from_millis(100));
    let store = store(slow, access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    let back = back(&store);
    let answers = tokio::join!(app.login(&back), app.login(&back), app.login(&back));
    assert_eq!(
        [answers.0.status, answers.1.status, answers.2.status],
        [302; 3]
    );
    let seen = store.received_requests().await.expect("recorded");
    let exchanges = seen
        .iter()
        .filter(|request| request.method.as_str() == "POST");
    assert_eq!(exchanges.count(), 2);
}

#[tokio::test]
async fn on_callback_the_exchange_needs_no_login() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|options| options.exchange = ExchangeOn::Callback);
    app.credentials(&base_url(&store)).await;
    for _ in 0..100 {
        if app.status().await["stores"][0]["steps"][4]["outcome"] == "done" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the exchange did not come about: {}", app.told());
}

#[tokio::test]
async fn new_credentials_begin_a_new_exchange() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    app.credentials(&base_url(&store)).await;
    let status = app.status().await;
    assert_eq!(status["stores"][0]["state"], "waiting");
    assert_eq!(status["stores"][0]["posts"], 2);
    assert_eq!(app.login(&back(&store)).await.status, 302);
    let seen = store.received_requests().await.expect("recorded");
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn an_identity_link_with_a_query_of_its_own_still_works() {
    let app = TestApp::start(|_| {});
    app.credentials("http://127.0.0.1:9/").await;
    let target = format!(
        "/login?shop=1?oauth_consumer_key={KEY}&success_call_back=http%3A%2F%2F127.0.0.1:9%2F"
    );
    let response = app.send("GET", &target, "").await;
    assert_eq!(response.status, 200, "{}", response.text());
}

#[tokio::test]
async fn a_store_behind_tls_is_reached_with_its_certificate() {
    use magespec::wire::{server, tls};
    let (config, pem) = tls::self_signed(&["localhost".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.pem");
    std::fs::write(&file, pem).expect("written");
    let listener = server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let store = server::spawn_blocking(
        listener,
        server::Limits::default(),
        Some(config),
        |request, _| match request.target.as_str() {
            "/rest/V1/store/storeViews" => Response::new(200, "application/json", "[]"),
            _ => Response::new(200, "text/html", "oauth_token=t&oauth_token_secret=s"),
        },
    );
    let app = TestApp::start(|options| options.trust = Trust::File(file));
    app.credentials(&format!("https://localhost:{}", store.local().port()))
        .await;
    let back = format!("https://localhost:{}/admin/", store.local().port());
    let response = app.login(&back).await;
    assert_eq!(response.status, 302, "{}", response.text());
    let stranger = TestApp::start(|_| {});
    stranger
        .credentials(&format!("https://localhost:{}", store.local().port()))
        .await;
    let response = stranger.login(&back).await;
    assert_eq!(response.status, 502);
    assert!(
        response.text().contains("certificate"),
        "{}",
        response.text()
    );
}
