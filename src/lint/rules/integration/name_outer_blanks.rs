//! # What it does
//! Finds integration names with blanks at either end.
//!
//! # Why it is bad
//! Files are joined byte by byte, the database ignores trailing blanks: such a name meets its twin in one place and misses it in another.
//!
//! # Example
//! `<integration name="Acme ">`
//!
//! # Use instead
//! `<integration name="Acme">`
//!
//! # Source
//! docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::fix::escaped;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("name_outer_blanks.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if name.value != name.value.trim() {
            findings.add_with(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("the name `{}` has blanks around it", name.value),
                )
                .help("remove them, in every file that has the name"),
                Fix::replace(name.source, name.span, escaped(name.value.trim())).widening(),
            );
        }
    }
}
