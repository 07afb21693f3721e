//! # What it does
//! With `--calls`: finds listed resources that none of the app's calls needs and that are no parent of one that is needed.
//!
//! # Why it is bad
//! The merchant is asked for more than the app uses.
//!
//! # Example
//! `Magento_Sales::cancel`, and no call of `POST /V1/orders/:id/cancel`
//!
//! # Use instead
//! Leave it out.
//!
//! # Source
//! docs/protocol/acl.md, docs/protocol/rest.md.

use std::collections::HashSet;

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("not_needed_by_calls.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(needed) = context.needed() else {
        return;
    };
    let wanted: HashSet<ResourceId> = needed
        .iter()
        .flat_map(|id| {
            let own = ResourceId::from(id.as_str());
            context
                .tree()
                .parent_chain(id)
                .unwrap_or_default()
                .into_iter()
                .chain([own])
        })
        .collect();
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        let is_root = matches!(id, ResourceId::ADMIN | ResourceId::EVERYTHING);
        if context.tree().contains(id) && !is_root && !wanted.contains(&resource.value) {
            findings.add(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("no call needs `{id}`"),
                )
                .help("leave it out"),
            );
        }
    }
}
