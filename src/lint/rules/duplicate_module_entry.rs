//! # What it does
//! Finds names that stand twice in `module.xml`, among its modules or in one sequence.
//!
//! # Why it is bad
//! Static tests and editors refuse the file; a store takes the first module and ignores the repetition.
//!
//! # Example
//! `<sequence><module name="Magento_Sales"/><module name="Magento_Sales"/></sequence>`
//!
//! # Use instead
//! Name each module once.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "MOD005",
    name: "duplicate-module-entry",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_module_entry.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("remove the second one"));
    }
}
