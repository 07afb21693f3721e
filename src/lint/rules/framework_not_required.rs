//! # What it does
//! Finds packages that do not require `magento/framework`.
//!
//! # Why it is bad
//! Composer then installs the package into any release; Magento's static test refuses it.
//!
//! # Example
//! `"require": {"php": ">=8.1"}`
//!
//! # Use instead
//! `"require": {"php": ">=8.1", "magento/framework": "*"}`
//!
//! # Source
//! spec config-acl-admin.md §1.4, CMP-06.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};

pub(super) static RULE: Rule = Rule {
    code: "CMP006",
    name: "framework-not-required",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("framework_not_required.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if package.lacks("magento/framework") {
            findings.add(
                Diagnostic::error(
                    *source,
                    package.require_span.unwrap_or(package.start),
                    "the package does not require `magento/framework`",
                )
                .help("add `magento/framework` to `require`"),
            );
        }
    }
}
