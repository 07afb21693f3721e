//! The grid, addresses that lead nowhere, deleting, rows from modules.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use magespec::integration::{Integration, SetupType};

use crate::spec::panel::browser::{
    Browser, PASSWORD, attribute_after, location, messages, url_with,
};

#[test]
fn ids_that_lead_nowhere_go_back_to_the_grid_with_the_measured_sentences() {
    let browser = Browser::signed_in(&[("admin/security/use_form_key", "0")]);
    let invalid = "Integration ID is not specified or is invalid.";
    let unknown = |id: &str| format!("The integration with ID \"{id}\" doesn't exist.");
    for action in [
        "edit",
        "permissionsDialog",
        "delete",
        "tokensDialog",
        "tokensExchange",
    ] {
        for id in ["", "id/0/", "id/abc/", "id/99999/"] {
            let address = format!("/admin/admin/integration/{action}/{id}");
            let ask = |browser: &Browser| {
                if action == "delete" {
                    browser.post(&address, &[])
                } else {
                    browser.get(&address)
                }
            };
            let page = ask(&browser);
            assert_eq!(
                (page.status, location(&page).as_str()),
                (302, "http://127.0.0.1:8080/admin/admin/integration/")
            );
            let script = browser.as_script(|script| ask(script));
            if action == "delete" {
                assert_eq!((script.status, script.text().as_str()), (302, ""));
            } else {
                assert_eq!(
                    script.text(),
                    r#"{"_redirect":"http:\/\/127.0.0.1:8080\/admin\/admin\/integration\/"}"#
                );
            }
            let raw = id.trim_start_matches("id/").trim_end_matches('/');
            let expected = match (action, raw) {
                (_, "99999") | ("tokensDialog" | "tokensExchange", _) => unknown(raw),
                _ => invalid.to_owned(),
            };
            assert_eq!(
                messages(&browser.get("/admin/admin/integration/").text()),
                [expected.clone(), expected],
                "{address}"
            );
        }
    }
    let save = browser.post(
        "/admin/admin/integration/save/id/99999/",
        &[("name", "x"), ("current_password", PASSWORD)],
    );
    assert_eq!(
        location(&save),
        "http://127.0.0.1:8080/admin/admin/integration/"
    );
    assert_eq!(browser.messages(), [unknown("99999")]);
}

#[test]
fn a_deleted_integration_is_gone_with_its_consumer_and_tokens() {
    let browser = Browser::signed_in(&[]);
    let id = browser.create("Old", &[]);
    browser.get(&browser.dialog("tokensDialog", &id, "0"));
    let row = browser.row(&id);
    let token = browser.tokens(&id)[0].token.clone();
    browser.messages();
    let delete = url_with(&browser.grid(), &format!("/integration/delete/id/{id}/"));
    let response = browser.post(&delete, &[]);
    assert_eq!(
        messages(&browser.get(&location(&response)).text()),
        ["The integration 'Old' has been deleted."]
    );
    let storage = browser.store.storage();
    assert_eq!(storage.integration(row.id).expect("read"), None);
    assert_eq!(
        storage
            .consumer(row.consumer_id.expect("a consumer"))
            .expect("read"),
        None
    );
    assert_eq!(storage.token(&token).expect("read"), None);
    browser.post(&delete, &[]);
    assert_eq!(
        browser.messages(),
        [format!("The integration with ID \"{id}\" doesn't exist.")]
    );
}

#[test]
fn the_grid_labels_links_badges_and_banner_follow_the_rows() {
    let browser = Browser::signed_in(&[]);
    assert!(
        browser
            .grid()
            .contains("We couldn&#039;t find any records.")
    );
    let plain = browser.create("Plain", &[]);
    let both = [
        ("endpoint", "http://a.example/c"),
        ("identity_link_url", "https://a.example/l"),
    ];
    let exchange = browser.create("Exchange", &both);
    let reset = browser.create(
        "Again",
        &[("endpoint", "HTTP://a.example/c"), ("status", "2")],
    );
    browser.get(&browser.dialog("tokensDialog", &plain, "0"));
    let page = browser.grid();
    assert!(page.contains("<title>Integrations / Extensions / System / Magento Admin</title>"));
    assert!(page.contains("id=\"integrationGrid_table\"") && page.contains("Add New Integration"));
    assert!(page.contains("Warning! Integrations not using HTTPS are insecure and potentially expose private or personally identifiable information"));
    assert_eq!(
        page.matches("Integration not secure").count(),
        1,
        "the badge minds the case"
    );
    for (id, link, reauthorize, exchanges) in [
        (&plain, "Reauthorize", "1", "0"),
        (&exchange, "Activate", "0", "1"),
        (&reset, "Activate", "1", "0"),
    ] {
        let mark = format!("data-row-id=\"{id}\"");
        assert_eq!(
            attribute_after(&page, &mark, "title").as_deref(),
            Some(link)
        );
        assert_eq!(
            attribute_after(&page, &mark, "data-row-is-reauthorize").as_deref(),
            Some(reauthorize)
        );
        assert_eq!(
            attribute_after(&page, &mark, "data-row-is-token-exchange").as_deref(),
            Some(exchanges)
        );
        assert_eq!(
            attribute_after(&page, &mark, "data-row-dialog").as_deref(),
            Some("permissions")
        );
    }
    for label in ["\nInactive\n", "\nActive\n", "\nReset\n"] {
        assert!(page.contains(label), "{label}");
    }
}

