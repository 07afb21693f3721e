//! # What it does
//! Finds URLs with a fragment.
//!
//! # Why it is bad
//! A fragment is never sent to a server, and what is added to the link behind it is part of it.
//!
//! # Example
//! `<identity_link_url>https://acme-demo.com/#/login</identity_link_url>`
//!
//! # Use instead
//! `<identity_link_url>https://acme-demo.com/login</identity_link_url>`
//!
//! # Source
//! RFC 3986 §3.5.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("url_with_fragment.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if url.value.contains('#') {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!(
                        "`{element}` has a fragment, which `{}` never receives",
                        address.host
                    ),
                )
                .help("use a path instead of a fragment"),
            );
        }
    }
}
