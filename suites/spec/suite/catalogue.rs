//! The catalogue of cases and the ledger of requirements hold together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use magespec::conformance::{Baseline, Catalogue, Evidence, Ledger, Selection};

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
        .chain(CATALOGUE.apps)
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
fn every_case_about_an_app_says_so_in_its_id() {
    let of_apps = CATALOGUE.of_apps().cases();
    assert!(of_apps.len() > 100, "{} cases", of_apps.len());
    let mut seen = BTreeSet::new();
    for case in &of_apps {
        assert!(seen.insert(case.id), "`{}` stands twice", case.id);
        assert!(case.id.starts_with("app/"), "{}", case.id);
        assert_ne!(case.group(), "app", "`{}` names no group", case.id);
    }
    let of_stores = CATALOGUE.cases();
    assert!(!of_stores.iter().any(|case| case.id.starts_with("app/")));
}

#[test]
fn every_title_says_something_of_its_own() {
    let mut seen = BTreeMap::new();
    for case in CATALOGUE.all_cases() {
        if let Some(other) = seen.insert(case.title, case.id) {
            panic!("`{}` and `{other}` have one title: {}", case.id, case.title);
        }
    }
}

#[test]
fn ledger_and_cases_cover_each_other() {
    let ledger = Ledger::parse(CATALOGUE.requirements).expect("the ledgers are TOML");
    let gaps = ledger.gaps(&CATALOGUE.all_cases());
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
}

#[test]
fn every_case_says_where_its_expectation_comes_from_and_has_prose() {
    for case in CATALOGUE.all_cases() {
        assert_ne!(
            case.evidence,
            Evidence::Derived("not stated"),
            "{}",
            case.id
        );
        assert!(case.doc.starts_with("//! # "), "{} has no prose", case.id);
    }
}

#[test]
fn a_released_id_is_a_case_or_leads_to_one() {
    let released: Vec<&str> = include_str!("../../cases/released.txt").lines().collect();
    let cases = CATALOGUE.all_cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id).collect();
    for id in &released {
        assert!(
            ids.contains(id) || CATALOGUE.renamed(id).is_some(),
            "`{id}` was released and is gone: give suites/cases/renamed.rs the id that says the same today"
        );
    }
    for (old, new) in CATALOGUE.renamed {
        assert!(released.contains(old), "`{old}` was never released");
        assert!(!ids.contains(old), "`{old}` is still a case");
        assert!(
            ids.contains(new),
            "`{old}` leads to `{new}`, which is no case"
        );
    }
    let new: Vec<&str> = ids
        .into_iter()
        .filter(|id| !released.contains(id))
        .collect();
    assert!(
        new.is_empty(),
        "add to suites/cases/released.txt:\n{}",
        new.join("\n")
    );
    assert!(released.is_sorted(), "suites/cases/released.txt is sorted");
}

#[test]
fn a_renamed_id_is_followed_where_ids_are_given() {
    let catalogue = Catalogue {
        renamed: &[("old/name", "handshake/request-token")],
        ..CATALOGUE
    };
    let mut selection = Selection {
        only: vec!["old/name".to_owned()],
        failed: Some(vec!["old/name".to_owned()]),
        ..Selection::default()
    };
    let notes = selection.follow(&catalogue);
    assert_eq!(
        notes,
        vec!["the case `old/name` is now `handshake/request-token`"; 2]
    );
    let chosen = selection
        .choose(&catalogue.cases())
        .expect("the id is followed");
    assert_eq!(chosen[0].id, "handshake/request-token");
    assert_eq!(chosen.len(), 1);
    let text = "[[known]]\ncase = \"old/name\"\nreason = \"r\"\n";
    let baseline = Baseline::parse(text, &catalogue).expect("the id is followed");
    assert_eq!(baseline.known[0].case, "handshake/request-token");
}

/// The catalogue that the cases were planned from.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    tables: BTreeMap<String, Table>,
    elsewhere: BTreeMap<String, String>,
    cases: BTreeMap<String, Vec<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rows: usize,
    about: String,
}

#[test]
fn every_row_of_the_catalogues_has_a_case_or_a_reason() {
    let rows: Rows = toml::from_str(include_str!("../../requirements/rows.toml")).expect("TOML");
    let mut known = BTreeSet::new();
    for (table, Table { rows, about }) in &rows.tables {
        assert!(!about.is_empty(), "{table} is about nothing");
        known.extend((1..=*rows).map(|number| format!("{table}-{number:02}")));
    }
    let cases = CATALOGUE.cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id).collect();
    let named: BTreeSet<String> = rows.cases.keys().cloned().collect();
    for (row, shown) in &rows.cases {
        assert!(known.contains(row), "`{row}` is no row of a catalogue");
        assert!(!shown.is_empty(), "`{row}` is shown by no case");
        for id in shown {
            assert!(
                ids.contains(id.as_str()),
                "`{row}` names `{id}`, which is not a case"
            );
        }
    }
    let missing: Vec<&String> = known
        .iter()
        .filter(|row| !named.contains(*row) && !rows.elsewhere.contains_key(*row))
        .collect();
    assert!(missing.is_empty(), "neither case nor reason: {missing:?}");
    for (row, reason) in &rows.elsewhere {
        assert!(known.contains(row), "`{row}` is no row of a catalogue");
        assert!(
            !named.contains(row),
            "a case names `{row}`, so that it needs no reason"
        );
        let test = reason.split("test spec::").nth(1);
        if let Some(module) = test {
            let file = format!("suites/spec/{}.rs", module.replace("::", "/"));
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
            assert!(path.exists(), "`{row}` names {file}, which is not there");
        }
    }
}
