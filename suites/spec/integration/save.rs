//! Deleting and saving an integration, and the identity links that it may have (docs/protocol/flow.md#states-of-an-integration, docs/protocol/admin-panel.md#the-form).

use magespec::integration::{
    Deletion, Draft, DraftRefusal, Integration, SetupType, Status, deletion, identity_link_is_valid,
};

use crate::spec::integration::transitions::integration;

#[test]
fn only_a_manual_integration_can_be_deleted() {
    let mut row = integration();
    assert_eq!(deletion(&row), Deletion::Everything);
    row.setup_type = SetupType::ConfigFile;
    assert_eq!(deletion(&row), Deletion::Refused);
}

#[test]
fn a_save_keeps_absent_fields_and_cuts_long_ones() {
    let stored = integration();
    let draft = Draft {
        name: Some("é".repeat(300)),
        endpoint: Some(String::new()),
        ..Draft::default()
    };
    let saved = draft.over(&stored);
    assert_eq!(saved.name, "é".repeat(255));
    assert_eq!(saved.email, stored.email);
    assert_eq!(saved.endpoint.as_deref(), Some(""));
    assert_eq!(saved.identity_link_url, stored.identity_link_url);
    assert_eq!(
        (saved.status, saved.consumer_id),
        (stored.status, stored.consumer_id)
    );
    assert!(!saved.exchanges_tokens(), "an empty URL is no URL");
}

#[test]
fn a_save_refuses_config_rows_bad_links_and_a_missing_name() {
    let stored = integration();
    let named = Draft {
        name: Some("App".into()),
        ..Draft::default()
    };
    let linked = Draft {
        identity_link_url: Some("javascript:alert(1)".into()),
        ..named.clone()
    };
    let from_file = Integration {
        setup_type: SetupType::ConfigFile,
        ..stored.clone()
    };
    for (draft, stored, validated, expected) in [
        (&named, None, true, Ok(())),
        (&named, Some(&stored), true, Ok(())),
        (&Draft::default(), Some(&stored), true, Ok(())),
        (&Draft::default(), None, true, Err(DraftRefusal::NameAbsent)),
        (&linked, None, true, Err(DraftRefusal::IdentityLink)),
        (&linked, None, false, Ok(())),
        (
            &linked,
            Some(&from_file),
            true,
            Err(DraftRefusal::FromConfigFile),
        ),
    ] {
        assert_eq!(draft.check(stored, validated), expected, "{draft:?}");
    }
}

#[test]
fn a_posted_status_is_stored_like_any_other_field() {
    let draft = Draft {
        status: Some(Status::Active),
        ..Draft::default()
    };
    assert_eq!(draft.over(&integration()).status, Status::Active);
}

#[test]
fn identity_links_follow_the_measured_vectors() {
    for valid in [
        "https://x.y",
        "http://x",
        "https://x.y/a b",
        "https://ü.de",
        "https://x.y/%zz",
        "https://x.y#f",
        "http://127.0.0.1:8090/login",
        "http://[::1]:8090/login",
        "https://u:p@x.y:8443?q",
    ] {
        assert!(identity_link_is_valid(valid), "{valid}");
    }
    for invalid in [
        "HTTPS://x.y",
        "ftp://x.y",
        "javascript:alert(1)",
        "//x.y",
        "x.y",
        "/rel",
        "http://",
        "https://x.y:99999",
        " https://x.y",
        "https://x.y ",
        "",
        "https://:80",
        "https://x y/",
    ] {
        assert!(!identity_link_is_valid(invalid), "{invalid}");
    }
}
