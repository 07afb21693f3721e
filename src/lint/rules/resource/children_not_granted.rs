//! # What it does
//! Finds listed resources that guard less than a third of the routes that they and those below them guard, when none of those is listed.
//!
//! # Why it is bad
//! The guides say that a parent grants its children. In the panel ticking it does; from a file a store grants exactly what is listed, so
//! the routes of the children answer with status 401.
//!
//! # Example
//! `Magento_Sales::sales` alone, and a call of `GET /V1/orders`
//!
//! # Use instead
//! `Magento_Sales::actions_view` as well
//!
//! # Source
//! docs/protocol/acl.md.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("children_not_granted.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let tree = context.tree();
    for declared in context.lists() {
        let parents = context.parents(declared.integration);
        for resource in &declared.integration.resources {
            let id = resource.value.as_str();
            let own = context.guarded(id);
            // One that guards nothing is told by `no-route-needs-it`.
            if own == 0 || id == ResourceId::ADMIN || parents.contains(&resource.value) {
                continue;
            }
            let mut with_children = 0;
            if let Some(node) = tree.node(id) {
                node.walk(&mut |node| with_children += context.guarded(node.id.as_str()));
            }
            if with_children > 3 * own {
                findings.add(
                    Diagnostic::finding(
                        resource.source,
                        resource.span,
                        format!("`{id}` is listed without any resource below it"),
                    )
                    .label(format!("opens {own} of {with_children} routes"))
                    .note("the guides say that a parent grants its children; a store grants what is listed")
                    .help("list the resources below it that the app needs as well"),
                );
            }
        }
    }
}
