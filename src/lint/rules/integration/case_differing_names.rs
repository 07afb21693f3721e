//! # What it does
//! Finds integrations whose names differ only in case or in trailing blanks.
//!
//! # Why it is bad
//! The files keep them apart, the database does not: setup stops with `The integration with name "…" exists.`
//!
//! # Example
//! `Acme` in one file, `ACME` in another
//!
//! # Use instead
//! One spelling everywhere.
//!
//! # Source
//! docs/protocol/config-integrations.md.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Spanned;
use crate::text::Excerpt;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("case_differing_names.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for names in [&context.merged.consolidated, &context.merged.config] {
        let mut first: HashMap<String, &Spanned<Excerpt>> = HashMap::new();
        for name in names.values().filter_map(|found| found.name.as_ref()) {
            let folded = name.value.trim_end_matches(' ').to_lowercase();
            match first.entry(folded) {
                Entry::Vacant(entry) => {
                    entry.insert(name);
                }
                Entry::Occupied(entry) => findings.add(
                    Diagnostic::finding(
                        name.source,
                        name.span,
                        format!(
                            "`{}` and `{}` are one name to the database",
                            name.value,
                            entry.get().value
                        ),
                    )
                    .related(entry.get().source, entry.get().span, "the other one")
                    .help("use one spelling, or names that differ in letters"),
                ),
            }
        }
    }
}
