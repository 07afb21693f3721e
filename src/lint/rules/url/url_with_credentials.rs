//! # What it does
//! Finds URLs with a user name or password in them.
//!
//! # Why it is bad
//! They stand in every shop's database and in its admin panel, readable by everyone who manages integrations.
//!
//! # Example
//! `<endpoint_url>https://user:secret@acme-demo.com/callback</endpoint_url>`
//!
//! # Use instead
//! Guard the endpoint by what the store sends.
//!
//! # Source
//! docs/protocol/admin-panel.md#the-form.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::WebAddress;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("url_with_credentials.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let Some(address) = WebAddress::parse(&url.value) else {
            continue;
        };
        if address.has_user {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{element}` holds a user name or password"),
                )
                .help("remove it: every merchant can read it"),
            );
        }
    }
}
