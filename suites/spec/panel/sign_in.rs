//! Signing in, sessions and how they end.

use std::sync::Arc;

use magespec::store::Control;
use magespec::time::UnixTime;

use crate::spec::panel::browser::{
    Browser, PASSWORD, USER, attribute_after, location, messages, path_of, store, url_with,
};
use crate::spec::panel::guards::KEYLESS;
use crate::spec::store::fixture::{plain, with_header, with_json};

const REFUSED: &str = "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.";

/// No letters are asked.
const NO_LETTERS: &[(&str, &str)] = &[("admin/captcha/enable", "0")];

#[test]
fn the_sign_in_page_stands_at_whatever_address_was_asked_for() {
    let browser = Browser::new(&store(&[]));
    for path in [
        "/admin",
        "/admin/",
        "/admin/admin/integration/edit/id/7/",
        "/index.php/admin/",
        "/admin/nothing/here",
    ] {
        let response = browser.get(path);
        let page = response.text();
        assert_eq!(response.status, 200, "{path}");
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/html; charset=UTF-8")
        );
        assert_eq!(
            attribute_after(&page, "name=\"login[username]\"", "id").as_deref(),
            Some("username")
        );
        assert_eq!(
            attribute_after(&page, "name=\"login[password]\"", "id").as_deref(),
            Some("login")
        );
        let key = attribute_after(&page, "name=\"form_key\"", "value").expect("a form key");
        assert!(
            key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{key}"
        );
        for text in [
            "Welcome, please sign in",
            "Username",
            "Password",
            "Sign in",
            "Forgot your password?",
        ] {
            assert!(page.contains(text), "{text}");
        }
    }
    let cookie = Browser::new(&browser.store).get("/admin");
    let cookie = cookie.headers.first("Set-Cookie").expect("a cookie");
    assert!(
        cookie.starts_with("admin=")
            && cookie
                .ends_with("; Max-Age=900; path=/admin; domain=127.0.0.1; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
}

#[test]
fn a_script_without_a_session_is_told_that_it_expired() {
    let browser = Browser::new(&store(&[]));
    let expected = r#"{"ajaxExpired":1,"ajaxRedirect":"http:\/\/127.0.0.1:8080\/admin\/admin\/"}"#;
    for path in [
        "/admin/admin/integration/index/?isAjax=true",
        "/admin/admin/integration/tokensExchange/id/1/?isAjax=true",
        "/admin/admin/integration/loginSuccessCallback/?isAjax=true",
    ] {
        let response = browser.get(path);
        assert_eq!(
            (response.status, response.text().as_str()),
            (200, expected),
            "{path}"
        );
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("application/json")
        );
    }
    let save = browser.as_script(|script| script.post("/admin/admin/integration/save/", &[]));
    assert_eq!(save.text(), expected);
}

#[test]
fn signing_in_leads_to_the_dashboard_under_a_new_session() {
    let browser = Browser::new(&store(&[]));
    let first = browser.get("/admin");
    let response = browser.try_sign_in(PASSWORD);
    assert_eq!(response.status, 302);
    assert!(
        location(&response).starts_with("http://127.0.0.1:8080/admin/admin/dashboard/index/key/"),
        "{}",
        location(&response)
    );
    assert_ne!(
        first.headers.first("Set-Cookie"),
        response.headers.first("Set-Cookie")
    );
    assert_eq!(browser.get("/admin/").status, 302);
    let keys = response.headers.all("Set-Cookie").next();
    assert!(keys.is_some_and(|line| line.starts_with("form_key=deleted; ")));
    let keyless = Browser::signed_in(KEYLESS);
    assert_eq!(
        location(&keyless.get("/admin")),
        "http://127.0.0.1:8080/admin/admin/dashboard/"
    );
}

#[test]
fn a_wrong_password_and_a_wrong_form_key_do_not_sign_in() {
    let browser = Browser::new(&store(&[]));
    browser.get("/admin");
    let wrong = browser.try_sign_in("wrong");
    assert_eq!(
        (wrong.status, messages(&wrong.text())),
        (200, vec![REFUSED.to_owned()])
    );
    let fields = [("login[username]", "nobody"), ("login[password]", PASSWORD)];
    assert_eq!(messages(&browser.post("/admin", &fields).text()), [REFUSED]);
    let fields = [
        ("form_key", "x"),
        ("login[username]", USER),
        ("login[password]", PASSWORD),
    ];
    let response = browser.post_without_key("/admin/", &fields);
    assert_eq!(response.status, 302);
    let page = browser.get(&location(&response)).text();
    assert_eq!(
        messages(&page),
        ["Invalid Form Key. Please refresh the page."]
    );
    assert_eq!(browser.try_sign_in(PASSWORD).status, 302);
}

