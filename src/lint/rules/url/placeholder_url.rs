//! # What it does
//! Finds placeholders: URLs of example domains, and the words of the guides.
//!
//! # Why it is bad
//! The schema takes them, for blanks are legal in its URLs: the module installs and the app never hears of it.
//!
//! # Example
//! `<endpoint_url>Callback URL</endpoint_url>`
//!
//! # Use instead
//! The public address of the app
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationxml.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::{WebAddress, is_example_domain};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("placeholder_url.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let value = url.value.trim();
        let host = WebAddress::parse(value).map(|address| address.host.to_lowercase());
        let is_placeholder = host.as_deref().is_some_and(is_example_domain)
            || ["callback url", "identity link url", "endpoint url"]
                .contains(&value.to_lowercase().as_str());
        if is_placeholder {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{element}` is a placeholder"),
                )
                .help("give the public address of the app"),
            );
        }
    }
}
