//! What the app shows and where it sends the browser.

use super::*;

#[tokio::test]
async fn the_browser_is_not_sent_to_a_strange_host() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|options| options.return_hosts = vec!["admin.example".to_owned()]);
    app.credentials(&base_url(&store)).await;
    for back in [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "http://127.0.0.1@evil.example/",
        "https:evil.example/",
        "http:/127.0.0.1/",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1:1/another-port",
        "http://merchant@127.0.0.1/",
        "data:text/html,x",
        "ht\ntp://127.0.0.1/",
        " http://127.0.0.1/",
        "/admin/",
    ] {
        let response = app.login(back).await;
        assert_eq!(response.status, 400, "{back}");
        assert_eq!(response.headers.first("Location"), None, "{back}");
    }
    assert_eq!(app.login("https://Admin.Example/x").await.status, 302);
}

#[tokio::test]
async fn what_the_app_shows_holds_no_secret() {
    let store = store(request_token(), access_token(), store_views()).await;
    let app = TestApp::start(|_| {});
    app.credentials(&base_url(&store)).await;
    app.login(&back(&store)).await;
    let shown = app.shown().await;
    assert!(shown.contains(KEY));
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
    let status = serde_json::to_string_pretty(&app.status().await).expect("JSON");
    without_ports(|| insta::assert_snapshot!("status", status));
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let app = TestApp::start(|_| {});
    app.credentials("http://127.0.0.1:9/").await;
    let login =
        format!("/login?oauth_consumer_key={KEY}&success_call_back=http%3A%2F%2F127.0.0.1:9%2F");
    for target in ["/", login.as_str(), "/nowhere"] {
        let response = app.send("GET", target, "").await;
        let page = response.text();
        let page = page.replace(r#"<script src="/app.js" defer>"#, "");
        for outside in ["<script", "<link", "<img", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{target} has {outside}");
        }
        let policy = response
            .headers
            .first("Content-Security-Policy")
            .expect("a policy");
        assert!(policy.starts_with("default-src 'none'"));
    }
}
