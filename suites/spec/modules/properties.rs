//! Nothing in a file makes the module layer panic, and nothing in it is unbounded.

use magespec::acl::Release;
use magespec::diagnostic::{Look, SourceId, render};
use magespec::lint::{Options, lint};
use magespec::module::{FileKind, Merged, Mode, ModuleSet, SourceFile};
use magespec::xml::{decode, parse, to_xml};
use proptest::prelude::*;

/// Texts to start from: one for each kind of file.
const SEEDS: &[(FileKind, &str)] = &[
    (
        FileKind::Module,
        include_str!("../../../fixtures/modules/acme-catalog/etc/module.xml"),
    ),
    (
        FileKind::Acl,
        include_str!("../../../fixtures/modules/acme-catalog/etc/acl.xml"),
    ),
    (
        FileKind::Webapi,
        include_str!("../../../fixtures/modules/acme-catalog/etc/webapi.xml"),
    ),
    (
        FileKind::Consolidated,
        include_str!("../../../fixtures/modules/acme-orders/etc/integration.xml"),
    ),
    (
        FileKind::IntegrationConfig,
        include_str!("../../../fixtures/modules/acme-invoices/etc/integration/config.xml"),
    ),
    (
        FileKind::IntegrationApi,
        include_str!("../../../fixtures/modules/acme-invoices/etc/integration/api.xml"),
    ),
    (
        FileKind::Composer,
        include_str!("../../../fixtures/modules/acme-catalog/composer.json"),
    ),
    (
        FileKind::Registration,
        include_str!("../../../fixtures/modules/acme-catalog/registration.php"),
    ),
];

/// Pieces that break things.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "]",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a [<!ENTITY x \"&x;\">]>",
    "&x;",
    "&#0;",
    "&#xD800;",
    "::",
    "_",
    "\u{0}",
    "\u{FEFF}",
    "é",
    "\u{1F600}",
    "\r\n",
    "xmlns=\"u\"",
    " name=\"\"",
    "/",
    "{",
    "}",
    "\\",
    "$",
    "(",
];

fn spoilt() -> impl Strategy<Value = SourceFile> {
    let cuts = prop::collection::vec(
        (any::<prop::sample::Index>(), 0..PIECES.len(), 0..6_usize),
        0..6,
    );
    (0..SEEDS.len(), cuts).prop_map(|(seed, cuts)| {
        let (kind, text) = SEEDS[seed];
        let mut bytes = text.as_bytes().to_vec();
        for (at, piece, gone) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = (at + gone).min(bytes.len());
            bytes.splice(at..end, PIECES[piece].bytes());
        }
        SourceFile {
            path: format!("m/{}", kind.path()),
            bytes,
        }
    })
}

fn work_through(files: &[SourceFile]) {
    let set = ModuleSet::read(files);
    for mode in [Mode::Lax, Mode::Strict] {
        let merged = Merged::new(&set, Release::V2_4_7, mode);
        let _ = (
            merged.integrations(),
            merged.named(),
            merged.integrations_as_documented(),
        );
    }
    for finding in lint(&set, &Options::default()).findings {
        let drawn = render(&finding.diagnostic, &set.sources, Look::Plain);
        assert!(drawn.starts_with(finding.rule.severity.name()));
        if let (Some(fix), Some(source)) =
            (&finding.fix, set.sources.get(finding.diagnostic.source))
        {
            let _ = magespec::lint::fix::apply(&source.text, [fix]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn spoilt_files_give_diagnostics_and_no_panic(files in prop::collection::vec(spoilt(), 1..4)) {
        work_through(&files);
    }

    #[test]
    fn arbitrary_bytes_give_diagnostics_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..SEEDS.len()) {
        work_through(&[SourceFile { path: format!("m/{}", SEEDS[kind].0.path()), bytes }]);
    }

    #[test]
    fn spans_point_at_what_was_read(file in spoilt()) {
        if let Ok(decoded) = decode(&file.bytes)
            && let Ok(document) = parse(&*decoded.text, SourceId::default())
        {
            for element in document.root().descendants() {
                prop_assert_eq!(&decoded.text[element.name_span().range()], element.name());
                for attribute in element.attributes() {
                    prop_assert_eq!(&decoded.text[attribute.name_span().range()], attribute.name());
                    let raw = &decoded.text[attribute.value_span().range()];
                    prop_assert!(raw.contains('&') || raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ") == attribute.value());
                }
            }
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same_tree(file in spoilt()) {
        if let Ok(decoded) = decode(&file.bytes)
            && let Ok(document) = parse(&*decoded.text, SourceId::default())
        {
            let written = to_xml(document.root());
            let again = parse(&*written, SourceId::default());
            prop_assert!(again.is_ok(), "{}", written);
            prop_assert_eq!(to_xml(again.expect("it was just checked").root()), written);
        }
    }
}
