//! Every target of the fuzzer for a moment; for longer when the environment says so.

use crate::fuzz::{TARGETS, drive};

/// A test for each, so that one can be run alone.
macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { drive(stringify!($name)); })*

        #[test]
        fn every_target_has_its_test() {
            let named = [$(stringify!($name)),*];
            let all: Vec<&str> = TARGETS.iter().copied().flatten().map(|target| target.name).collect();
            assert_eq!(all, named);
        }
    };
}

targets! {
    authorization base_string escapes foreign_signer
    doctor reports
    module_xml module_php module_json
    rest_bodies requests responses
}
