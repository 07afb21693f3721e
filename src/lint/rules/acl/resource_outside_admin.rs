//! # What it does
//! Finds resources at the top of the tree beside the two roots of the core.
//!
//! # Why it is bad
//! A third root is invisible on every screen, and one that sorts before `Magento_Backend::admin` empties the lists of all `integration.xml`
//! files.
//!
//! # Example
//! `<resources><resource id="Acme_Demo::root" …/></resources>`
//!
//! # Use instead
//! `<resources><resource id="Magento_Backend::admin"><resource id="Acme_Demo::root" …/></resource></resources>`
//!
//! # Source
//! docs/protocol/acl.md#the-tree.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("resource_outside_admin.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for root in context.modules().flat_map(|module| &module.acl) {
        let Some(id) = &root.id else { continue };
        if !matches!(
            id.value.as_str(),
            ResourceId::ADMIN | ResourceId::EVERYTHING
        ) {
            let mut diagnostic = Diagnostic::finding(
                id.source,
                id.span,
                format!(
                    "`{}` is a root of its own, outside `Magento_Backend::admin`",
                    id.value
                ),
            )
            .help("wrap it in `<resource id=\"Magento_Backend::admin\">`");
            if id.value.as_str() == "Magento_Adminhtml::admin" {
                diagnostic = diagnostic.note("this was the root before 2.0");
            }
            findings.add(diagnostic);
        }
    }
}
