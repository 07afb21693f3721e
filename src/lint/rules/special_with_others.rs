//! # What it does
//! Finds `anonymous` and `self` beside other resources.
//!
//! # Why it is bad
//! All of them are required: `anonymous` adds nothing, and `self` is granted only to customers, who are granted nothing else.
//!
//! # Example
//! `<resource ref="self"/><resource ref="Magento_Sales::sales"/>`
//!
//! # Use instead
//! One or the other
//!
//! # Source
//! spec config-acl-admin.md §3.3.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) static RULE: Rule = Rule {
    code: "WEB008",
    name: "special-with-others",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("special_with_others.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        for resource in &route.resources {
            let id = resource.value.as_str();
            if route.resources.len() > 1 && matches!(id, "anonymous" | "self") {
                findings.add(
                    Diagnostic::error(
                        resource.source,
                        resource.span,
                        format!("`{id}` stands beside other resources, all of which are required"),
                    )
                    .help("keep one or the other"),
                );
            }
        }
    }
}
