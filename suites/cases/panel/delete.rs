//! # Deleting an integration
//!
//! A POST with the form key deletes; the grid says so and has no such row. What is not there is told by its id.
//!
//! Source: docs/protocol/flow.md, docs/protocol/admin-panel.md.

use magespec::conformance::{Case, Need};

use super::{UNKNOWN_ID, unknown};

const NEEDS: &[Need] = &[Need::Admin, Need::Callback];
const DELETED: &[&str] = &["panel-delete"];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "panel/delete/gone",
        "a deleted integration is gone from the grid, which says so",
        |lab| {
            let integration = lab.fresh()?;
            lab.row(&integration)?;
            let screen = lab.submit("delete", &[("id", &integration.id)], &[], false)?;
            lab.holds(
                screen.status() == 302 && screen.goes_to_grid(),
                "302 to the grid",
                screen.summary(),
            )?;
            lab.says(&format!(
                "The integration '{}' has been deleted.",
                integration.name
            ))?;
            lab.holds(
                lab.row(&integration).is_err(),
                "no such row",
                "the row is still there",
            )
        },
    )
    .covers(DELETED)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/delete/again",
        "deleting again tells that there is none",
        |lab| {
            let integration = lab.fresh()?;
            lab.submit("delete", &[("id", &integration.id)], &[], false)?;
            lab.grid()?;
            lab.submit("delete", &[("id", &integration.id)], &[], false)?;
            lab.says(&unknown(&integration.id))
        },
    )
    .covers(DELETED)
    .measured()
    .needs(NEEDS),
    Case::profile("panel/delete/unknown", "an unknown id is told", |lab| {
        let screen = lab.submit("delete", &[("id", UNKNOWN_ID)], &[], false)?;
        lab.holds(screen.status() == 302, "302", screen.summary())?;
        lab.says(&unknown(UNKNOWN_ID))
    })
    .covers(DELETED)
    .measured()
    .needs(NEEDS),
    Case::profile(
        "panel/delete/no-id",
        "without an id nothing is deleted",
        |lab| {
            lab.clear_session()?;
            let screen = lab.submit("delete", &[], &[], false)?;
            lab.holds(screen.status() == 302, "302", screen.summary())?;
            lab.says("Integration ID is not specified or is invalid.")
        },
    )
    .covers(DELETED)
    .measured()
    .needs(NEEDS),
    Case::must(
        "panel/delete/name-is-free",
        "a deleted integration's name is free again",
        |lab| {
            let first = lab.fresh()?;
            lab.submit("delete", &[("id", &first.id)], &[], false)?;
            let second = lab.fresh_with(&[("all_resources", "0"), ("name", &first.name)])?;
            lab.holds(second.id != first.id, "another id", second.id.clone())
        },
    )
    .covers(DELETED)
    .derived("source 2.4.7-p3")
    .needs(NEEDS),
];
