//! # What it does
//! Finds resource names that differ from a known one only in case.
//!
//! # Why it is bad
//! Ids are compared byte by byte: it is unknown and dropped silently.
//!
//! # Example
//! `<resource name="magento_sales::sales"/>`
//!
//! # Use instead
//! `<resource name="Magento_Sales::sales"/>`
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::meant;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("resource_case.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        if context.is_known(id) {
            continue;
        }
        if let Some(meant) = meant(context.spellings(), id).filter(|meant| meant.eq_ignore_ascii_case(id)) {
            findings.add_with(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` differs from `{meant}` in case and matches no resource"),
                )
                .label("dropped silently")
                .help(format!("write `{meant}`")),
                Fix::replace(resource.source, resource.span, meant.to_owned()).widening(),
            );
        }
    }
}
