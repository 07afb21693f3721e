//! # What it does
//! Finds integration names with `'` or `]`.
//!
//! # Why it is bad
//! As soon as a second module has a file of the same kind, `'` makes merging stop with `Invalid predicate`, and `]` makes one list replace
//! another.
//!
//! # Example
//! `<integration name="Bob's app">`
//!
//! # Use instead
//! `<integration name="Bobs app">`
//!
//! # Source
//! docs/protocol/merging.md#how-two-files-become-one.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unsafe_name.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if let Some(letter) = name
            .value
            .chars()
            .find(|letter| matches!(letter, '\'' | ']'))
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!(
                        "the name `{}` holds `{letter}`, which breaks merging",
                        name.value
                    ),
                )
                .help("use letters, digits, blanks and hyphens"),
            );
        }
    }
}
