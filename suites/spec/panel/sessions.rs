//! How sessions begin, are displaced and end, the letters after failures, and passwords that are too old (measured 2.4.7-p3).

use magespec::oauth::Profile;
use magespec::storage::{Account, AccountKind};
use magespec::store::Options;
use magespec::wire::{Headers, Request};

use crate::spec::panel::browser::{
    Browser, PASSWORD, USER, location, messages, store, store_with, url_with,
};
use crate::spec::panel::form::save_url;
use crate::spec::panel::guards::KEYLESS;

const DISPLACED: &str = "Someone logged into this account from another device or browser. Your current session is terminated.";

/// A browser whose administrator has signed in elsewhere since.
fn displaced(settings: &[(&str, &str)]) -> Browser {
    let first = Browser::signed_in(settings);
    Browser::new(&first.store).sign_in();
    first
}

fn cookies(response: &magespec::wire::Response) -> Vec<String> {
    let headers = response.headers.all("Set-Cookie");
    headers
        .map(|line| line.split(';').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_sign_in_ends_the_other_sessions_of_the_administrator() {
    let browser = displaced(KEYLESS);
    let page = browser.get("/admin/admin/integration/");
    let sign_in = "http://127.0.0.1:8080/admin/admin/auth/login/";
    assert_eq!((page.status, location(&page).as_str()), (302, sign_in));
    let page = browser.get(sign_in).text();
    assert!(page.contains("Welcome, please sign in"));
    assert_eq!(messages(&page), [DISPLACED]);
}

#[test]
fn a_sign_in_that_ends_others_says_so_once() {
    let said = "All other open sessions for this account were terminated.";
    for (sharing, expected) in [("0", vec![said]), ("1", vec![])] {
        let settings = [
            KEYLESS[0],
            ("admin/security/admin_account_sharing", sharing),
        ];
        let first = Browser::signed_in(&settings);
        assert_eq!(first.messages(), Vec::<String>::new(), "nobody was there");
        let second = Browser::new(&first.store);
        second.get("/admin");
        second.try_sign_in(PASSWORD);
        let page = || messages(&second.get("/admin/admin/dashboard/").text());
        assert_eq!(page(), expected);
        assert_eq!(page(), Vec::<String>::new());
    }
}

#[test]
fn a_displaced_script_breaks_once_and_then_is_told_that_it_expired() {
    let browser = displaced(KEYLESS);
    let ask = || browser.as_script(|script| script.get("/admin/admin/integration/"));
    let broken = ask();
    assert_eq!(broken.status, 500);
    assert!(
        broken
            .text()
            .contains("There has been an error processing your request")
    );
    let said = cookies(&broken);
    assert_eq!(said[1..], ["admin=deleted", "loggedOutReasonCode=2"]);
    let reason = broken.headers.all("Set-Cookie").last();
    assert!(reason.is_some_and(|line| line.ends_with("; path=/admin; SameSite=Strict")));
    assert!(ask().text().starts_with(r#"{"ajaxExpired":1,"#));
}

#[test]
fn a_displaced_delete_goes_to_the_sign_in_page_and_deletes_nothing() {
    let browser = Browser::signed_in(KEYLESS);
    let id = browser.create("App", &[]);
    browser.grid();
    Browser::new(&browser.store).sign_in();
    let gone = browser.post(&format!("/admin/admin/integration/delete/id/{id}/"), &[]);
    assert_eq!(
        location(&gone),
        "http://127.0.0.1:8080/admin/admin/auth/login/"
    );
    assert_eq!(browser.row(&id).name, "App");
}

#[test]
fn each_check_of_the_password_ends_the_form_key_and_the_secret_keys_since_2_4_7() {
    for (release, ends) in [("2.4.6", false), ("2.4.7", true), ("2.4.8", true)] {
        let browser = Browser::new(&store_with(Options {
            profile: Profile::find(release).expect("it is known"),
            ..Options::default()
        }));
        browser.sign_in();
        for (password, name) in [(PASSWORD, "Right"), ("wrong", "Wrong")] {
            let grid = browser.grid();
            let (form, key) = (url_with(&grid, "/integration/new/"), browser.form_key());
            let save = save_url(&browser);
            let fields = [("name", name), ("current_password", password)];
            let saved = browser.as_script(|script| script.post(&save, &fields));
            let told = cookies(&saved).contains(&"form_key=deleted".to_owned());
            assert_eq!(told, ends, "{release} {name}");
            let late = browser.as_script(|script| {
                script.post_without_key(&save, &[("form_key", &key), fields[0], fields[1]])
            });
            let refused = late
                .text()
                .contains("Invalid Form Key. Please refresh the page.");
            assert_eq!(refused, ends, "{release} {name}: {}", late.text());
            assert_eq!(browser.get(&form).status == 302, ends, "{release} {name}");
        }
    }
}

#[test]
fn a_wrong_key_sends_a_script_of_the_integrations_to_the_dashboard_when_it_asks_by_its_header_alone()
 {
    let browser = Browser::signed_in(&[]);
    let grid = browser.grid();
    let cookie = browser.get(&url_with(&grid, "/integration/index/"));
    let cookie = cookies(&cookie)[0].clone();
    let ask = |target: &str| {
        let headers = [
            ("Host", "127.0.0.1:8080"),
            ("Cookie", cookie.as_str()),
            ("X-Requested-With", "XMLHttpRequest"),
        ];
        browser.answer(&Request {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter(headers),
            body: Vec::new(),
        })
    };
    let away = ask("/admin/admin/integration/new/").text();
    let dashboard =
        r#"{"_redirect":"http:\/\/127.0.0.1:8080\/admin\/admin\/dashboard\/index\/key\/"#;
    assert!(away.starts_with(dashboard), "{away}");
    assert_eq!(ask("/admin/admin/cache/index/").status, 302);
    let told = ask("/admin/admin/integration/new/?isAjax=true").text();
    assert!(
        told.contains("You entered an invalid Secret Key."),
        "{told}"
    );
}

#[test]
fn after_three_failures_of_a_name_letters_are_asked_in_the_whole_session() {
    let browser = Browser::new(&store(&[]));
    browser.get("/admin");
    let attempt = |user: &str, password: &str, letters: Option<&str>| {
        let mut fields = vec![("login[username]", user), ("login[password]", password)];
        fields.extend(letters.map(|letters| ("captcha[backend_login]", letters)));
        browser.post("/admin", &fields)
    };
    let asks = |page: &str| page.contains("name=\"captcha[backend_login]\"");
    for failure in 1..=3 {
        let page = attempt(USER, "wrong", None).text();
        assert_eq!(asks(&page), failure == 3, "failure {failure}");
    }
    let refused = ["Incorrect CAPTCHA."];
    for (user, letters) in [(USER, None), (USER, Some("nope")), ("other", None)] {
        assert_eq!(messages(&attempt(user, PASSWORD, letters).text()), refused);
    }
    let other = Browser::new(&browser.store);
    other.get("/admin");
    let fields = [("login[username]", "other"), ("login[password]", "x")];
    let page = other.post("/admin", &fields).text();
    assert!(!asks(&page), "another name in another session");
    let page = browser.get("/admin").text();
    let picture = page.split("base64,").nth(1).expect("a picture");
    let picture = picture.split('"').next().expect("it ends");
    let typed = letters_of(picture);
    assert_eq!(typed.len(), 5);
    assert_eq!(
        attempt(USER, PASSWORD, Some(&typed.to_lowercase())).status,
        302,
        "{typed} in any case"
    );
}

/// The letters that stand in a picture.
fn letters_of(picture: &str) -> String {
    use base64::Engine as _;
    let picture = base64::engine::general_purpose::STANDARD.decode(picture);
    let picture = String::from_utf8(picture.expect("Base64")).expect("text");
    let letters = picture.split("</text>").filter_map(|it| it.chars().last());
    letters.take(5).collect()
}

#[test]
fn a_password_that_is_too_old_shows_nothing_but_the_account_until_it_is_changed() {
    let browser = Browser::new(&store(KEYLESS));
    let storage = browser.store.storage();
    let account = storage.account(AccountKind::Admin, USER).expect("read");
    let changed = |at| Account {
        password_changed_at: Some(at),
        ..account.clone().expect("there")
    };
    let now = browser.store.now();
    let just = now.plus(-90 * 24 * 3600);
    let store_it = |account: Account| {
        let stored = storage.replace_account(AccountKind::Admin, &account);
        stored.expect("replaced");
    };
    store_it(changed(just));
    browser.sign_in();
    assert!(
        browser.grid().contains("integrationGrid"),
        "90 days are fine"
    );
    store_it(changed(just.plus(-1)));
    browser.get("/admin/admin/auth/logout/");
    browser.get("/admin");
    browser.try_sign_in(PASSWORD);
    let my_account = "http://127.0.0.1:8080/admin/admin/system_account/";
    for path in ["/admin/admin/dashboard/", "/admin/admin/integration/"] {
        assert_eq!(location(&browser.get(path)), my_account, "{path}");
        let script = browser.as_script(|script| script.get(path));
        assert_eq!(location(&script), my_account, "{path} by a script");
    }
    let nowhere = browser.get("/admin/admin/nowhere/");
    assert_eq!(location(&nowhere), my_account, "before anything else");
    let page = browser.get(my_account).text();
    assert_eq!(messages(&page), ["It's time to change your password."]);
    let fields = [
        ("current_password", PASSWORD),
        ("password", "Another-12345"),
        ("password_confirmation", "Another-12345"),
    ];
    let saved = browser.post("/admin/admin/system_account/save/", &fields);
    let page = browser.get(&location(&saved)).text();
    assert_eq!(messages(&page), ["You saved the account."]);
    assert_eq!(browser.get("/admin/admin/integration/").status, 200);
}

#[test]
fn the_id_of_before_a_sign_in_leads_to_the_session_for_a_while_and_a_foreign_id_is_taken() {
    let browser = Browser::new(&store(KEYLESS));
    let ask = |cookie: &str| {
        let headers = [("Host", "127.0.0.1:8080"), ("Cookie", cookie)];
        browser.answer(&Request {
            method: "GET".to_owned(),
            target: "/admin/admin/integration/".to_owned(),
            headers: Headers::from_iter(headers),
            body: Vec::new(),
        })
    };
    let foreign = "admin=abcdefghijklmnopqrstuvwxyz";
    assert_eq!(cookies(&ask(foreign)), [foreign], "taken as it came");
    assert_ne!(cookies(&ask("admin=short"))[0], "admin=short");
    let before = cookies(&browser.get("/admin"))[0].clone();
    browser.try_sign_in(PASSWORD);
    assert!(ask(&before).text().contains("integrationGrid"));
    browser.store.clock().advance(301);
    assert!(ask(&before).text().contains("please sign in"));
}

#[test]
fn every_answer_renews_the_cookie_of_the_session() {
    let browser = Browser::signed_in(KEYLESS);
    let page = browser.get("/admin/admin/integration/");
    let lines: Vec<&str> = page.headers.all("Set-Cookie").collect();
    assert_eq!(lines.len(), 2, "an action sends it twice");
    for line in lines {
        assert!(
            line.ends_with("; Max-Age=900; path=/admin; domain=127.0.0.1; HttpOnly; SameSite=Lax"),
            "{line}"
        );
    }
    let refused = browser.post_without_key("/admin/admin/integration/save/", &[("name", "x")]);
    assert_eq!(cookies(&refused).len(), 1, "a refused key sends it once");
}
