//! Any bytes as a file of a module, the first byte says which: decoded, parsed, merged, linted, drawn and repaired without a panic.
//!
//! How to run it stands in CONTRIBUTING.md.

#![no_main]

use libfuzzer_sys::fuzz_target;
use magespec::acl::Release;
use magespec::diagnostic::Look;
use magespec::lint::fix::apply;
use magespec::lint::format::pretty;
use magespec::lint::{Options, lint};
use magespec::module::{FileKind, Merged, Mode, ModuleSet, SourceFile};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let kind = FileKind::ALL[usize::from(*first) % FileKind::ALL.len()];
    let set = ModuleSet::read(&[SourceFile {
        path: format!("m/{}", kind.path()),
        bytes: bytes.to_vec(),
    }]);
    let _ = Merged::new(&set, Release::V2_4_7, Mode::Strict);
    let linted = lint(&set, &Options::default());
    let _ = pretty(&linted, &set.sources, Look::Plain);
    for (id, source) in set.sources.iter() {
        let fixes = linted
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .filter(|fix| fix.source == id);
        let _ = apply(&source.text, fixes);
    }
});
