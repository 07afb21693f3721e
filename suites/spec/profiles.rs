//! Profiles are found by name, and the default is the measured one.

use std::process::Command;

use magespec::oauth::{PROFILES, Profile};

#[test]
fn every_profile_is_found_by_its_name() {
    for profile in &PROFILES {
        assert_eq!(Profile::named(profile.name), Some(profile));
    }
    assert_eq!(Profile::named("magento-1.9"), None);
}

#[test]
fn the_default_profile_is_the_measured_one() {
    assert_eq!(<&Profile>::default().name, "magento-2.4.7");
}

#[test]
fn the_differences_are_explained_in_tables() {
    insta::assert_snapshot!(explained("profiles"));
}

#[test]
fn a_profile_has_a_page_of_its_own() {
    insta::assert_snapshot!(explained("magento-2.4.9"));
    for profile in &PROFILES {
        let page = explained(profile.name);
        assert!(page.starts_with(&format!("{}\n", profile.name)));
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
