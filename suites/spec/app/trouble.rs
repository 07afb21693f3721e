//! What goes wrong is one sentence, on the page and on the terminal.

use super::*;

#[tokio::test]
async fn a_badly_behaved_store_is_one_sentence_on_the_page_and_on_the_terminal() {
    let refusal = "oauth_problem=A+consumer+having+the+specified+key+does+not+exist";
    let unauthorized = ResponseTemplate::new(401).set_body_raw(
        r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_Backend::store"}}"#,
        "application/json",
    );
    let slow = request_token().set_delay(Duration::from_secs(30));
    let stores = [
        (
            "refuses E1",
            store(text(401, refusal), access_token(), store_views()).await,
        ),
        (
            "answers E1 with a page",
            store(
                text(200, "<!doctype html><title>Shop</title>"),
                access_token(),
                store_views(),
            )
            .await,
        ),
        (
            "has no E1",
            store(text(404, ""), access_token(), store_views()).await,
        ),
        (
            "redirects E1",
            store(
                ResponseTemplate::new(302).insert_header("Location", "/elsewhere"),
                access_token(),
                store_views(),
            )
            .await,
        ),
        (
            "leaks a secret",
            store(
                text(
                    200,
                    "oauth_token=&oauth_token_secret=requestsecret\r\n\u{1b}[31m",
                ),
                access_token(),
                store_views(),
            )
            .await,
        ),
        ("is slow", store(slow, access_token(), store_views()).await),
        (
            "refuses E2",
            store(
                request_token(),
                text(401, "oauth_problem=Verifier+is+invalid"),
                store_views(),
            )
            .await,
        ),
        (
            "refuses the call",
            store(request_token(), access_token(), unauthorized).await,
        ),
        (
            "answers the call with a page",
            store(request_token(), access_token(), text(200, "<html>")).await,
        ),
    ];
    let mut report = Vec::new();
    for (fault, store) in stores {
        let app = TestApp::start(|options| options.patience = Duration::from_secs(1));
        app.credentials(&base_url(&store)).await;
        let response = app.login(&back(&store)).await;
        let lets_go = fault.contains("the call");
        assert!(response.status >= 400 || lets_go, "{fault}");
        let told = app.told();
        let mut failures = told.lines().filter(|line| line.contains("failed  "));
        let last = failures.next_back().expect("something failed").to_owned();
        let sentence = last.split("failed  ").nth(1).expect("it failed");
        let page = response
            .text()
            .replace("&amp;", "&")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#039;", "'");
        assert!(
            lets_go || page.contains(&sentence[1..]),
            "{page}\n{sentence}"
        );
        assert_eq!(app.status().await["stores"][0]["state"], "failed");
        let shown = app.shown().await;
        for secret in SECRETS {
            assert!(!shown.contains(secret), "{fault} shows {secret}");
        }
        report.push(format!("{fault}\n  {} {last}", response.status));
    }
    without_ports(|| insta::assert_snapshot!("bad_stores", report.join("\n")));
}

#[tokio::test]
async fn a_store_that_is_gone_is_named() {
    let gone = MockServer::start().await;
    let url = base_url(&gone);
    drop(gone);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let closed = format!("http://{}/", listener.local_addr().expect("bound"));
    drop(listener);
    let app = TestApp::start(|_| {});
    app.credentials(&closed).await;
    let response = app.login(&url).await;
    assert_eq!(response.status, 502);
    let page = response.text();
    let sentence = format!("The store does not answer at {closed}oauth/token/request: ");
    assert!(page.contains(&sentence), "{page}");
}

#[tokio::test]
async fn a_bad_form_is_one_sentence_that_names_what_is_wrong() {
    let app = TestApp::start(|options| {
        let password = Some(Secret::from("another"));
        options.accounts.add("merchant".to_owned(), password);
    });
    app.credentials("http://127.0.0.1:9/").await;
    let long = format!(
        "oauth_consumer_key={}&oauth_consumer_secret=s&store_base_url=http://h/&oauth_verifier=v",
        "k".repeat(3000)
    );
    let asks = [
        ("POST", "/callback", ""),
        ("POST", "/callback", "\u{0}\u{1}%zz&&&==;{}[]"),
        ("POST", "/callback", r#"{"oauth_consumer_key":"k"}"#),
        (
            "POST",
            "/callback",
            "oauth_consumer_key=k&oauth_consumer_secret=&store_base_url=http%3A%2F%2Fh%2F",
        ),
        ("POST", "/callback", long.as_str()),
        (
            "POST",
            "/callback",
            "oauth_consumer_key=k&oauth_consumer_secret=s&store_base_url=ftp%3A%2F%2Fh%2F&oauth_verifier=v",
        ),
        (
            "POST",
            "/callback",
            "oauth_consumer_key=k&oauth_consumer_secret=a%0Ab&store_base_url=http://h/&oauth_verifier=v",
        ),
        ("GET", "/callback", ""),
        ("GET", "/login", ""),
        ("GET", "/login?consumer_id=1", ""),
        ("GET", "/login?oauth_consumer_key=%3Cscript%3E%1b", ""),
        (
            "GET",
            "/login?oauth_consumer_key=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
            "",
        ),
        (
            "GET",
            "/login?oauth_consumer_key=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk&oauth_consumer_key=x&success_call_back=http://127.0.0.1:9/",
            "",
        ),
        (
            "POST",
            "/login",
            "oauth_consumer_key=kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk&success_call_back=http://127.0.0.1:9/&username=merchant&password=wrong",
        ),
        ("POST", "/stores/k/secrets", ""),
        ("DELETE", "/login", ""),
        ("GET", "/admin<script>", ""),
        ("GET", "/nowhere", ""),
    ];
    let mut report = Vec::new();
    for (method, target, body) in asks {
        let response = app.send(method, target, body).await;
        let page = response.text();
        let sentence = page
            .split_once("<p class=\"trouble\" role=\"alert\">")
            .or_else(|| page.split_once("</h1>\n<p>"))
            .and_then(|(_, rest)| rest.split_once("</p>"))
            .map_or("(hyper)", |(sentence, _)| sentence);
        assert!(!page.contains("<script>"), "{page}");
        let shown = if body.len() > 100 { "(long)" } else { body };
        report.push(format!(
            "{method} {target} {shown:?}
  {} {sentence}",
            response.status
        ));
    }
    let wrong = app
        .login_as("merchant", "wrong", "http://127.0.0.1:9/")
        .await;
    assert_eq!(wrong.status, 403);
    assert!(
        wrong
            .text()
            .contains("The user name or the password is wrong.")
    );
    insta::assert_snapshot!("bad_forms", report.join("\n"));
}

#[tokio::test]
async fn a_form_that_is_too_large_is_413() {
    let app = TestApp::start(|_| {});
    let response = app.send("POST", "/callback", &"a".repeat(100_000)).await;
    assert_eq!(response.status, 413);
}
