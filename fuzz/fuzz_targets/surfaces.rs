//! The targets of `suites/fuzz` under libFuzzer: `MAGESPEC_FUZZ_TARGET` names one, such as `base_string`.

#![no_main]

#[path = "../../suites/fuzz/mod.rs"]
mod fuzz;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    static RUN: OnceLock<fn(&[u8])> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let name = std::env::var("MAGESPEC_FUZZ_TARGET").expect("MAGESPEC_FUZZ_TARGET names a target");
        let mut all = fuzz::TARGETS.iter().copied().flatten();
        all.find(|target| target.name == name)
            .unwrap_or_else(|| panic!("there is no target `{name}`"))
            .run
    });
    run(bytes);
});
