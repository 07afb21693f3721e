//! # What it does
//! Finds `resources` in `etc/integration/config.xml`.
//!
//! # Why it is bad
//! That file holds contact data only: in developer mode the store stops, in other modes the list is ignored.
//!
//! # Example
//! `<integration name="Acme"><resources>…` in `config.xml`
//!
//! # Use instead
//! The list in `etc/integration/api.xml`, or everything in `etc/integration.xml`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;

pub(super) static RULE: Rule = Rule {
    code: "INT003",
    name: "resources-in-config",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("resources_in_config.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        findings.add(violation.help("move `resources` to `etc/integration/api.xml`, or the whole integration to `etc/integration.xml`"));
    }
}
