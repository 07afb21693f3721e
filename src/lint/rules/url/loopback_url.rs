//! # What it does
//! Finds URLs of the machine itself, of private networks, and of names that are reserved for testing.
//!
//! # Why it is bad
//! The store posts the credentials to its own machine, and the merchant's browser opens a page on the merchant's: it works for the
//! developer and nowhere else.
//!
//! # Example
//! `<endpoint_url>http://localhost:8090/callback</endpoint_url>`
//!
//! # Use instead
//! The public address of the app
//!
//! # Source
//! RFC 6761.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("loopback_url.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if address.is_loopback() || address.is_reserved_for_tests() {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!(
                        "`{element}` points to `{}`, which the internet does not reach",
                        address.host
                    ),
                )
                .help("give the public address of the app before you ship the module"),
            );
        }
    }
}
