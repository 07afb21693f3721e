//! # What it does
//! Finds listed resources that guard no REST route of 2.4.7 or of these modules and are no parent of another listed one.
//!
//! # Why it is bad
//! The merchant is asked for a permission that opens nothing over REST.
//!
//! # Example
//! `<resource name="Magento_Backend::myaccount"/>`
//!
//! # Use instead
//! Leave it out.
//!
//! # Source
//! docs/protocol/acl.md, docs/protocol/rest.md.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.4.7",
    source: include_str!("no_route_needs_it.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.lists() {
        let parents = context.parents(declared.integration);
        let mut idle = declared.integration.resources.iter().filter(|resource| {
            let id = resource.value.as_str();
            let is_root = matches!(id, ResourceId::ADMIN | ResourceId::EVERYTHING);
            context.tree().contains(id)
                && !is_root
                && context.guarded(id) == 0
                && !parents.contains(&resource.value)
        });
        let Some(first) = idle.next() else {
            continue;
        };
        let others: Vec<_> = idle.collect();
        let id = first.value.as_str();
        let of = "no REST route of 2.4.7 or of these modules";
        let message = match others.len() {
            0 => format!("`{id}` guards {of}"),
            1 => format!("`{id}` and 1 more of this list guard {of}"),
            more => format!("`{id}` and {more} more of this list guard {of}"),
        };
        let help = if context.tree().has_children(id) {
            "list what the app needs of the resources below it: a store does not grant them with it"
        } else {
            "leave it out unless an older release or another module needs it"
        };
        let mut diagnostic = Diagnostic::finding(first.source, first.span, message).help(help);
        for other in others {
            diagnostic = diagnostic.related(other.source, other.span, "nor does this one");
        }
        findings.add(diagnostic);
    }
}
