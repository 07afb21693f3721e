//! # What it does
//! Finds URLs of development tunnels and of services that show every request.
//!
//! # Why it is bad
//! Their names change or expire, and then credentials go to whoever has the name next, or may be read by whoever looks.
//!
//! # Example
//! `<endpoint_url>https://1a2b3c.ngrok.io/callback</endpoint_url>`
//!
//! # Use instead
//! The public address of the app
//!
//! # Source
//! The names in the services' own documentation.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("tunnel_url.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if let Some(tunnel) = address.tunnel() {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{element}` points to a service for development (`{tunnel}`)"),
                )
                .help("give the public address of the app before you ship the module"),
            );
        }
    }
}
