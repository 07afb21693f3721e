//! # What it does
//! Finds resource names with white space at either end.
//!
//! # Why it is bad
//! They pass the pattern and match no resource: they are dropped silently.
//!
//! # Example
//! `<resource name=" Magento_Sales::sales"/>`
//!
//! # Use instead
//! `<resource name="Magento_Sales::sales"/>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::fix::escaped;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("resource_outer_blanks.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        let trimmed = id.trim();
        if trimmed != id && !trimmed.is_empty() {
            findings.add_with(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` has white space around it and matches no resource"),
                )
                .label("dropped silently")
                .help("remove the white space"),
                Fix::replace(resource.source, resource.span, escaped(trimmed)).widening(),
            );
        }
    }
}
