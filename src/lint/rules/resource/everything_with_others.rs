//! # What it does
//! Finds `Magento_Backend::all` beside other resources in `api.xml`.
//!
//! # Why it is bad
//! It means everything only when it stands alone. Beside others it is one id among many, and all that is not listed is denied.
//!
//! # Example
//! `Magento_Backend::all` and `Magento_Sales::sales`
//!
//! # Use instead
//! One or the other
//!
//! # Source
//! docs/protocol/acl.md#what-a-grant-becomes.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("everything_with_others.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.lists() {
        let list = &declared.integration.resources;
        let everything = list
            .iter()
            .find(|resource| resource.value.as_str() == ResourceId::EVERYTHING);
        let Some(everything) = everything else {
            continue;
        };
        if declared.kind == FileKind::IntegrationApi && list.len() > 1 {
            findings.add(
                Diagnostic::finding(
                    everything.source,
                    everything.span,
                    "beside other resources `Magento_Backend::all` does not stand for everything",
                )
                .help("remove it, or remove the others"),
            );
        }
    }
}
