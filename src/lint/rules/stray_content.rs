//! # What it does
//! Finds text between elements, and elements inside plain values.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<config>hello<integration …>`
//!
//! # Use instead
//! Remove the text, or make it a comment.
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "XML007",
    name: "stray-content",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("stray_content.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("remove it, or make it a comment"));
    }
}
