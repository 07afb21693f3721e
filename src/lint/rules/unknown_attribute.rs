//! # What it does
//! Finds attributes that the schema does not know; an `xsi:` attribute counts when its prefix is not declared.
//!
//! # Why it is bad
//! In developer mode the store stops (for `module.xml`, editors and static tests complain).
//!
//! # Example
//! `<resource id="Acme_Demo::a" title="Demo" module="Acme_Demo"/>`
//!
//! # Use instead
//! Leave the attribute out.
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated, docs/protocol/module-files.md#etcaclxml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "XML005",
    name: "unknown-attribute",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("unknown_attribute.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("remove the attribute"));
    }
}
