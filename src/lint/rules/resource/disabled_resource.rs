//! # What it does
//! Finds resources that 2.4.7 declares and switches off.
//!
//! # Why it is bad
//! A disabled resource is not in the tree: it is dropped like an unknown one.
//!
//! # Example
//! `<resource name="Magento_Config::advanced"/>`
//!
//! # Use instead
//! Leave it out.
//!
//! # Source
//! docs/protocol/acl.md#the-tree.

use crate::acl::{Presence, presence};
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.4.7",
    source: include_str!("disabled_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        if presence(context.target, id) == Some(Presence::Disabled) && !context.tree().contains(id)
        {
            findings.add(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` is switched off in baseline 2.4.7"),
                )
                .label("dropped silently")
                .help("leave it out"),
            );
        }
    }
}
