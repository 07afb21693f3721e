//! # What it does
//! Finds ids that stand twice in the merged tree: in one file, or under two parents.
//!
//! # Why it is bad
//! In developer mode the store stops; in other modes every permission check fails with `Resource id '…' already exists in the ACL`.
//!
//! # Example
//! `Acme_Demo::feeds` under two parents
//!
//! # Use instead
//! Declare each id once.
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml, docs/protocol/acl.md#the-tree.

use crate::acl::baseline;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_resource_id.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations("ACL002") {
        let id = context.text(violation.source, violation.span);
        let mut diagnostic = violation
            .help("give it an id of its own, or declare it under the parent that it has already");
        diagnostic.message = format!("`{id}` is declared twice").into();
        for (other, parent) in context.declarations_of(id) {
            if (other.source, other.span) == (diagnostic.source, diagnostic.span) {
                continue;
            }
            let below = parent.map_or("at the top".to_owned(), |parent| format!("below {parent}"));
            let label = format!("the other declaration, {below}");
            diagnostic = diagnostic.related(other.source, other.span, label);
        }
        if diagnostic.related.is_empty()
            && let Some(parent) = baseline(context.target).parent(id)
        {
            diagnostic = diagnostic.note(format!("the core declares it below `{parent}`"));
        }
        findings.add(diagnostic);
    }
}
