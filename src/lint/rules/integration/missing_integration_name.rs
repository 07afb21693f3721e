//! # What it does
//! Finds integrations without a name.
//!
//! # Why it is bad
//! In developer mode the store stops; in other modes it stops when it converts the file.
//!
//! # Example
//! `<integration>`
//!
//! # Use instead
//! `<integration name="Acme">`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_integration_name.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations("INT006") {
        findings.add(
            violation
                .note("in default and production mode a store stops as well: Attempt to read property \"nodeValue\" on null")
                .help("add `name`"),
        );
    }
}
