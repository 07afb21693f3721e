//! # What it does
//! Finds two folders that declare the same module.
//!
//! # Why it is bad
//! When both are registered the store stops with `Module '…' from '…' has been already defined in '…'.`
//!
//! # Example
//! Two folders with `<module name="Acme_Demo"/>`
//!
//! # Use instead
//! Remove one of them, or rename it.
//!
//! # Source
//! spec config-acl-admin.md §1.3, REG-01.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::module::{Module, Spanned};
use crate::text::Excerpt;

pub(super) static RULE: Rule = Rule {
    code: "MOD011",
    name: "duplicate-module",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_module.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut first: HashMap<&str, (&Module, &Spanned<Excerpt>)> = HashMap::new();
    for module in context.modules() {
        let Some(name) = module.declaration.as_ref().and_then(|found| found.name.as_ref()) else {
            continue;
        };
        match first.entry(&name.value) {
            Entry::Vacant(entry) => {
                entry.insert((module, name));
            }
            Entry::Occupied(entry) => {
                let (other, declared) = entry.get();
                let mut diagnostic = Diagnostic::error(
                    name.source,
                    name.span,
                    format!("`{}` is declared by two folders", name.value),
                )
                .label("second declaration")
                .related(declared.source, declared.span, "first declaration")
                .help("remove one of the folders, or give it a name of its own");
                if let (Some(one), Some(two)) = (module.registered_name(), other.registered_name())
                    && one == two
                {
                    diagnostic = diagnostic.note(format!(
                        "a store says: Module '{one}' from '{}' has been already defined in '{}'.",
                        module.folder, other.folder
                    ));
                }
                findings.add(diagnostic);
            }
        }
    }
}
