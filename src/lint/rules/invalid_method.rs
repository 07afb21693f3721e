//! # What it does
//! Finds routes with another method than GET, PUT, POST and DELETE in upper case.
//!
//! # Why it is bad
//! In developer mode the store stops; PATCH does not exist here.
//!
//! # Example
//! `<route url="/V1/acme/feeds" method="PATCH">`
//!
//! # Use instead
//! `<route url="/V1/acme/feeds" method="PUT">`
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "WEB004",
    name: "invalid-method",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("invalid_method.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("use one of GET, PUT, POST and DELETE"));
    }
}
