//! Profiles are found by name, and the default is the measured one.

use std::process::Command;

use magespec::conformance::Case;
use magespec::oauth::Profile;

#[test]
fn every_profile_is_found_by_its_name() {
    for profile in Profile::every() {
        assert_eq!(Profile::named(profile.name), Some(profile));
    }
    assert_eq!(Profile::named("magento-1.9"), None);
}

#[test]
fn a_release_and_its_patch_level_find_the_row_that_they_are_in() {
    for (text, name) in [
        ("2.4.6", "magento-2.4.6"),
        ("2.4.6-p11", "magento-2.4.6"),
        ("magento-2.4.6-p11", "magento-2.4.6"),
        ("2.4.6-p7", "magento-2.4.6"),
        ("2.4.6-p6", "magento-2.4.6-p1"),
        ("2.4.6-p0", "magento-2.4.6-p0"),
        ("2.4.7-p1", "magento-2.4.7-p0"),
        ("2.4.7-p2", "magento-2.4.7"),
        ("2.4.8-p1", "magento-2.4.8"),
        ("2.4.3-p2", "magento-2.4.3"),
        ("rfc5849", "rfc5849"),
    ] {
        let found = Profile::find(text).map(|profile| profile.name);
        assert_eq!(found, Some(name), "{text}");
    }
    for text in [
        "", "2.4", "2.4.6-p", "2.4.6-px", "magento-", "docs", "2.4.10",
    ] {
        assert_eq!(Profile::find(text), None, "{text}");
    }
}

/// What each release says of itself, and the patch from which on a behaviour is there: by the same files compared across all release
/// branches, and measured on 2.4.6-p11, 2.4.7-p3 and 2.4.8-p1.
#[test]
fn each_behaviour_begins_at_its_release_and_patch() {
    use magespec::oauth::{CallbackClient, Dialect, SignatureMethod, TokenForm};
    type Row<'a> = (&'a str, fn(&Profile) -> bool, &'a [&'a str]);
    let table: [Row; 10] = [
        (
            "SHA1",
            |p| p.methods.contains(&SignatureMethod::HmacSha1),
            &["2.4.3"],
        ),
        ("bearer", |p| p.bearer_by_default, &["2.4.3"]),
        (
            "JWT",
            |p| p.token_form == TokenForm::Jwt,
            &["2.4.4", "2.4.5", "2.4.6", "2.4.7", "2.4.8", "2.4.9"],
        ),
        (
            "Laminas",
            |p| p.dialect == Dialect::Laminas,
            &["2.4.6", "2.4.7"],
        ),
        (
            "native",
            |p| p.dialect == Dialect::Native,
            &["2.4.8", "2.4.9"],
        ),
        (
            "revocation",
            |p| p.customer_revocation,
            &["2.4.6", "2.4.7", "2.4.8", "2.4.9"],
        ),
        (
            "stray line",
            |p| p.callback_client == CallbackClient::Laminas,
            &["2.4.6", "2.4.7"],
        ),
        (
            "form key",
            |p| p.password_ends_form_key,
            &["2.4.7", "2.4.8", "2.4.9"],
        ),
        (
            "link",
            |p| p.identity_link_validated,
            &[
                "2.4.4-p10",
                "2.4.5-p9",
                "2.4.6-p7",
                "2.4.7-p2",
                "2.4.8",
                "2.4.9",
            ],
        ),
        (
            "e-mails",
            |p| p.emails_hidden,
            &[
                "2.4.4-p4", "2.4.5-p3", "2.4.6-p1", "2.4.7", "2.4.8", "2.4.9",
            ],
        ),
    ];
    for (what, has, begins) in table {
        for release in [
            "2.4.3", "2.4.4", "2.4.5", "2.4.6", "2.4.7", "2.4.8", "2.4.9",
        ] {
            let begin = begins.iter().find_map(|begin| {
                let patch = begin.strip_prefix(release)?;
                let patch = patch.strip_prefix("-p").unwrap_or("0");
                patch.parse::<u32>().ok()
            });
            for patch in 0..16 {
                let profile = Profile::find(&format!("{release}-p{patch}")).expect("a profile");
                let expected = begin.is_some_and(|begin| begin <= patch);
                assert_eq!(has(profile), expected, "{what} of {release}-p{patch}");
            }
        }
    }
}

#[test]
fn evidence_names_the_release_that_was_measured_or_that_none_was() {
    let follows = Case::must("a/b", "c", |_| unreachable!())
        .measured()
        .by_dialect();
    let common = Case::must("a/b", "c", |_| unreachable!()).measured();
    for (profile, of_its_own, shared) in [
        (
            "2.4.5",
            "derived from measurements of 2.4.7-p3",
            "measured 2.4.7-p3",
        ),
        ("2.4.6-p11", "measured 2.4.6-p11", "measured 2.4.6-p11"),
        ("2.4.6-p6", "measured 2.4.7-p3", "measured 2.4.7-p3"),
        ("2.4.7", "measured 2.4.7-p3", "measured 2.4.7-p3"),
        ("2.4.8", "measured 2.4.8-p1", "measured 2.4.8-p1"),
        (
            "2.4.9",
            "derived from measurements of 2.4.7-p3",
            "measured 2.4.7-p3",
        ),
        ("magento-docs", "doc published guides", "measured 2.4.7-p3"),
        ("rfc5849", "rfc 5849", "measured 2.4.7-p3"),
    ] {
        let profile = Profile::find(profile).expect("a profile");
        let said = |case: &Case| case.evidence_under(profile).to_string();
        assert_eq!(said(&follows), of_its_own, "{}", profile.name);
        assert_eq!(said(&common), shared, "{}", profile.name);
    }
}

#[test]
fn the_default_profile_is_the_measured_one() {
    assert_eq!(<&Profile>::default().name, "magento-2.4.7");
}

#[test]
fn the_differences_are_explained_in_tables() {
    let page = explained("profiles");
    assert_narrow(&page);
    insta::assert_snapshot!(page);
}

#[test]
fn a_profile_has_a_page_of_its_own() {
    insta::assert_snapshot!(explained("magento-2.4.9"));
    for profile in Profile::every() {
        let page = explained(profile.name);
        assert!(page.starts_with(&format!("{}\n", profile.name)));
        assert_narrow(&page);
    }
    assert!(explained("2.4.6-p11").starts_with("magento-2.4.6\n"));
}

fn assert_narrow(page: &str) {
    for line in page.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

fn explained(id: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["explain", id])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{id} has a page");
    String::from_utf8(output.stdout).expect("it is text")
}
