//! The configuration page and the cache before guest access.

use magespec::wire::Response;

use crate::spec::panel::browser::{Browser, attribute_after, location, messages, url_with};

const GUESTS: &str = "groups[webapisecurity][fields][allow_insecure][value]";
const SWITCH: &str = "webapi/webapisecurity/allow_insecure";

fn section(browser: &Browser, section: &str) -> String {
    let page = browser
        .get(&url_with(&browser.grid(), "/system_config/edit/"))
        .text();
    browser
        .get(&url_with(
            &page,
            &format!("/system_config/edit/section/{section}/"),
        ))
        .text()
}

#[test]
fn guest_access_counts_after_the_cache_is_flushed() {
    let browser = Browser::signed_in(&[]);
    let page = section(&browser, "webapi");
    assert!(page.contains("Web API Security") && page.contains("Allow Anonymous Guest Access"));
    assert_eq!(
        attribute_after(&page, GUESTS, "id").as_deref(),
        Some("webapi_webapisecurity_allow_insecure")
    );
    let response = browser.post(&url_with(&page, "/system_config/save/"), &[(GUESTS, "1")]);
    let page = browser.get(&location(&response)).text();
    assert_eq!(messages(&page), ["You saved the configuration."]);
    assert!(page.contains("<option value=\"1\" selected>Yes</option>"));
    assert_eq!(
        browser
            .store
            .storage()
            .setting(SWITCH)
            .expect("read")
            .as_deref(),
        Some("1")
    );
    assert!(!browser.store.guest_access(), "the cache still says no");
    assert!(page.contains("refresh cache types."));
    let cache = browser.get(&url_with(&page, "/admin/cache/")).text();
    browser.post(&url_with(&cache, "/cache/flushSystem/"), &[]);
    assert!(browser.store.guest_access());
    assert!(!browser.grid().contains("refresh cache types."));
}

#[test]
fn the_cache_is_flushed_by_every_way_of_a_real_panel() {
    let browser = Browser::signed_in(&[("admin/security/use_form_key", "0")]);
    let types = [("types[]", "config"), ("types[]", "config_webservice")];
    let ways: [&dyn Fn() -> Response; 4] = [
        &|| browser.get("/admin/admin/cache/flushSystem/"),
        &|| browser.get("/admin/admin/cache/flushAll/"),
        &|| browser.post("/admin/admin/cache/flushAll/", &[]),
        &|| browser.post("/admin/admin/cache/massRefresh/", &types),
    ];
    for (place, way) in ways.into_iter().enumerate() {
        let wanted = place % 2 == 0;
        let value = if wanted { "1" } else { "0" };
        let storage = browser.store.storage();
        storage.set_setting(SWITCH, Some(value)).expect("set");
        browser.post("/admin/admin/cache/massRefresh/", &types[..1]);
        assert_ne!(browser.store.guest_access(), wanted, "another type");
        assert_eq!(
            location(&way()),
            "http://127.0.0.1:8080/admin/admin/cache/",
            "{place}"
        );
        assert_eq!(browser.store.guest_access(), wanted, "{place}");
    }
}

#[test]
fn numbers_are_stored_an_empty_field_goes_back_to_its_default_and_junk_stores_nothing() {
    let browser = Browser::signed_in(&[]);
    let page = section(&browser, "oauth");
    let save = url_with(&page, "/system_config/save/");
    let window = "groups[consumer][fields][expiration_period][value]";
    let bearer = "groups[consumer][fields][enable_integration_as_bearer][value]";
    let stored = |path: &str| browser.store.storage().setting(path).expect("read");
    browser.post(
        &save,
        &[
            (window, "60"),
            (bearer, "1"),
            ("groups[access_token_lifetime][fields][admin][value]", "0.5"),
        ],
    );
    assert_eq!(
        stored("oauth/consumer/expiration_period").as_deref(),
        Some("60")
    );
    assert_eq!(
        stored("oauth/consumer/enable_integration_as_bearer").as_deref(),
        Some("1")
    );
    assert_eq!(
        stored("oauth/access_token_lifetime/admin").as_deref(),
        Some("0.5")
    );
    browser.messages();
    browser.post(&save, &[(bearer, "0"), (window, "soon")]);
    assert_eq!(
        browser.messages(),
        ["\"soon\" is not a number. Nothing was saved."]
    );
    assert_eq!(
        stored("oauth/consumer/enable_integration_as_bearer").as_deref(),
        Some("1")
    );
    browser.post(&save, &[(window, "")]);
    assert_eq!(stored("oauth/consumer/expiration_period"), None);
    assert_eq!(stored(SWITCH), None, "another section is not touched");
}
