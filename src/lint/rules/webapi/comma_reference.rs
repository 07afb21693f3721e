//! # What it does
//! Finds several ids in one `ref`.
//!
//! # Why it is bad
//! They are not split: the text is one unknown id, which is granted only to those who may do everything.
//!
//! # Example
//! `<resource ref="Magento_Sales::sales, Magento_Sales::ship"/>`
//!
//! # Use instead
//! One `resource` element for each id
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("comma_reference.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        for resource in &route.resources {
            let id = resource.value.as_str();
            if id.contains(',') {
                findings.add(
                    Diagnostic::finding(
                        resource.source,
                        resource.span,
                        "several ids in one `ref` are read as one unknown id",
                    )
                    .help("write one `resource` element for each id"),
                );
            }
        }
    }
}
