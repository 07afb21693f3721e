//! Anyone can post to the callback endpoint and open the identity link: what a stranger sends changes nothing that works.

use super::*;

const OTHER_KEY: &str = "ssssssssssssssssssssssssssssssss";

fn posted(key: &str, secret: &str, base_url: &str) -> String {
    form::encode_pairs([
        ("oauth_consumer_key", key),
        ("oauth_consumer_secret", secret),
        ("store_base_url", base_url),
        ("oauth_verifier", VERIFIER),
    ])
}

/// Refuses the first step of whoever signs with this key.
async fn refuse_key(store: &MockServer, key: &str) {
    let key = key.to_owned();
    Mock::given(path("/oauth/token/request"))
        .and(move |request: &wiremock::Request| {
            let field = request.headers.get("authorization");
            field.is_some_and(|field| field.to_str().is_ok_and(|field| field.contains(&key)))
        })
        .respond_with(text(
            401,
            "oauth_problem=A+consumer+having+the+specified+key+does+not+exist",
        ))
        .with_priority(1)
        .mount(store)
        .await;
}

#[tokio::test]
async fn credentials_that_the_store_refuses_leave_the_working_ones_in_use() {
    let store = store(request_token(), access_token(), store_views()).await;
    refuse_key(&store, OTHER_KEY).await;
    let app = TestApp::start(|options| options.exchange = ExchangeOn::Callback);
    app.credentials(&base_url(&store)).await;
    app.until_state(KEY, "connected").await;
    let body = posted(OTHER_KEY, "another", &base_url(&store));
    assert_eq!(app.send("POST", "/callback", &body).await.status, 200);
    app.until_state(OTHER_KEY, "failed").await;
    let first = app.store(KEY).await;
    assert_eq!(
        (&first["state"], &first["connected"]),
        (&"connected".into(), &true.into())
    );
    assert_eq!(app.store(OTHER_KEY).await["connected"], false);
}

#[tokio::test]
async fn a_forged_post_for_a_known_key_does_not_end_what_works() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    assert_eq!(app.login(&back(&store)).await.status, 302);
    let body = posted(KEY, "forged-secret", "http://127.0.0.1:9/");
    assert_eq!(app.send("POST", "/callback", &body).await.status, 200);
    let known = app.running.app().stores();
    assert!(known[0].is_connected());
    let called = app.act(KEY, "call").await;
    assert_eq!(called.status, 303, "{}", called.text());
    let seen = store.received_requests().await.expect("recorded");
    assert_eq!(seen.len(), 4, "the call still goes to the first store");
}

#[tokio::test]
async fn the_genuine_credentials_are_found_among_forged_ones() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    // The forged one comes last, and the store refuses its signature.
    let forged = posted(KEY, "forged-secret", &format!("{}/forged/", store.uri()));
    app.send("POST", "/callback", &forged).await;
    Mock::given(path("/forged/oauth/token/request"))
        .respond_with(text(401, "oauth_problem=The+signature+is+invalid."))
        .mount(&store)
        .await;
    assert_eq!(app.login(&back(&store)).await.status, 302);
    assert!(app.running.app().stores()[0].is_connected());
}

#[tokio::test]
async fn strangers_do_not_push_a_connected_store_out() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let mut answers = Vec::new();
    for number in 0..1100 {
        let body = posted(&format!("key{number}"), "x", "http://127.0.0.1:9/");
        let request = Request {
            method: "POST".to_owned(),
            target: "/callback".to_owned(),
            headers: Headers::from_iter([("Content-Type", "application/x-www-form-urlencoded")]),
            body: body.into_bytes(),
        };
        let peer = std::net::IpAddr::from([127, 0, u8::try_from(number / 250).expect("small"), 1]);
        answers.push(app.running.app().answer(&request, peer).await.status);
    }
    assert!(answers.iter().all(|status| *status == 200));
    let stores = app.running.app().stores();
    assert!(stores.len() <= 1001, "{}", stores.len());
    let first = stores.iter().find(|store| store.consumer_key == KEY);
    assert!(first.is_some_and(magespec::app::ConnectedStore::is_connected));
}

#[tokio::test]
async fn one_address_cannot_post_without_end() {
    let app = TestApp::start(|_| {});
    let mut last = Response::default();
    for number in 0..301 {
        let body = posted(&format!("key{number}"), "x", "http://127.0.0.1:9/");
        last = app.send("POST", "/callback", &body).await;
    }
    assert_eq!(last.status, 429);
    assert_eq!(last.headers.first("Retry-After"), Some("60"));
}

