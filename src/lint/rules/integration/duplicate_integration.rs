//! # What it does
//! Finds names that stand twice in one file.
//!
//! # Why it is bad
//! The last one wins completely and the first is lost; once another module names it too, merging stops with `More than one node matching
//! the query`.
//!
//! # Example
//! `<integration name="Acme">` twice
//!
//! # Use instead
//! One `integration` per name.
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationxml, docs/protocol/merging.md#how-two-files-become-one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, SourceId};
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Spanned;
use crate::text::Excerpt;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_integration.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<(SourceId, &str), &Spanned<Excerpt>> = HashMap::new();
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        match first.entry((name.source, &name.value)) {
            Entry::Vacant(entry) => {
                entry.insert(name);
            }
            Entry::Occupied(entry) => findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("`{}` is declared twice in this file", name.value),
                )
                .label("this one wins")
                .related(entry.get().source, entry.get().span, "this one is lost")
                .help("join them"),
            ),
        }
    }
}
