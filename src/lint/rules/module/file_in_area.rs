//! # What it does
//! Finds files of a module below an area, such as `etc/adminhtml/integration.xml`.
//!
//! # Why it is bad
//! A store reads these files from `etc` alone: what stands in a copy below an area counts for nothing.
//!
//! # Example
//! `etc/adminhtml/integration.xml`
//!
//! # Use instead
//! `etc/integration.xml`
//!
//! # Source
//! docs/protocol/module-files.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::text::Span;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("file_in_area.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for (kind, source) in &module.misplaced {
            findings.add(
                Diagnostic::finding(
                    *source,
                    Span::new(0, 0),
                    format!("no store reads this file: it looks for `{kind}` only"),
                )
                .help(format!("move what it says to `{kind}`")),
            );
        }
    }
}
