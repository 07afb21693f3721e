//! The guards of the panel's actions, and the headers of its pages.

use magespec::storage::{Account, AccountKind};
use magespec::store::PANEL_SENTENCES;
use magespec::wire::Response;
use proptest::prelude::*;

use crate::spec::panel::browser::{Browser, PASSWORD, USER, location, url_with};
use crate::spec::store::fixture::{plain, with_header, with_json};

pub(crate) const KEYLESS: &[(&str, &str)] = &[("admin/security/use_form_key", "0")];

#[test]
fn without_secret_keys_plain_addresses_work() {
    let browser = Browser::signed_in(KEYLESS);
    for path in [
        "/admin/admin/integration/",
        "/admin/admin/integration/index",
        "/admin/admin/Integration/New/",
        "/index.php/admin/admin/integration/",
    ] {
        assert_eq!(browser.get(path).status, 200, "{path}");
    }
}

#[test]
fn a_post_needs_the_form_key() {
    let browser = Browser::signed_in(&[]);
    let id = browser.create("App", &[]);
    let message = r#"{"error":true,"message":"Invalid Form Key. Please refresh the page."}"#;
    let delete = format!("/admin/admin/integration/delete/id/{id}/");
    for (address, key) in [
        ("/admin/admin/integration/save/", "wrong"),
        ("/admin/admin/integration/save/", ""),
        (delete.as_str(), "wrong"),
        ("/admin/admin/cache/flushAll/", "wrong"),
        ("/admin/admin/system_config/save/section/webapi/", "wrong"),
    ] {
        let fields = [
            ("form_key", key),
            ("name", "Other"),
            ("current_password", PASSWORD),
        ];
        let page = browser.post_without_key(address, &fields);
        assert_eq!(page.status, 302, "{address}");
        assert!(location(&page).contains("/admin/dashboard/index/key/"));
        let script = browser.as_script(|script| script.post_without_key(address, &fields));
        assert_eq!((script.status, script.text().as_str()), (200, message));
    }
    assert_eq!(
        browser.messages(),
        Vec::<String>::new(),
        "nothing is said on the next page"
    );
    assert_eq!(
        browser.store.storage().integrations().expect("read").len(),
        1
    );
}

#[test]
fn each_action_takes_its_methods_only() {
    let browser = Browser::signed_in(KEYLESS);
    for action in [
        "permissionsDialog/id/1",
        "tokensDialog/id/1",
        "tokensExchange/id/1",
        "index",
        "new",
        "edit/id/1",
    ] {
        let response = browser.post(&format!("/admin/admin/integration/{action}/"), &[]);
        assert_eq!(response.status, 404, "POST {action}");
        assert!(response.text().contains("<title>Magento Admin</title>"));
    }
    for action in ["save", "delete/id/1"] {
        let response = browser.get(&format!("/admin/admin/integration/{action}/"));
        assert_eq!(response.status, 404, "GET {action}");
    }
    assert_eq!(browser.get("/admin/admin/integration/nothing/").status, 404);
    assert_eq!(browser.get("/admin/admin/integration/grid/").status, 200);
    assert_eq!(
        browser.post("/admin/admin/integration/grid/", &[]).status,
        200
    );
}

#[test]
fn an_administrator_without_the_resource_is_refused_and_changes_nothing() {
    let browser = Browser::signed_in(KEYLESS);
    let id = browser.create("App", &[]);
    let storage = browser.store.storage();
    let account = storage.account(AccountKind::Admin, USER).expect("read");
    let limited = Account {
        limited: true,
        ..account.expect("there")
    };
    storage
        .replace_account(AccountKind::Admin, &limited)
        .expect("replaced");
    let refused = |response: &Response, what: &str| {
        let page = response.text();
        assert_eq!(response.status, 403, "{what}");
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/html; charset=UTF-8"),
            "{what}"
        );
        let sentence = "Sorry, you need permissions to view this content.";
        assert!(page.contains(sentence), "{what}: {page}");
        assert!(!page.contains(">Integrations<"), "the menu leads nowhere");
    };
    let dashboard = browser.get("/admin/admin/dashboard/").text();
    for way in ["Add New Integration", "/integration/", "/system_config/"] {
        assert!(!dashboard.contains(way), "{way}");
    }
    let before = browser.row(&id);
    for action in [
        "index/",
        "grid/",
        "new/",
        "edit/id/1/",
        "permissionsDialog/id/1/",
        "tokensDialog/id/1/",
        "tokensExchange/id/1/reauthorize/1/",
        "loginSuccessCallback/",
    ] {
        let address = format!("/admin/admin/integration/{action}");
        refused(&browser.get(&address), action);
        refused(
            &browser.as_script(|script| script.get(&address)),
            &format!("{action} by a script"),
        );
    }
    let fields = [("name", "Other"), ("current_password", PASSWORD)];
    for address in [
        "/admin/admin/integration/save/",
        "/admin/admin/integration/delete/id/1/",
        "/admin/admin/system_config/save/section/webapi/",
        "/admin/admin/cache/flushAll/",
    ] {
        refused(&browser.post(address, &fields), address);
    }
    assert_eq!(browser.row(&id), before);
    assert!(browser.tokens(&id).is_empty());
    assert_eq!(browser.get("/admin/admin/dashboard/").status, 200);
    assert_eq!(
        browser.get("/admin/admin/integration/save/").status,
        404,
        "the method is checked first"
    );
}

