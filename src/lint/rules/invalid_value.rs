//! # What it does
//! Finds values of attributes and elements that do not have the form which the schema wants and that no other rule names.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<route … secure="yes">`
//!
//! # Use instead
//! `<route … secure="true">`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "XML008",
    name: "invalid-value",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_value.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("give it the expected form"));
    }
}
