//! # What it does
//! Finds integration files that begin with `integration`.
//!
//! # Why it is bad
//! Some guides show the file so. In developer mode the store stops; in other modes it works until a second module brings an
//! `integration.xml`, and then merging stops.
//!
//! # Example
//! `<integration name="Acme">…</integration>`
//!
//! # Use instead
//! `<config><integration name="Acme">…</integration></config>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationxml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "INT002",
    name: "bare-integration-root",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("bare_integration_root.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("wrap it in the root element of the file"));
    }
}
