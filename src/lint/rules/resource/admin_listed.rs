//! # What it does
//! Finds `Magento_Backend::admin` in a list.
//!
//! # Why it is bad
//! Every list that is not empty brings it along. Alone in `integration.xml` it leaves an empty list, for it is not below itself.
//!
//! # Example
//! `<resource name="Magento_Backend::admin"/>`
//!
//! # Use instead
//! Leave it out.
//!
//! # Source
//! docs/protocol/acl.md#what-a-grant-becomes, docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("admin_listed.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (declared, resource) in context.resources() {
        if resource.value.as_str() != ResourceId::ADMIN {
            continue;
        }
        let alone =
            declared.kind == FileKind::Consolidated && declared.integration.resources.len() == 1;
        let what = if alone {
            "`Magento_Backend::admin` alone leaves an empty list"
        } else {
            "`Magento_Backend::admin` comes with every list"
        };
        findings
            .add(Diagnostic::finding(resource.source, resource.span, what).help("leave it out"));
    }
}
