//! # What it does
//! Finds routes that change something and are open to everyone.
//!
//! # Why it is bad
//! Whoever knows the path may call it; the service must check the caller itself.
//!
//! # Example
//! `<route method="POST" …><resource ref="anonymous"/>`
//!
//! # Use instead
//! A resource of your own, or a check in the service
//!
//! # Source
//! docs/protocol/acl.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings, named_route};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("anonymous_write.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        let writes = route
            .method
            .as_ref()
            .is_some_and(|method| method.value != "GET");
        if let [only] = &route.resources[..]
            && writes
            && only.value.as_str() == "anonymous"
        {
            findings.add(
                Diagnostic::finding(
                    only.source,
                    only.span,
                    format!(
                        "{} is open to everyone, without a token",
                        named_route(route)
                    ),
                )
                .help("ask for a resource, or check the caller in the service"),
            );
        }
    }
}
