//! # What it does
//! Finds `module` elements directly inside the `module` of `module.xml`.
//!
//! # Why it is bad
//! Only a `sequence` is read: the modules named outside it are no dependencies, and the load order does not respect them.
//!
//! # Example
//! `<module name="Acme_Demo"><module name="Magento_Sales"/></module>`
//!
//! # Use instead
//! `<module name="Acme_Demo"><sequence><module name="Magento_Sales"/></sequence></module>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "MOD004",
    name: "module-outside-sequence",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("module_outside_sequence.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("wrap them in `sequence`"));
    }
}
