//! # What it does
//! Finds resources of modules that only Adobe Commerce has.
//!
//! # Why it is bad
//! It need not be bad: a Commerce store knows them. Magento Open Source drops them silently, so an app for both must live without them.
//!
//! # Example
//! `<resource name="Magento_Rma::magento_rma"/>`
//!
//! # Use instead
//! The same: keep it for the calls to Commerce stores.
//!
//! # Source
//! The baselines of Magento Open Source 2.1.6, 2.2.5 and 2.4.7-p3 do not have the module.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::is_of_commerce;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("commerce_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.lists() {
        let ids: Vec<_> = declared
            .integration
            .resources
            .iter()
            .filter(|resource| {
                let id = resource.value.as_str();
                is_of_commerce(id) && !context.tree().contains(id)
            })
            .collect();
        let Some((first, others)) = ids.split_first() else {
            continue;
        };
        let more = match others.len() {
            0 => String::new(),
            1 => " and 1 more of this list".to_owned(),
            more => format!(" and {more} more of this list"),
        };
        let verb = if others.is_empty() {
            "is no resource"
        } else {
            "are no resources"
        };
        let mut diagnostic = Diagnostic::finding(
            first.source,
            first.span,
            format!("`{}`{more} {verb} of Magento Open Source 2.1–2.4.7; Adobe Commerce has a module of this name", first.value),
        )
        .help("keep them for Commerce stores; on others the calls that need them are refused");
        for other in others {
            diagnostic = diagnostic.related(other.source, other.span, "this one as well");
        }
        findings.add(diagnostic);
    }
}