#[test]
fn the_grid_filters_sorts_and_turns_pages() {
    let browser = Browser::signed_in(&[("admin/security/use_form_key", "0")]);
    for number in 0..25 {
        browser.create(&format!("App {number:02}"), &[]);
    }
    let names = |query: &str| -> Vec<String> {
        let page = browser
            .get(&format!("/admin/admin/integration/grid/?{query}"))
            .text();
        assert!(!page.contains("<html"), "a fragment");
        let body = page.split("<tbody>").nth(1).expect("a table");
        body.split("<td data-column=\"name\" class=\"col-name\">\n")
            .skip(1)
            .map(|rest| rest.split('\n').next().unwrap_or_default().to_owned())
            .collect()
    };
    let filtered = |filter: &str| names(&format!("filter={}", STANDARD.encode(filter)));
    assert_eq!(names("").len(), 20);
    assert_eq!(names("page=2").len(), 5);
    assert_eq!(names("limit=30").len(), 25);
    assert_eq!(names("limit=7").len(), 7, "any size is taken");
    assert_eq!(names("limit=abc").len(), 25, "no number is all");
    assert_eq!(
        names("page=99")[0],
        "App 00",
        "past the end is the first page"
    );
    assert_eq!(names("page=0")[0], "App 00");
    assert_eq!(names("sort=name&dir=desc")[0], "App 24");
    assert_eq!(names("sort=name&dir=sideways")[0], "App 00");
    assert_eq!(
        names("sort=email&dir=desc")[0],
        "App 00",
        "an unknown column sorts nothing"
    );
    assert_eq!(names("name=aPP+03").len(), 20, "a field of its own is none");
    assert_eq!(filtered("name=aPP+0").len(), 10);
    assert_eq!(
        names("filter=bmFtZT1BcHArMDM").first().map(String::as_str),
        Some("App 03"),
        "without padding"
    );
    assert_eq!(filtered("name=App%252003"), ["App 03"], "decoded twice");
    assert_eq!(filtered("name=%25").len(), 0);
    assert_eq!(filtered("status=1").len(), 0);
    assert_eq!(filtered("status=0").len(), 20);
    assert_eq!(names("").len(), 20, "nothing is kept for the next grid");
    let page = browser
        .get("/admin/admin/integration/?filter=bmFtZT08c2NyaXB0Pg")
        .text();
    assert!(
        page.contains("value=\"&lt;script&gt;\""),
        "a filter is escaped"
    );
}

#[test]
fn a_row_from_a_module_that_is_gone_can_be_seen_and_nothing_else() {
    let browser = Browser::signed_in(&[("admin/security/use_form_key", "0")]);
    let id = browser.create("Orphan", &[]);
    let row = Integration {
        setup_type: SetupType::ConfigFile,
        ..browser.row(&id)
    };
    browser
        .store
        .storage()
        .replace_integration(&row)
        .expect("replaced");
    let page = browser.grid();
    assert!(page.contains("Uninstall the extension to remove this integration"));
    for action in [
        "edit",
        "permissionsDialog",
        "tokensDialog",
        "tokensExchange",
    ] {
        browser.get(&format!("/admin/admin/integration/{action}/id/{id}/"));
        assert_eq!(
            browser.messages(),
            ["Internal error. Check exception log for details."],
            "{action}"
        );
    }
    assert_eq!(
        browser
            .post(&format!("/admin/admin/integration/delete/id/{id}/"), &[])
            .status,
        302
    );
    assert_eq!(
        browser.messages(),
        Vec::<String>::new(),
        "a delete fails silently"
    );
    assert_eq!(browser.row(&id), row);
}

#[test]
fn patterns_of_a_published_http_driver_find_what_they_look_for() {
    let browser = Browser::signed_in(&[("admin/security/use_form_key", "0")]);
    let fields = [
        ("name", "Driven"),
        ("all_resources", "1"),
        ("current_password", PASSWORD),
    ];
    let saved = browser.post("/admin/admin/integration/save", &fields);
    let page = browser.get(&location(&saved)).text();
    assert!(page.contains("data-ui-id=\"messages-message-success\""));
    let key = page.split("var FORM_KEY = '").nth(1).expect("a script");
    let key = key.split('\'').next().expect("a text");
    assert_eq!(
        Some(key.to_owned()),
        attribute_after(&page, "name=\"form_key\"", "value")
    );
    // A Base64 filter in the path; then the first link behind the name.
    let grid = "/admin/admin/integration/grid/filter/bmFtZT1Ecml2ZW4/";
    let grid = browser.post(grid, &[]).text();
    let behind = grid.split_once("Driven").expect("the row").1;
    let id = behind
        .split_once("/integration/edit/id/")
        .expect("a link")
        .1;
    assert!(id.starts_with("1/"), "{grid}");
    let dialog = "/admin/admin/integration/tokensDialog/id/1/reauthorize/0/";
    let dialog = browser.get(dialog).text();
    for field in ["consumer_key", "consumer_secret", "token", "token_secret"] {
        let value = attribute_after(&dialog, &format!("name=\"{field}\""), "value");
        assert_eq!(value.expect("a field").len(), 32);
    }
    assert_eq!(dialog.matches(" readonly=\"1\" ").count(), 4);
}

#[test]
fn the_counts_of_the_dashboard_lead_to_the_rows_that_they_count() {
    let browser = Browser::signed_in(&[]);
    browser.create("Waiting", &[]);
    browser.grid();
    let dashboard = browser.get("/admin/admin/").text();
    let dashboard = if dashboard.is_empty() {
        browser.get(&location(&browser.get("/admin/admin/"))).text()
    } else {
        dashboard
    };
    let rows = |status: &str| {
        let filter = STANDARD
            .encode(format!("status={status}"))
            .replace('=', "%3D");
        let address = url_with(&dashboard, &format!("/index/filter/{filter}/"));
        browser.get(&address).text().contains("Waiting")
    };
    assert!(rows("0"), "it is inactive");
    assert!(!rows("1"), "it is not active");
}
