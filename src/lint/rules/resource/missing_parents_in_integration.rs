//! # What it does
//! Finds resources of `integration.xml` whose parents are not listed.
//!
//! # Why it is bad
//! The guides ask for every ancestor. A real store adds them by itself when it reads this file, so nothing breaks; who reads the file does
//! not see what is granted.
//!
//! # Example
//! `Magento_Sales::reorder` alone
//!
//! # Use instead
//! `Magento_Sales::sales`, `::sales_operation`, `::sales_order`, `::actions`, `::reorder`
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::lint::parents;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.1–2.4.7",
    source: include_str!("missing_parents_in_integration.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    parents::report(
        context,
        findings,
        FileKind::Consolidated,
        "its parents are granted as well",
        "in `integration.xml` a store adds the parents by itself",
    );
}
