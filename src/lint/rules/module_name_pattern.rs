//! # What it does
//! Finds module names in `module.xml` that do not have the form `Vendor_Module`.
//!
//! # Why it is bad
//! A store loads the module all the same, but static tests and editors refuse the file, and ids of ACL resources cannot be formed from the
//! name.
//!
//! # Example
//! `<module name="acme_demo"/>`
//!
//! # Use instead
//! `<module name="Acme_Demo"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "MOD002",
    name: "module-name-pattern",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("module_name_pattern.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use two parts of letters and digits, each capitalised and at least two characters long, joined by one underscore"));
    }
}
