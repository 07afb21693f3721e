//! # What it does
//! Finds elements without an attribute that they must have.
//!
//! # Why it is bad
//! In developer mode the store stops; in other modes it may stop while it converts the file.
//!
//! # Example
//! `<resource/>` inside `resources`
//!
//! # Use instead
//! `<resource name="Magento_Sales::sales"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "XML006",
    name: "missing-attribute",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("missing_attribute.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("add the attribute"));
    }
}
