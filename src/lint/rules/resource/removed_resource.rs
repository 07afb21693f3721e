//! # What it does
//! Finds resources that an older baseline knows and 2.4.7 does not.
//!
//! # Why it is bad
//! On a current store the id is unknown and dropped silently.
//!
//! # Example
//! `<resource name="Magento_Sales::fraud_protection"/>`
//!
//! # Use instead
//! Leave it out, or use the resource that took its place.
//!
//! # Source
//! docs/protocol/releases.md.

use crate::acl::presence;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::{meant, releases};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("removed_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        let Some(last) = releases(id).into_iter().next_back() else {
            continue;
        };
        if context.is_current(id) || presence(context.target, id).is_some() {
            continue;
        }
        let help = match meant(context.spellings(), id) {
            Some(meant) => format!("use `{meant}`"),
            None => "leave it out, unless the module is for older releases only".to_owned(),
        };
        findings.add(
            Diagnostic::finding(
                resource.source,
                resource.span,
                format!(
                    "`{id}` is not in {}; of the baselines {last} is the last that has it",
                    context.target_name()
                ),
            )
            .label(format!("dropped silently on {}", context.target))
            .help(help),
        );
    }
}
