//! # What it does
//! Finds resource names that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resource name="customer_manage"/>`
//!
//! # Use instead
//! `<resource name="Magento_Customer::manage"/>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "RES009",
    name: "invalid-resource-name",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_resource_name.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use the form `Vendor_Module::name`"));
    }
}
