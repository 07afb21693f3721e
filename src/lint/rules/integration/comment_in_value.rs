//! # What it does
//! Finds comments inside `email`, `endpoint_url` and `identity_link_url`.
//!
//! # Why it is bad
//! When another module declares the same integration first, a value beside a comment is ignored and the older one stays: to the merge it is
//! no plain text.
//!
//! # Example
//! `<endpoint_url><!--live-->https://acme-demo.com</endpoint_url>`
//!
//! # Use instead
//! The comment above the element
//!
//! # Source
//! docs/protocol/merging.md#how-two-files-become-one.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;
use crate::xml::Node;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("comment_in_value.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for kind in [FileKind::Consolidated, FileKind::IntegrationConfig] {
            let Some(document) = module.document(kind) else {
                continue;
            };
            for element in document.root().descendants() {
                let is_value = matches!(
                    element.name(),
                    "email" | "endpoint_url" | "identity_link_url"
                );
                let comment = element.children().find_map(|node| match node {
                    Node::Comment(comment) => Some(comment.span),
                    _ => None,
                });
                if let Some(span) = comment.filter(|_| is_value) {
                    findings.add(
                        Diagnostic::finding(
                            element.source(),
                            span,
                            format!("a comment stands inside `{}`", element.name()),
                        )
                        .help("move it out of the element"),
                    );
                }
            }
        }
    }
}
