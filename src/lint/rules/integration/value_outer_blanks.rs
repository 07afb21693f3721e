//! # What it does
//! Finds white space around e-mail addresses and URLs.
//!
//! # Why it is bad
//! Values are stored as they stand, blanks included: the credentials are posted to a URL with blanks in it. (After an address a line break
//! is refused as well.)
//!
//! # Example
//! `<endpoint_url> https://acme-demo.com </endpoint_url>`
//!
//! # Use instead
//! `<endpoint_url>https://acme-demo.com</endpoint_url>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("value_outer_blanks.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let integration = declared.integration;
        let values = [
            ("email", &integration.email),
            ("endpoint_url", &integration.endpoint_url),
            ("identity_link_url", &integration.identity_link_url),
        ];
        for (element, value) in values {
            let Some(value) = value else { continue };
            let trimmed = value.value.trim();
            if trimmed.is_empty() || value.value == trimmed {
                continue;
            }
            let diagnostic = Diagnostic::finding(
                value.source,
                value.span,
                format!("the value of `{element}` has white space around it"),
            )
            .label("stored with it")
            .help("remove it");
            let raw = context
                .set
                .sources
                .get(value.source)
                .map(|text| text.slice(value.span));
            // Only a plain value is repaired: with entities, comments or CDATA its bytes are not its text.
            if raw == Some(&value.value) {
                findings.add_with(
                    diagnostic,
                    Fix::replace(value.source, value.span, trimmed.to_owned()),
                );
            } else {
                findings.add(diagnostic);
            }
        }
    }
}