#[tokio::test]
async fn base_urls_that_lead_inside_are_refused_before_any_call() {
    let app = TestApp::start(|options| options.networks = app::Networks::Public);
    let own = format!("http://{}/", app.running.local());
    for (base_url, sentence) in [
        (
            "http://169.254.169.254/latest/",
            "leads to `169.254.169.254`",
        ),
        ("http://127.0.0.1/", "leads to `127.0.0.1`"),
        ("http://10.0.0.1/", "leads to `10.0.0.1`"),
        ("http://[::1]/", "leads to `[::1]`"),
        ("http://localhost/", "leads to `localhost`"),
        ("http://2130706433/", "leads to `127.0.0.1`"),
        (own.as_str(), "leads to `127.0.0.1`"),
        ("file:///etc/passwd", "is not an http or https URL"),
        ("javascript:alert(1)", "is not an http or https URL"),
        ("http://user:pass@shop.example/", "without a user name"),
        ("shop.example", "is not an http or https URL"),
    ] {
        let response = app
            .send("POST", "/callback", &posted(KEY, "x", base_url))
            .await;
        assert_eq!(response.status, 400, "{base_url}");
        assert!(
            response.text().contains(sentence),
            "{base_url}: {}",
            response.text()
        );
    }
    assert!(app.running.app().stores().is_empty());
    let on_loopback = TestApp::start(|_| {});
    let own = format!("http://{}/", on_loopback.running.local());
    let refused = on_loopback
        .send("POST", "/callback", &posted(KEY, "x", &own))
        .await;
    assert_eq!(refused.status, 400, "the app does not call itself");
}

#[tokio::test]
async fn a_form_of_another_page_is_refused() {
    let app = TestApp::start(|_| {});
    app.credentials("http://127.0.0.1:9/").await;
    let (cookie, _) = app.browser("/sign-in").await;
    let body = form::encode_pairs([
        ("oauth_consumer_key", KEY),
        ("success_call_back", "http://127.0.0.1:9/"),
        ("username", "merchant"),
        ("password", "x"),
    ]);
    for (cookie, body) in [
        ("", body.clone()),
        (cookie.as_str(), body.clone()),
        (
            cookie.as_str(),
            format!("{body}&form_token=abcdefghijklmnopqrstuvwxyz012345"),
        ),
    ] {
        let response = app.send_on(cookie, "POST", "/login", &body).await;
        assert_eq!(response.status, 403, "{}", response.text());
    }
    let target = format!("/stores/{KEY}/disconnect");
    assert_eq!(app.send_on(&cookie, "POST", &target, "").await.status, 403);
    assert_eq!(app.running.app().stores().len(), 1);
}

fn with_account(options: &mut Options) {
    for (name, password) in [("ada", "correct horse"), ("bob", "battery staple")] {
        options
            .accounts
            .add(name.to_owned(), Some(Secret::from(password)));
    }
}

#[tokio::test]
async fn guessing_is_stopped_and_the_right_password_with_it() {
    let app = TestApp::start(with_account);
    app.credentials("http://127.0.0.1:9/").await;
    let back = "http://127.0.0.1:9/";
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(app.login_as("ada", "wrong", back).await.status);
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429]);
    let right = app.login_as("Ada", "correct horse", back).await;
    assert_eq!(right.status, 429);
    assert!(
        right
            .text()
            .contains("Too many sign-ins failed: try again in 900 s.")
    );
    let other = app.login_as("bob", "battery staple", back).await;
    assert_eq!(other.status, 502, "another account is not locked out");
}

#[tokio::test]
async fn the_dashboard_is_for_people_who_have_signed_in() {
    let app = TestApp::start(with_account);
    let outside = app.send("GET", "/", "").await;
    assert_eq!(
        (outside.status, outside.headers.first("Location")),
        (303, Some("/sign-in"))
    );
    assert_eq!(app.send("GET", "/status", "").await.status, 401);
    assert_eq!(app.send("GET", "/events", "").await.status, 401);
    let (before, token) = app.browser("/sign-in").await;
    let body = form::encode_pairs([
        ("form_token", token.as_str()),
        ("username", "ada"),
        ("password", "correct horse"),
    ]);
    let signed_in = app.send_on(&before, "POST", "/sign-in", &body).await;
    let cookie = signed_in
        .headers
        .first("Set-Cookie")
        .expect("another cookie");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().expect("a pair");
    assert_ne!(
        cookie, before,
        "a cookie known before the sign-in is worth nothing"
    );
    assert_eq!(app.send_on(cookie, "GET", "/", "").await.status, 200);
    assert_eq!(app.send_on(&before, "GET", "/", "").await.status, 303);
}

#[tokio::test]
async fn a_store_stays_with_the_account_that_connected_it() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(with_account);
    app.credentials(&base_url(&store)).await;
    let back = back(&store);
    assert_eq!(
        app.login_as("ada", "correct horse", &back).await.status,
        302
    );
    app.credentials(&base_url(&store)).await;
    let other = app.login_as("bob", "battery staple", &back).await;
    assert_eq!(other.status, 403);
    assert!(other.text().contains("connected with another account"));
    assert_eq!(
        app.login_as("ada", "correct horse", &back).await.status,
        302
    );
}