#[test]
fn the_page_at_the_end_of_the_pop_up_closes_itself_whatever_the_method() {
    let browser = Browser::signed_in(KEYLESS);
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        let response = browser.send(
            method,
            "/admin/admin/integration/loginSuccessCallback/",
            Vec::new(),
        );
        assert_eq!(
            response.text(),
            "<script>setTimeout(self.close.bind(this), 1000);</script>"
        );
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/html; charset=UTF-8")
        );
    }
    let post = browser.post("/admin/admin/integration/loginSuccessCallback/", &[]);
    assert!(post.text().starts_with("<script>setTimeout"));
    let stranger = Browser::new(&browser.store);
    let page = stranger
        .get("/admin/admin/integration/loginSuccessCallback/")
        .text();
    assert!(page.contains("Welcome, please sign in"));
}

#[test]
fn pages_have_the_header_fields_of_a_real_panel() {
    let browser = Browser::signed_in(&[]);
    let response = browser.get(&location(&browser.get("/admin")));
    let value = |name| response.headers.first(name);
    assert_eq!(value("Content-Security-Policy"), None, "only reported");
    assert!(value("Content-Security-Policy-Report-Only").is_some());
    assert_eq!(value("X-Frame-Options"), Some("SAMEORIGIN"));
    assert_eq!(value("Pragma"), Some("no-cache"));
    let page = response.text();
    for (mark, kind) in [
        ("static/panel.css", "text/css"),
        ("static/panel.js", "text/javascript"),
    ] {
        let address = url_with(&page, mark);
        assert!(address.starts_with("/admin/"), "{address} is ours");
        let asset = Browser::new(&browser.store).get(&address);
        assert_eq!(asset.status, 200);
        assert!(
            asset
                .headers
                .first("Content-Type")
                .is_some_and(|it| it.starts_with(kind))
        );
    }
}

#[test]
fn every_sentence_has_an_id_of_its_own_and_no_sentence_stands_twice() {
    let mut ids: Vec<&str> = PANEL_SENTENCES.iter().map(|(id, _)| *id).collect();
    let mut texts: Vec<&str> = PANEL_SENTENCES.iter().map(|(_, text)| *text).collect();
    for list in [&mut ids, &mut texts] {
        let all = list.len();
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), all);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_asked_is_answered_well_formed(
        method in "GET|POST|HEAD|PUT",
        action in "(save|delete|edit|grid|index|tokensDialog|permissionsDialog|[a-zA-Z%/]{0,12})",
        tail in "[ -~é€]{0,60}",
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        thread_local! {
            static BROWSER: Browser = Browser::signed_in(KEYLESS);
        }
        BROWSER.with(|browser| {
            let mut form = format!("form_key={}&", browser.form_key()).into_bytes();
            form.extend(&body);
            let response = browser.send(&method, &format!("/admin/admin/integration/{action}/{tail}"), form);
            prop_assert!(matches!(response.status, 200 | 302 | 404 | 500), "{}", response.status);
            prop_assert!(response.headers.first("Content-Type").is_some());
            Ok(())
        })?;
    }
}

#[test]
fn closing_an_account_in_the_panel_kills_its_tokens_and_its_session() {
    let browser = Browser::signed_in(KEYLESS);
    let save = |fields: &[(&str, &str)]| {
        let mut all = vec![("current_password", PASSWORD)];
        all.extend(fields);
        browser.post("/admin/admin/user/save/", &all);
        browser.messages()
    };
    let user = [("username", "clerk"), ("password", "Clerk-secret1")];
    assert_eq!(save(&user), ["You saved the user."]);
    assert_eq!(
        save(&user),
        ["A user with the same user name or email already exists."]
    );
    assert_eq!(save(&[("user_id", "99")]), ["This user no longer exists."]);
    assert_eq!(
        save(&[("current_password", "wrong"), user[0]]),
        [
            "The password entered for the current user is invalid. Verify the password and try again."
        ]
    );
    let storage = browser.store.storage();
    let clerk = storage.account(AccountKind::Admin, "clerk").expect("read");
    let clerk = clerk.expect("saved");
    assert_eq!(clerk.password_changed_at, Some(browser.store.now()));
    let id = clerk.id.to_string();
    let page = browser.get(&format!("/admin/admin/user/edit/user_id/{id}/"));
    assert!(page.text().contains("value=\"clerk\""));
    assert!(
        browser
            .get("/admin/admin/user/")
            .text()
            .contains(">clerk</a>")
    );

    let credentials = r#"{"username":"clerk","password":"Clerk-secret1"}"#;
    let token = || {
        let request = plain("POST", "/rest/V1/integration/admin/token");
        browser.answer(&with_json(request, credentials))
    };
    let given = token().text();
    let call = || {
        let request = plain("GET", "/rest/V1/modules");
        let bearer = format!("Bearer {}", given.trim_matches('"'));
        let request = with_header(request, "Authorization", &bearer);
        browser.answer(&request).status
    };
    assert_eq!(call(), 200);
    assert_eq!(
        save(&[("user_id", &id), ("is_active", "0")]),
        ["You saved the user."]
    );
    assert_eq!((call(), token().status), (401, 401));
    browser.store.clock().advance(1);
    save(&[("user_id", &id), ("is_active", "1")]);
    assert_eq!(
        (call(), token().status),
        (401, 200),
        "the old one stays dead"
    );
}
