//! Every row of the specification about module files: its input, and exactly the rules that find something in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use magespec::lint::{Options, lint};
use magespec::module::{ModuleSet, SourceFile};
use serde::Deserialize;

/// What a module has when the row does not say otherwise.
const USUAL: [(&str, &str); 3] = [
    (
        "etc/module.xml",
        "<?xml version=\"1.0\"?>\n<config xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"urn:magento:framework:Module/etc/module.xsd\"><module name=\"Acme_Demo\" setup_version=\"1.0.0\"><sequence><module name=\"Magento_Integration\"/></sequence></module></config>\n",
    ),
    (
        "registration.php",
        "<?php\nuse Magento\\Framework\\Component\\ComponentRegistrar;\nComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__);\n",
    ),
    (
        "composer.json",
        "{\"name\": \"acme/module-demo\", \"type\": \"magento2-module\", \"license\": \"MIT\", \"require\": {\"php\": \">=8.1\", \"magento/framework\": \"*\", \"magento/module-integration\": \"*\"}, \"autoload\": {\"files\": [\"registration.php\"], \"psr-4\": {\"Acme\\\\Demo\\\\\": \"\"}}}\n",
    ),
];

struct Row {
    ids: Vec<String>,
    title: String,
    codes: Vec<String>,
    files: Vec<SourceFile>,
}

/// `=== ids | title | codes`, then each file after `--- path`, or `--- path absent`.
fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rows");
    let mut texts: Vec<_> = fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|entry| entry.expect("a file can be listed").path())
        .collect();
    texts.sort();
    let texts = texts
        .iter()
        .map(|path| fs::read_to_string(path).expect("a file can be read"));
    let all: String = texts.collect();
    all.split("=== ").skip(1).map(row).collect()
}

fn row(text: &str) -> Row {
    let (head, rest) = text.split_once('\n').expect("a row has a head");
    let [ids, title, codes] = head.split('|').collect::<Vec<_>>()[..] else {
        panic!("`{head}` is no head");
    };
    let mut files: BTreeMap<&str, Option<&str>> = USUAL
        .iter()
        .map(|(path, text)| (*path, Some(*text)))
        .collect();
    for file in rest.split("--- ").skip(1) {
        let (path, text) = file.split_once('\n').expect("a file has a path");
        match path.strip_suffix(" absent") {
            Some(path) => files.insert(path, None),
            None => files.insert(path, Some(text)),
        };
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    Row {
        ids: words(ids),
        title: title.trim().to_owned(),
        codes: words(codes),
        files: files
            .into_iter()
            .filter_map(|(path, text)| {
                Some(SourceFile {
                    path: path.to_owned(),
                    bytes: text?.as_bytes().to_vec(),
                })
            })
            .collect(),
    }
}

#[test]
fn every_row_is_found_by_its_rules_and_by_no_other() {
    for row in rows() {
        let linted = lint(&ModuleSet::read(&row.files), &Options::default());
        let codes: BTreeSet<&str> = linted
            .findings
            .iter()
            .map(|finding| finding.rule.code)
            .collect();
        let expected: BTreeSet<&str> = row.codes.iter().map(String::as_str).collect();
        assert_eq!(codes, expected, "{:?} {}", row.ids, row.title);
    }
}

#[derive(Deserialize)]
struct Ledger {
    tables: BTreeMap<String, usize>,
    quirks: BTreeMap<String, usize>,
    named: BTreeMap<String, Vec<String>>,
    elsewhere: BTreeMap<String, String>,
}

#[test]
fn no_row_of_the_specification_is_left_out() {
    let ledger: Ledger =
        toml::from_str(include_str!("../../requirements/lint_rows.toml")).expect("it is TOML");
    let tables = ledger
        .tables
        .iter()
        .flat_map(|(table, count)| (1..=*count).map(move |row| format!("{table}-{row:02}")));
    let quirks = ledger
        .quirks
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |row| format!("{letter}{row}")));
    let named = ledger
        .named
        .iter()
        .flat_map(|(group, names)| names.iter().map(move |name| format!("{group}-{name}")));
    let wanted: BTreeSet<String> = tables.chain(quirks).chain(named).collect();
    let shown: BTreeSet<String> = rows().into_iter().flat_map(|row| row.ids).collect();
    let elsewhere: BTreeSet<String> = ledger.elsewhere.keys().cloned().collect();
    let left_out: Vec<&String> = wanted
        .iter()
        .filter(|row| shown.contains(*row) == elsewhere.contains(*row))
        .collect();
    assert!(
        left_out.is_empty(),
        "in neither place or in both: {left_out:?}"
    );
    let unknown: Vec<&String> = elsewhere.difference(&wanted).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // The tables of what a store does have their own ledger.
    let stray: Vec<&String> = shown
        .difference(&wanted)
        .filter(|row| !row.starts_with("PRC-") && !row.starts_with("GRT-"))
        .collect();
    assert!(stray.is_empty(), "{stray:?}");
    for (row, reason) in &ledger.elsewhere {
        if let Some((_, test)) = reason.split_once("test spec::") {
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("suites/spec/{}.rs", test.replace("::", "/")));
            assert!(file.is_file(), "{row}: {test}");
        }
    }
}
