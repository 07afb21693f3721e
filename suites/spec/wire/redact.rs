//! What a record of an exchange must not hold.

use magespec::wire::{Origin, redact};
use proptest::prelude::*;

#[test]
fn secrets_are_taken_out_wherever_they_stand() {
    let table = [
        (
            "oauth_consumer_key=k&oauth_consumer_secret=s3&oauth_verifier=v",
            "oauth_consumer_key=k&oauth_consumer_secret=…&oauth_verifier=…",
        ),
        (
            "login%5Busername%5D=admin&login%5Bpassword%5D=pa+ss&form_key=abc",
            "login%5Busername%5D=admin&login%5Bpassword%5D=…&form_key=…",
        ),
        ("login[password]=x y", "login[password]=… y"),
        (
            r#"{"username":"a","password": "p\u0041","x":1}"#,
            r#"{"username":"a","password": "…","x":1}"#,
        ),
        (
            r#"{"consumer":{"key":"k","secret":"s"}}"#,
            r#"{"consumer":{"key":"k","secret":"…"}}"#,
        ),
        (
            r#"<input id="integration_token_consumer_secret" type="text" value="s3"/>"#,
            r#"<input id="integration_token_consumer_secret" type="text" value="…"/>"#,
        ),
        (
            r#"<input name="form_key" type="hidden" value="fk"/>"#,
            r#"<input name="form_key" type="hidden" value="…"/>"#,
        ),
        ("var FORM_KEY = 'abc';", "var FORM_KEY = '…';"),
        (
            "Cookie: admin=1; PHPSESSID=2\r\n",
            "Cookie: admin=…; PHPSESSID=…\r\n",
        ),
        (
            "Authorization: Bearer abc\r\n",
            "Authorization: Bearer …\r\n",
        ),
        ("\"eyJraWQiOiIx.eyJ1aWQ.abc-_\"", "\"…\""),
        (
            "Location: /admin/admin/index/index/key/0123456789abcdef0123456789abcdef/",
            "Location: /admin/admin/index/index/key/…/",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(redact(text), expected);
    }
}

#[test]
fn sentences_that_name_a_secret_stay_whole() {
    for text in [
        r#"{"message":"\"oauth_verifier\" is required. Enter and try again."}"#,
        "oauth_problem=Verifier+is+invalid",
        "The password entered for the current user is invalid.",
        "GET /x?oauth_signature=a%3D HTTP/1.1\r\n",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn a_megabyte_of_names_is_redacted_in_time() {
    for name in ["secret", "\"secret\" ", "secret=", "eyJ", "key/"] {
        let text = name.repeat(1_000_000 / name.len());
        let began = std::time::Instant::now();
        let redacted = redact(&text);
        assert!(began.elapsed().as_secs() < 10, "{name} takes too long");
        assert!(redacted.len() <= text.len());
    }
}

proptest! {
    #[test]
    fn redacting_twice_changes_nothing_more(text in any::<String>()) {
        let once = redact(&text);
        prop_assert_eq!(redact(&once), once);
    }

    #[test]
    fn a_secret_in_a_form_never_survives(before in "[a-z=&%0-9é\"]{0,20}", secret in "[0-9A-Z]{8,32}", after in "(&[a-z=]{0,10})?") {
        let text = format!("{before}&oauth_token_secret={secret}{after}");
        prop_assert!(!redact(&text).contains(&secret));
    }

    #[test]
    fn a_url_is_split_without_a_change_or_refused(text in any::<String>()) {
        if let Ok((origin, target)) = Origin::split(&text) {
            prop_assert!(target.starts_with('/'));
            prop_assert!(!origin.host.is_empty());
        }
    }
}

#[test]
fn a_url_gives_origin_and_target() {
    let table = [
        ("http://shop.example", "http://shop.example", "/"),
        (
            "HTTPS://Shop.example:443/a?b#c",
            "https://Shop.example",
            "/a?b",
        ),
        ("http://[::1]:8080?x", "http://[::1]:8080", "/?x"),
        ("http://h:80/%2e%2e//", "http://h", "/%2e%2e//"),
    ];
    for (url, origin, target) in table {
        let (found, rest) = Origin::split(url).expect(url);
        assert_eq!(
            (found.to_string().as_str(), rest.as_str()),
            (origin, target)
        );
    }
    for url in [
        "",
        "shop.example",
        "ftp://h/",
        "http://",
        "http://h:99999/",
        "http://u:p@h/",
        "http://h/a b",
    ] {
        let error = Origin::split(url).expect_err(url).to_string();
        assert!(error.contains("is not a usable URL"), "{error}");
    }
}
