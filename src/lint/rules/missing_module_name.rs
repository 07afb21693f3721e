//! # What it does
//! Finds `module` elements without a name.
//!
//! # Why it is bad
//! The store stops with `Attribute "name" is required for module node.`
//!
//! # Example
//! `<module/>`
//!
//! # Use instead
//! `<module name="Acme_Demo"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "MOD003",
    name: "missing-module-name",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("missing_module_name.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("add `name`"));
    }
}
