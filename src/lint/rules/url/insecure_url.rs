//! # What it does
//! Finds `http:` URLs of another machine.
//!
//! # Why it is bad
//! Consumer key and secret travel unencrypted; the grid marks the integration as not secure, and a banner warns above it.
//!
//! # Example
//! `<endpoint_url>http://acme-demo.com/callback</endpoint_url>`
//!
//! # Use instead
//! `<endpoint_url>https://acme-demo.com/callback</endpoint_url>`
//!
//! # Source
//! docs/protocol/admin-panel.md#the-grid.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("insecure_url.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if address.scheme.eq_ignore_ascii_case("http") && !address.is_loopback() {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{element}` is not encrypted"),
                )
                .label("secrets travel in the clear")
                .help("use `https://`"),
            );
        }
    }
}
