//! # What it does
//! Finds integration names of fewer than two characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<integration name="A">`
//!
//! # Use instead
//! `<integration name="Acme">`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "INT007",
    name: "name-too-short",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("name_too_short.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use two characters or more"));
    }
}
