//! # An id that is no integration's
//!
//! Form and permissions dialog ask for an id; tokens dialog and exchange repeat whatever came as one. Each goes back to the grid, which
//! shows the sentence.
//!
//! Source: docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#routes.

use magespec::conformance::{Case, Lab, Need, Outcome};

use super::{UNKNOWN_ID, unknown};

const INVALID: &str = "Integration ID is not specified or is invalid.";

fn back_to_grid(lab: &Lab<'_>, action: &str, id: &str, sentence: &str) -> Outcome {
    let parameters: &[(&str, &str)] = if id.is_empty() { &[] } else { &[("id", id)] };
    lab.clear_session()?;
    let screen = lab.script(action, parameters)?;
    lab.holds(
        screen.status() == 200 && screen.goes_to_grid(),
        "200 with `_redirect` to the grid",
        screen.summary(),
    )?;
    lab.says(sentence)
}

macro_rules! ids {
    ($($name:literal, $action:literal $what:literal, $id:expr, $sentence:expr;)+) => {
        &[$(
            Case::profile(concat!("panel/id/", $name), concat!($action, " ", $what, " goes back to the grid"), |lab| {
                back_to_grid(lab, $action, $id, &$sentence)
            })
            .covers(&["panel-ids"])
            .measured()
            .needs(&[Need::Admin])
        ),+]
    };
}

pub(super) const CASES: &[Case] = ids! {
    "edit/none", "edit" "without an id", "", INVALID;
    "edit/zero", "edit" "with the id 0", "0", INVALID;
    "edit/letters", "edit" "with letters for an id", "abc", INVALID;
    "edit/unknown", "edit" "with an id that is nobody's", UNKNOWN_ID, unknown(UNKNOWN_ID);
    "permissions-dialog/none", "permissionsDialog" "without an id", "", INVALID;
    "permissions-dialog/zero", "permissionsDialog" "with the id 0", "0", INVALID;
    "permissions-dialog/letters", "permissionsDialog" "with letters for an id", "abc", INVALID;
    "permissions-dialog/unknown", "permissionsDialog" "with an id that is nobody's", UNKNOWN_ID, unknown(UNKNOWN_ID);
    "tokens-dialog/none", "tokensDialog" "without an id", "", unknown("");
    "tokens-dialog/zero", "tokensDialog" "with the id 0", "0", unknown("0");
    "tokens-dialog/letters", "tokensDialog" "with letters for an id", "abc", unknown("abc");
    "tokens-dialog/unknown", "tokensDialog" "with an id that is nobody's", UNKNOWN_ID, unknown(UNKNOWN_ID);
    "tokens-exchange/none", "tokensExchange" "without an id", "", unknown("");
    "tokens-exchange/zero", "tokensExchange" "with the id 0", "0", unknown("0");
    "tokens-exchange/letters", "tokensExchange" "with letters for an id", "abc", unknown("abc");
    "tokens-exchange/unknown", "tokensExchange" "with an id that is nobody's", UNKNOWN_ID, unknown(UNKNOWN_ID);
};
