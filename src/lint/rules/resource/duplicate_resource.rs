//! # What it does
//! Finds resources that stand twice in one list.
//!
//! # Why it is bad
//! The second has no effect; often another resource was meant.
//!
//! # Example
//! `Magento_Sales::sales` twice
//!
//! # Use instead
//! List each resource once.
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Spanned;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.lists() {
        let mut first: HashMap<&str, &Spanned<ResourceId>> = HashMap::new();
        for resource in &declared.integration.resources {
            match first.entry(resource.value.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(resource);
                }
                Entry::Occupied(entry) => findings.add(
                    Diagnostic::finding(
                        resource.source,
                        resource.span,
                        format!("`{}` is listed twice", resource.value),
                    )
                    .label("second time")
                    .related(entry.get().source, entry.get().span, "first time")
                    .help("remove one of them"),
                ),
            }
        }
    }
}
