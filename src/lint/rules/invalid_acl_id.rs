//! # What it does
//! Finds ids of `acl.xml` that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resource id="acme::feeds" …/>`
//!
//! # Use instead
//! `<resource id="Acme_Demo::feeds" …/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "ACL001",
    name: "invalid-acl-id",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_acl_id.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use the form `Vendor_Module::name`, with letters, digits and `_` behind the colons"));
    }
}
