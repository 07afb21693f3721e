//! The panel before whoever tricks an administrator's browser: keys that change, pages that are not framed, addresses that do not leak.

use crate::spec::panel::browser::{Browser, attribute_after, store};

#[test]
fn the_form_key_of_before_a_sign_in_is_worth_nothing_after_it() {
    let browser = Browser::new(&store(&[]));
    let page = browser.get("/admin").text();
    let before = attribute_after(&page, "name=\"form_key\"", "value").expect("a form key");
    browser.sign_in();
    assert_ne!(browser.form_key(), before);
    let grid = browser.grid();
    assert!(!grid.contains(&before), "{grid}");
}

#[test]
fn pages_say_who_may_frame_them_where_forms_go_and_what_an_address_tells() {
    let browser = Browser::new(&store(&[]));
    let page = browser.get("/admin");
    let field = |name: &str| page.headers.first(name).unwrap_or_default().to_owned();
    let policy = field("Content-Security-Policy-Report-Only");
    for part in [
        "form-action 'self' 'unsafe-inline';",
        "frame-ancestors 'self' 'unsafe-inline';",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(field("X-Frame-Options"), "SAMEORIGIN");
    // A stock panel leaves it to the browser, whose rule is `strict-origin-when-cross-origin` (measured 2.4.7-p3).
    assert_eq!(field("Referrer-Policy"), "");
}
