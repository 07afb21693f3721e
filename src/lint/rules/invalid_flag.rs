//! # What it does
//! Finds values of `sortOrder` that are no whole number, and of `disabled` that are neither true nor false.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `sortOrder="1.5"`
//!
//! # Use instead
//! `sortOrder="15"`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "ACL006",
    name: "invalid-flag",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_flag.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use a whole number for `sortOrder`, `true` or `false` for `disabled`"));
    }
}
