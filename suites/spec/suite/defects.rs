//! The defects of the reference store: what every record promises, and a sample of the kill matrix.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use magespec::conformance::{Ledger, Level};
use magespec::store::{Defect, defects};

use crate::cases::CATALOGUE;

/// One of how many defects is tried here; all of them by `magespec selftest`.
const SAMPLE: usize = 16;

#[test]
fn every_defect_names_a_case_a_requirement_and_what_the_report_shows() {
    let cases = CATALOGUE.cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id).collect();
    let ledger = Ledger::parse(CATALOGUE.requirements).expect("the ledgers are TOML");
    let mut seen = BTreeSet::new();
    for defect in defects() {
        let id = defect.id;
        assert!(seen.insert(id), "`{id}` stands twice");
        assert!(id.starts_with("store/"), "{id}");
        assert!(
            ids.contains(defect.case),
            "`{id}` names the case `{}`, which does not exist",
            defect.case
        );
        assert!(
            ledger.find(defect.breaks).is_some(),
            "`{id}` breaks `{}`, which is no requirement",
            defect.breaks
        );
        assert!(
            !defect.expected.is_empty() && !defect.actual.is_empty(),
            "`{id}` does not say what the report shows"
        );
        if let Some(thread) = defect.thread {
            assert!(thread.starts_with("https://"), "{id}: {thread}");
        }
    }
    assert!(seen.len() >= 120, "{} defects", seen.len());
}

#[test]
fn a_defect_is_found_by_its_id_with_and_without_the_peer_and_a_slip_is_forgiven() {
    let found = Defect::find("store/nonce-not-remembered").expect("it is there");
    assert_eq!(Defect::find("nonce-not-remembered"), Some(found));
    let slip = Defect::parse("store/nonce-not-rememberd").expect_err("no such defect");
    assert!(
        slip.to_string()
            .contains("did you mean `store/nonce-not-remembered`?"),
        "{slip}"
    );
    assert!(found.page().contains("replay/nonce/same-request"));
}

fn matrix() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/kill-matrix.md");
    fs::read_to_string(page).expect("the page is there")
}

#[test]
fn the_matrix_in_the_documentation_names_every_defect() {
    let page = matrix();
    let store = defects().map(|defect| defect.id);
    let missing: Vec<&str> = store
        .chain(magespec::app::defects().map(|defect| defect.id))
        .filter(|id| !page.contains(&format!("`{id}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "run `magespec selftest --whole --format markdown > docs/kill-matrix.md`: it does not name {missing:?}"
    );
    assert!(!page.contains("**missed**"), "a defect was missed");
}

#[test]
fn every_case_that_demands_something_catches_a_defect_or_says_why_not() {
    let page = matrix();
    let (_, law) = page
        .split_once("## What each MUST and SECURITY case catches")
        .expect("the matrix is a whole one");
    let profile = <&magespec::oauth::Profile>::default();
    for case in CATALOGUE.cases() {
        let binds = matches!(case.level, Level::Must | Level::Security);
        if !binds || case.outside(profile).is_some() {
            continue;
        }
        let id = case.id;
        let catches = law.contains(&format!("| `{id}` | `store/"));
        let excused = case.excuse().map(|reason| format!("| `{id}` | {reason} |"));
        assert!(
            catches || excused.is_some_and(|row| law.contains(&row)),
            "`{id}` catches no defect: add one, or say with `catches_nothing` why there is none, and run `magespec selftest --whole --format markdown > docs/kill-matrix.md`"
        );
        assert!(
            !(catches && case.catches_nothing.is_some()),
            "`{id}` catches a defect: take its `catches_nothing` away"
        );
    }
}

#[test]
fn a_sample_of_defects_is_caught_by_the_cases_that_name_them() {
    // Those that wait for time-outs are for the whole matrix.
    let quick = defects().filter(|defect| !defect.case.contains("time-out"));
    let sample: Vec<&str> = quick.map(|defect| defect.id).step_by(SAMPLE).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["selftest", "--defect", &sample.join(",")])
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let caught = format!("{0} of {0} defects were caught", sample.len());
    assert!(text.contains(&caught), "{text}");
}
