//! # What it does
//! Finds `Magento_Backend::all` in `integration.xml`.
//!
//! # Why it is bad
//! It is dropped: this file can never ask for everything. Alone it leaves an empty list.
//!
//! # Example
//! `<resource name="Magento_Backend::all"/>`
//!
//! # Use instead
//! The resources that the app needs
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.1–2.4.7",
    source: include_str!("everything_in_integration.rs"),
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
        if declared.kind == FileKind::Consolidated {
            findings.add(
                Diagnostic::finding(
                    everything.source,
                    everything.span,
                    "`integration.xml` cannot ask for everything: `Magento_Backend::all` is dropped",
                )
                .help("list the resources that the app needs"),
            );
        }
    }
}
