//! # What it does
//! Finds URLs that the schema refuses: no URI reference, or fewer than four characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<endpoint_url>http://[</endpoint_url>`
//!
//! # Use instead
//! `<endpoint_url>https://acme-demo.com/callback</endpoint_url>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "URL005",
    name: "invalid-url",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_url.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("give an absolute `https://` URL"));
    }
}
