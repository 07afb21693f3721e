//! # What it does
//! Finds values of `setup_version` with anything but digits and dots.
//!
//! # Why it is bad
//! Static tests and editors refuse the file.
//!
//! # Example
//! `setup_version="1.0.0-beta"`
//!
//! # Use instead
//! `setup_version="1.0.0"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "MOD008",
    name: "setup-version-pattern",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("setup_version_pattern.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use digits and dots"));
    }
}
