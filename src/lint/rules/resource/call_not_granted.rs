//! # What it does
//! With `--calls`: finds calls whose resources an integration does not list.
//!
//! # Why it is bad
//! The store refuses them with status 401.
//!
//! # Example
//! `GET /V1/orders/:id` without `Magento_Sales::actions_view`
//!
//! # Use instead
//! `<resource name="Magento_Sales::actions_view"/>`
//!
//! # Source
//! docs/protocol/acl.md.

use crate::acl::Grant;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("call_not_granted.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(needed) = context.needed() else {
        return;
    };
    for (integration, source) in context.merged_lists() {
        let list = source.effective(context.tree(), &integration.resource_ids());
        let grant = Grant::measured(context.tree(), &list);
        let missing: Vec<String> = needed
            .iter()
            .filter(|id| context.tree().contains(id) && !grant.allows(context.tree(), id))
            .map(|id| format!("`{id}`"))
            .collect();
        if let Some(name) = &integration.name
            && !missing.is_empty()
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!(
                        "`{}` makes calls that need {}",
                        name.value,
                        missing.join(", ")
                    ),
                )
                .label("not listed")
                .help("list them, with their parents"),
            );
        }
    }
}
