//! # What it does
//! Finds `Magento_Backend::all` as the only resource of `api.xml`.
//!
//! # Why it is bad
//! The merchant is asked to hand over the whole store, also what is installed later.
//!
//! # Example
//! `<resource name="Magento_Backend::all"/>`
//!
//! # Use instead
//! The resources that the app needs; `--calls FILE` lists them
//!
//! # Source
//! docs/protocol/acl.md#what-a-grant-becomes, docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("everything_asked_for.rs"),
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
        if declared.kind == FileKind::IntegrationApi && list.len() == 1 {
            findings.add(
                Diagnostic::finding(
                    everything.source,
                    everything.span,
                    "the integration asks for everything",
                )
                .help("list the resources that the app needs: `--calls FILE` finds them"),
            );
        }
    }
}
