//! # What it does
//! Finds routes that stand twice in one file.
//!
//! # Why it is bad
//! Merged on top of the core's routes, the second is merged into the first: its service wins, and the resources of both are required.
//!
//! # Example
//! `GET /V1/acme/feeds` twice
//!
//! # Use instead
//! Declare each route once.
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml, docs/protocol/merging.md#how-two-files-become-one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, SourceId};
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Spanned;
use crate::text::Excerpt;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_route.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<(SourceId, &str, &str), &Spanned<Excerpt>> = HashMap::new();
    for route in context.routes() {
        let (Some(url), Some(method)) = (&route.url, &route.method) else {
            continue;
        };
        match first.entry((url.source, &method.value, &url.value)) {
            Entry::Vacant(entry) => {
                entry.insert(url);
            }
            Entry::Occupied(entry) => findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{} {}` is declared twice", method.value, url.value),
                )
                .label("second declaration")
                .related(entry.get().source, entry.get().span, "first declaration")
                .help("join them"),
            ),
        }
    }
}
