//! # What it does
//! Finds `secure="false"` on routes.
//!
//! # Why it is bad
//! Any value but an empty one and `0` makes the route HTTPS only: this one does the opposite of what it says.
//!
//! # Example
//! `<route … secure="false">`
//!
//! # Use instead
//! Leave the attribute out, or write `0`.
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("secure_false.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        if let Some(secure) = &route.secure
            && secure.value.eq_ignore_ascii_case("false")
        {
            findings.add(
                Diagnostic::finding(
                    secure.source,
                    secure.span,
                    format!("`secure=\"{}\"` makes the route HTTPS only", secure.value),
                )
                .help("remove the attribute, or write `0`"),
            );
        }
    }
}
