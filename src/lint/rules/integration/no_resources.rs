//! # What it does
//! Finds integrations of `integration.xml` without any resource.
//!
//! # Why it is bad
//! The merchant is told `No permissions requested`, and every call is refused but those that need no permission.
//!
//! # Example
//! `<integration name="Acme"><email>…</email></integration>`
//!
//! # Use instead
//! Add `resources`.
//!
//! # Source
//! docs/protocol/acl.md, docs/protocol/admin-panel.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("no_resources.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for integration in context.merged.consolidated.values() {
        if let Some(name) = &integration.name
            && integration.resources.is_empty()
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("`{}` asks for no resource", name.value),
                )
                .help("list the resources that the calls of the app need"),
            );
        }
    }
}
