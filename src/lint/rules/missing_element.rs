//! # What it does
//! Finds elements that leave out a child which the schema wants.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resources/>` without a `resource`
//!
//! # Use instead
//! `<resources><resource name="Magento_Sales::sales"/></resources>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "XML004",
    name: "missing-element",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("missing_element.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("add the element"));
    }
}
