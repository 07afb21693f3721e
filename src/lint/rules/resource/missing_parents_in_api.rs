//! # What it does
//! Finds resources of `api.xml` whose parents are not listed.
//!
//! # Why it is bad
//! The guides ask for every ancestor. A real store adds none here: the resource works when it is granted, but the approval dialog draws a
//! child only below a drawn parent, so the merchant never sees it.
//!
//! # Example
//! `Magento_Sales::reorder` alone
//!
//! # Use instead
//! `Magento_Sales::sales`, `::sales_operation`, `::sales_order`, `::actions`, `::reorder`
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents, docs/protocol/admin-panel.md.

use crate::lint::parents;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_parents_in_api.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    parents::report(
        context,
        findings,
        FileKind::IntegrationApi,
        "hidden in the approval dialog",
        "in `api.xml` a store adds no parents: the resource works but is hidden from the merchant who approves it",
    );
}
