//! The defects of the reference app: what every record promises, and that the command line takes them.

use std::collections::BTreeSet;
use std::process::Command;

use magespec::app::{Defect, defects};

#[test]
fn every_defect_of_the_app_has_an_id_of_its_own_and_names_a_case() {
    let mut seen = BTreeSet::new();
    for defect in defects() {
        let id = defect.id;
        assert!(seen.insert(id), "`{id}` stands twice");
        assert!(id.starts_with("app/"), "{id}");
        assert!(defect.case.starts_with("app/"), "{id}: {}", defect.case);
        assert!(defect.page().contains(defect.statement), "{id}");
    }
    assert!(seen.len() >= 50, "{} defects", seen.len());
}

#[test]
fn a_slip_in_a_defect_of_the_app_is_forgiven() {
    let slip = Defect::parse("nonce-constnat").expect_err("no such defect");
    assert!(
        slip.to_string()
            .contains("did you mean `app/nonce-constant`?"),
        "{slip}"
    );
}

#[test]
fn a_sample_of_the_apps_defects_is_caught_by_the_cases_that_name_them() {
    // All of them are tried by `magespec selftest`.
    let sample: Vec<&str> = defects().map(|defect| defect.id).step_by(6).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args(["selftest", "--jobs", "12", "--defect", &sample.join(",")])
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    let caught = format!("{0} of {0} defects were caught", sample.len());
    assert!(text.contains(&caught), "{text}");
}
