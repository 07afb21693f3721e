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
//! spec config-acl-admin.md §3.4, §9.1 Q4.

use super::{Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::parents::orphans;
use crate::module::FileKind;

pub(super) static RULE: Rule = Rule {
    code: "RES005",
    name: "missing-parents-in-integration",
    severity: Severity::Note,
    versions: "2.1–2.4.7",
    source: include_str!("missing_parents_in_integration.rs"),
    check,
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.lists().filter(|declared| declared.kind == FileKind::Consolidated) {
        for orphan in orphans(context, declared) {
            let parents = orphan.missing_list();
            let mut diagnostic = Diagnostic::error(
                orphan.resource.source,
                orphan.resource.span,
                format!("`{}` is listed without {parents}", orphan.resource.value),
            )
            .label("its parents are granted as well")
            .note(
                "in `integration.xml` a store adds the parents by itself",
            )
            .help("list its parents as well");
            diagnostic.notes.push("the guides ask for every ancestor".to_owned());
            match orphan.fix {
                Some(fix) => findings.add_with(diagnostic, fix),
                None => findings.add(diagnostic),
            }
        }
    }
}
