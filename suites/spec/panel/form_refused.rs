//! Saves that the form refuses, or takes though one would not think so.

use crate::spec::panel::browser::{
    Browser, PASSWORD, attribute_after, location, messages, url_with,
};
use crate::spec::panel::form::{is_chosen, save_url};

const WRONG: &str =
    "The password entered for the current user is invalid. Verify the password and try again.";

#[test]
fn a_wrong_password_saves_nothing_and_the_form_remembers() {
    let browser = Browser::signed_in(&[]);
    for password in ["wrong", ""] {
        let save = save_url(&browser);
        let fields = [
            ("name", "Kept"),
            ("endpoint", "https://k.example"),
            ("resource[]", "Magento_Sales::reorder"),
            ("current_password", password),
        ];
        let response = browser.as_script(|script| script.post(&save, &fields));
        let target = response.text().replace("\\/", "/");
        assert!(
            target.starts_with(
                "{\"_redirect\":\"http://127.0.0.1:8080/admin/admin/integration/new/key/"
            ),
            "{target}"
        );
    }
    let said = browser.messages();
    let response = browser.post(
        &save_url(&browser),
        &[
            ("name", "Kept"),
            ("endpoint", "https://k.example"),
            ("resource[]", "Magento_Sales::reorder"),
            ("current_password", "wrong"),
        ],
    );
    let page = browser.get(&location(&response)).text();
    assert_eq!(
        (said, messages(&page)),
        (vec![WRONG.to_owned(); 2], vec![WRONG.to_owned()])
    );
    assert_eq!(
        attribute_after(&page, "name=\"name\"", "value").as_deref(),
        Some("Kept")
    );
    assert_eq!(
        attribute_after(&page, "name=\"endpoint\"", "value").as_deref(),
        Some("https://k.example")
    );
    assert!(is_chosen(&page, "Magento_Sales::reorder"));
    assert!(!page.contains("wrong\""), "the password is not remembered");
    assert!(
        browser
            .store
            .storage()
            .integrations()
            .expect("read")
            .is_empty()
    );
}

#[test]
fn remembered_values_leak_into_whatever_form_is_opened_next() {
    let browser = Browser::signed_in(&[]);
    let first = browser.create("First", &[]);
    let second = browser.create("Second", &[]);
    let edit = |id: &str| url_with(&browser.grid(), &format!("/integration/edit/id/{id}/"));
    let save = url_with(&browser.get(&edit(&first)).text(), "/integration/save/");
    browser.post(
        &save,
        &[
            ("id", &first),
            ("name", "Changed"),
            ("current_password", "wrong"),
        ],
    );
    let page = browser.get(&edit(&second)).text();
    assert_eq!(
        attribute_after(&page, "name=\"name\"", "value").as_deref(),
        Some("Changed")
    );
    let again = browser.get(&edit(&second)).text();
    assert_eq!(
        attribute_after(&again, "name=\"name\"", "value").as_deref(),
        Some("Second")
    );
}

#[test]
fn a_save_without_the_password_field_is_an_error_of_the_server() {
    let browser = Browser::signed_in(&[]);
    let save = save_url(&browser);
    for fields in [&[("name", "App")][..], &[]] {
        let response = browser.post(&save, fields);
        assert_eq!(response.status, 500);
        assert_eq!(
            response.headers.first("Content-Type"),
            Some("text/plain;charset=UTF-8")
        );
        assert_eq!(
            response.text(),
            "An error has happened during application run. See exception log for details.\n"
        );
    }
}

#[test]
fn wrong_passwords_at_a_save_lock_the_account_and_sign_out() {
    let browser = Browser::signed_in(&[]);
    let fields = [("name", "App"), ("current_password", "wrong")];
    for _ in 0..5 {
        browser.post(&save_url(&browser), &fields);
    }
    let save = save_url(&browser);
    let response = browser.as_script(|script| script.post(&save, &fields));
    assert_eq!(
        response.text(),
        format!(
            r#"{{"_redirect":"http:\/\/127.0.0.1:8080\/admin\/admin\/index\/index\/key\/{}\/"}}"#,
            response
                .text()
                .split("key\\/")
                .nth(1)
                .and_then(|rest| rest.get(..64))
                .expect("a key")
        )
    );
    let reason = response.headers.all("Set-Cookie").last();
    assert_eq!(
        reason,
        Some("loggedOutReasonCode=10; path=/admin; SameSite=Strict")
    );
    let page = browser.get("/admin/admin/").text();
    assert!(page.contains("Welcome, please sign in"));
    assert_eq!(messages(&page), Vec::<String>::new(), "nothing is said");
    assert_eq!(
        browser.try_sign_in(PASSWORD).status,
        200,
        "the account is locked"
    );
}

#[test]
fn names_are_unique_without_regard_to_case_and_printed_as_typed() {
    let browser = Browser::signed_in(&[]);
    browser.create("App", &[]);
    for name in ["App", "aPP", "App  "] {
        let save = save_url(&browser);
        let response = browser.post(&save, &[("name", name), ("current_password", PASSWORD)]);
        let page = browser.get(&location(&response)).text();
        assert_eq!(
            messages(&page),
            [format!("The integration with name \"{name}\" exists.")]
        );
        assert_eq!(
            attribute_after(&page, "name=\"name\"", "value").as_deref(),
            Some(name)
        );
    }
}

#[test]
fn the_identity_link_is_checked_and_nothing_is_remembered() {
    let browser = Browser::signed_in(&[]);
    for link in ["javascript:alert(1)", "ftp://x.y", "junk", "HTTPS://x.y"] {
        let save = save_url(&browser);
        let response = browser.post(
            &save,
            &[
                ("name", "App"),
                ("identity_link_url", link),
                ("current_password", PASSWORD),
            ],
        );
        let page = browser.get(&location(&response)).text();
        assert_eq!(messages(&page), ["Invalid Identity Link URL"], "{link}");
        assert_eq!(
            attribute_after(&page, "name=\"name\"", "value").as_deref(),
            Some("")
        );
    }
}

#[test]
fn an_empty_name_is_saved_and_an_absent_one_is_not() {
    let browser = Browser::signed_in(&[]);
    browser.create("", &[]);
    let save = save_url(&browser);
    browser.post(&save, &[("current_password", PASSWORD)]);
    assert_eq!(
        browser.messages(),
        [
            "Warning: Undefined array key \"name\" in /var/www/html/vendor/magento/module-integration/Model/IntegrationService.php on line 48"
        ]
    );
}
