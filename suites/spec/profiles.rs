//! Profiles are found by name, and the default is the measured one.

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
