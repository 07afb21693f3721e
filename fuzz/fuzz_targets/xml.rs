//! Any bytes as each XML file of a module: decoded, parsed, merged and linted without a panic.
//!
//! Run with `cargo +nightly fuzz run xml` in the project's folder.

#![no_main]

use libfuzzer_sys::fuzz_target;
use magespec::acl::Release;
use magespec::lint::{Options, lint};
use magespec::module::{FileKind, Merged, Mode, ModuleSet, SourceFile};

fuzz_target!(|bytes: &[u8]| {
    for kind in FileKind::ALL {
        let set = ModuleSet::read(&[SourceFile {
            path: format!("m/{}", kind.path()),
            bytes: bytes.to_vec(),
        }]);
        let _ = Merged::new(&set, Release::V2_4_7, Mode::Strict);
        let _ = lint(&set, &Options::default());
    }
});
