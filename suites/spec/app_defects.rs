//! The defects of the reference app: what every record promises, and that the command line takes them.

use std::collections::BTreeSet;

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
