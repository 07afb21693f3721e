//! # What it does
//! Finds routes without service or without resources.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<route …><service …/></route>`
//!
//! # Use instead
//! `<route …><service …/><resources>…</resources></route>`
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "WEB006",
    name: "incomplete-route",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("incomplete_route.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("add it: every route has a service and at least one resource"));
    }
}
