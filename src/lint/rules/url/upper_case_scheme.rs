//! # What it does
//! Finds URLs whose scheme is not in lower case.
//!
//! # Why it is bad
//! The form of the panel takes only lower-case schemes for the identity link, and the badge that marks insecure integrations misses
//! `HTTP:`.
//!
//! # Example
//! `<identity_link_url>HTTPS://acme-demo.com/login</identity_link_url>`
//!
//! # Use instead
//! `<identity_link_url>https://acme-demo.com/login</identity_link_url>`
//!
//! # Source
//! docs/protocol/admin-panel.md#the-form.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("upper_case_scheme.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if address.scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("the scheme of `{element}` is not in lower case"),
                )
                .help(format!("write `{}://`", address.scheme.to_lowercase())),
            );
        }
    }
}