#[test]
fn six_failures_lock_the_account_for_thirty_minutes() {
    let browser = Browser::new(&store(NO_LETTERS));
    browser.get("/admin");
    for _ in 0..6 {
        assert_eq!(browser.try_sign_in("wrong").status, 200);
    }
    let locked = browser.try_sign_in(PASSWORD);
    assert_eq!(messages(&locked.text()), [REFUSED]);
    let clock = browser.store.clock();
    let now = browser.store.now();
    clock.set(UnixTime(now.0 + 30 * 60 - 1));
    assert_eq!(
        browser.try_sign_in(PASSWORD).status,
        200,
        "one second too early"
    );
    clock.set(UnixTime(now.0 + 30 * 60));
    assert_eq!(browser.try_sign_in(PASSWORD).status, 302);
}

#[test]
fn failures_in_a_row_are_forgotten_by_a_success() {
    let browser = Browser::new(&store(NO_LETTERS));
    for _ in 0..2 {
        browser.get("/admin");
        for _ in 0..5 {
            browser.try_sign_in("wrong");
        }
        let response = browser.try_sign_in(PASSWORD);
        assert_eq!(response.status, 302);
        let page = browser.get(&location(&response)).text();
        browser.get(&url_with(&page, "/auth/logout/"));
    }
}

#[test]
fn shared_accounts_have_several_sessions_side_by_side() {
    let first = Browser::signed_in(&[("admin/security/admin_account_sharing", "1")]);
    let second = Browser::new(&first.store);
    second.sign_in();
    first.create("From the first", &[]);
    assert!(second.grid().contains("From the first"));
    let page = second.grid();
    second.get(&url_with(&page, "/auth/logout/"));
    assert!(
        second
            .get("/admin")
            .text()
            .contains("Welcome, please sign in")
    );
    assert!(
        first.grid().contains("From the first"),
        "the other session goes on"
    );
}

#[test]
fn a_missing_or_wrong_secret_key_leads_to_the_dashboard_and_does_nothing() {
    let browser = Browser::signed_in(&[]);
    let id = browser.create("App", &[]);
    let right = browser.dialog("tokensDialog", &id, "0");
    let (without, _) = path_of(&right)
        .split_once("/key/")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("a key");
    let other_action = url_with(&browser.grid(), "/integration/new/");
    let other_key = other_action
        .split("/key/")
        .nth(1)
        .expect("a key")
        .to_owned();
    for address in [
        format!("{without}/"),
        format!("{without}/key/{}/", "0".repeat(64)),
        format!("{without}/key/{other_key}"),
    ] {
        let response = browser.get(&address);
        assert_eq!(response.status, 302, "{address}");
        assert!(location(&response).contains("/admin/dashboard/index/key/"));
        let response = browser.as_script(|script| script.get(&address));
        assert_eq!(
            (response.status, response.text().as_str()),
            (
                200,
                r#"{"error":true,"message":"You entered an invalid Secret Key. Please refresh the page."}"#
            )
        );
    }
    assert!(browser.tokens(&id).is_empty(), "nothing was issued");
    assert_eq!(browser.get(&right).status, 200);
    assert_eq!(browser.tokens(&id).len(), 1);
}

#[test]
fn whoever_was_not_seen_for_the_session_lifetime_signs_in_again() {
    let settings = [KEYLESS[0], ("admin/security/session_lifetime", "600")];
    let browser = Browser::signed_in(&settings);
    let grid = "/admin/admin/integration/";
    let clock = browser.store.clock();
    for _ in 0..3 {
        clock.advance(599);
        assert!(browser.get(grid).text().contains("Integrations"));
    }
    clock.advance(600);
    let page = browser.get(grid);
    let sign_in = "http://127.0.0.1:8080/admin/admin/auth/login/";
    assert_eq!(location(&page), sign_in);
    let page = browser.get(sign_in).text();
    assert!(page.contains("Welcome, please sign in"));
    assert_eq!(messages(&page), ["Your current session has been expired."]);
    assert_eq!(browser.try_sign_in(PASSWORD).status, 302);
    clock.advance(-5000);
    assert!(browser.get(grid).text().contains("Integrations"));
    let storage = browser.store.storage();
    storage
        .set_setting("admin/security/session_lifetime", Some("30"))
        .expect("set");
    let page = browser.get(grid);
    let cookie = page.headers.first("Set-Cookie").expect("a cookie");
    assert!(cookie.contains("; Max-Age=30; "), "any lifetime is taken");
}

#[test]
fn a_clock_that_is_moved_from_outside_signs_nobody_out_unless_told_to() {
    let browser = Browser::signed_in(KEYLESS);
    let grid = "/admin/admin/integration/";
    let advance = |body: &str| {
        let request = with_header(plain("POST", "/v1/clock"), "Host", "localhost");
        let control = Control::new(Arc::clone(&browser.store), None);
        assert_eq!(control.answer(&with_json(request, body)).status, 200);
    };
    advance(r#"{"advance": 90000}"#);
    advance(r#"{"now": 1800000000}"#);
    advance(r#"{"advance": 899, "idle": true}"#);
    assert!(browser.get(grid).text().contains("Integrations"));
    advance(r#"{"advance": 900, "idle": true}"#);
    assert_eq!(
        location(&browser.get(grid)),
        "http://127.0.0.1:8080/admin/admin/auth/login/"
    );
}
