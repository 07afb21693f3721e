//! # Each action of the panel has its method
//!
//! Pages and dialogs are read with GET, saves and deletions are POSTed; the other method finds nothing, and nothing is done.
//!
//! Source: docs/protocol/admin-panel.md#keys, docs/protocol/admin-panel.md#routes.

use magespec::conformance::{Case, Lab, Need, Outcome};

fn not_found(lab: &Lab<'_>, method: &str, action: &str) -> Outcome {
    let integration = lab.untouched()?;
    let parameters = [("id", integration.id.as_str()), ("reauthorize", "0")];
    let screen = if method == "POST" {
        lab.submit(action, &parameters, &[], false)?
    } else {
        lab.page(action, &parameters)?
    };
    lab.row(&integration)?;
    let status = lab.status(&integration)?;
    lab.holds(
        screen.status() == 404
            && status == "Inactive"
            && lab.listener()?.count(&integration.name) == 0,
        "404, and nothing was done",
        format!("{}; the integration is {status}", screen.summary()),
    )
}

macro_rules! methods {
    ($($name:literal, $method:literal, $action:literal;)+) => {
        &[$(
            Case::security(concat!("panel/method/", $name), concat!($method, " of ", $action, " is 404"), |lab| not_found(lab, $method, $action))
                .covers(&["panel-methods"])
                .measured()
                .needs(&[Need::Admin, Need::Callback])
        ),+]
    };
}

pub(super) const CASES: &[Case] = methods! {
    "get-save", "GET", "save";
    "get-delete", "GET", "delete";
    "post-index", "POST", "index";
    "post-new", "POST", "new";
    "post-edit", "POST", "edit";
    "post-permissions-dialog", "POST", "permissionsDialog";
    "post-tokens-dialog", "POST", "tokensDialog";
    "post-tokens-exchange", "POST", "tokensExchange";
};
