//! The defects of the reference store: what every record promises, and a sample of the kill matrix.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use magespec::conformance::Ledger;
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

#[test]
fn the_matrix_in_the_documentation_names_every_defect() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/kill-matrix.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let missing: Vec<&str> = defects()
        .map(|defect| defect.id)
        .filter(|id| !page.contains(&format!("`{id}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "run `magespec selftest --format markdown > docs/kill-matrix.md`: it does not name {missing:?}"
    );
    assert!(!page.contains("**missed**"), "a defect was missed");
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
