//! The catalogue of cases and the ledger of requirements hold together.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use magespec::conformance::{Evidence, Ledger};

use crate::cases::CATALOGUE;

#[test]
fn every_file_of_a_folder_of_cases_is_registered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/cases");
    let mut on_disk = BTreeSet::new();
    for group in fs::read_dir(&folder)
        .expect("the cases can be listed")
        .flatten()
    {
        if !group.path().is_dir() {
            continue;
        }
        let name = group.file_name().to_string_lossy().replace('_', "-");
        for file in fs::read_dir(group.path())
            .expect("a folder can be listed")
            .flatten()
        {
            let file = file.file_name().to_string_lossy().into_owned();
            if file != "mod.rs" {
                on_disk.insert(format!("{name}/{file}"));
            }
        }
    }
    let registered: BTreeSet<String> = CATALOGUE
        .groups
        .iter()
        .flat_map(|group| {
            group
                .files
                .iter()
                .map(|(file, _, _)| format!("{}/{file}", group.name))
        })
        .collect();
    assert_eq!(on_disk, registered);
}

#[test]
fn every_id_is_unique_and_begins_with_its_group() {
    let mut seen = BTreeSet::new();
    for group in CATALOGUE.groups {
        for case in group.files.iter().flat_map(|(_, cases, _)| *cases) {
            assert!(seen.insert(case.id), "`{}` stands twice", case.id);
            assert_eq!(
                case.group(),
                group.name,
                "`{}` is in the wrong folder",
                case.id
            );
            let plain = |letter: char| {
                letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-/".contains(letter)
            };
            assert!(case.id.chars().all(plain), "`{}` is no kebab-case", case.id);
        }
    }
}

#[test]
fn ledger_and_cases_cover_each_other() {
    let ledger = Ledger::parse(CATALOGUE.requirements).expect("the ledgers are TOML");
    let gaps = ledger.gaps(&CATALOGUE.cases());
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

#[test]
fn every_case_says_where_its_expectation_comes_from_and_has_prose() {
    for case in CATALOGUE.cases() {
        assert_ne!(
            case.evidence,
            Evidence::Derived("not stated"),
            "{}",
            case.id
        );
        assert!(case.doc.starts_with("//! # "), "{} has no prose", case.id);
    }
}
