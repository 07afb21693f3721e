//! # What it does
//! Finds identity links that already have a query.
//!
//! # Why it is bad
//! The panel appends `?` and its own parameters to the link, so the first of them ends up inside the last value of the query.
//!
//! # Example
//! `<identity_link_url>https://acme-demo.com/login?shop=1</identity_link_url>`
//!
//! # Use instead
//! `<identity_link_url>https://acme-demo.com/login</identity_link_url>`
//!
//! # Source
//! docs/protocol/flow.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("identity_link_with_query.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        if element == "identity_link_url" && url.value.contains('?') {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    "`identity_link_url` already has a query",
                )
                .label("parameters are added to it")
                .help("use a path instead of a query"),
            );
        }
    }
}
