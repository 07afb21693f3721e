//! # What it does
//! Finds e-mail addresses that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops. White space counts: a line break after the address is enough.
//!
//! # Example
//! `<email></email>`
//!
//! # Use instead
//! `<email>it@acme-demo.com</email>`
//!
//! # Source
//! docs/protocol/module-files.md.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "INT005",
    name: "invalid-email",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_email.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("give an address with `@` and a dot behind it, without white space around it"));
    }
}
