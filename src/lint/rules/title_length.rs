//! # What it does
//! Finds titles of fewer than 3 or more than 50 characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `title="X"`
//!
//! # Use instead
//! `title="Feeds"`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "ACL004",
    name: "title-length",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("title_length.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use 3 to 50 characters"));
    }
}
