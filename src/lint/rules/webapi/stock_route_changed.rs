//! # What it does
//! Finds routes that the core has already.
//!
//! # Why it is bad
//! The module's service replaces the core's, and its resources are required beside those of the core.
//!
//! # Example
//! `<route url="/V1/orders/:id" method="GET">`
//!
//! # Use instead
//! A path of your own
//!
//! # Source
//! docs/protocol/merging.md#how-two-files-become-one, docs/protocol/rest.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.4.7",
    source: include_str!("stock_route_changed.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        let (Some(url), Some(method)) = (&route.url, &route.method) else {
            continue;
        };
        if context.is_stock_route(&method.value, &url.value) {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{} {}` is a route of the core", method.value, url.value),
                )
                .label("merged into it")
                .help("use a path of your own"),
            );
        }
    }
}
