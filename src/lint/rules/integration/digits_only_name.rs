//! # What it does
//! Finds integration names of digits only.
//!
//! # Why it is bad
//! PHP turns such a key into a number, the maps are joined by position, and creation fails with `Undefined array key`.
//!
//! # Example
//! `<integration name="42">`
//!
//! # Use instead
//! `<integration name="Acme 42">`
//!
//! # Source
//! docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("digits_only_name.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if !name.value.is_empty() && name.value.bytes().all(|byte| byte.is_ascii_digit()) {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!(
                        "the name `{}` has only digits, so its entry gets lost",
                        name.value
                    ),
                )
                .help("add a letter"),
            );
        }
    }
}
