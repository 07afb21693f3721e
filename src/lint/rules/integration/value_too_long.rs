//! # What it does
//! Finds names, e-mail addresses and URLs of more than 255 characters.
//!
//! # Why it is bad
//! The column holds 255: the stored copy never equals the file, so the integration is reset on every `setup:upgrade` and loses its tokens.
//!
//! # Example
//! An `endpoint_url` with a long query
//!
//! # Use instead
//! Keep it at 255 characters or fewer.
//!
//! # Source
//! docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

/// Characters that each column holds.
const COLUMN: usize = 255;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("value_too_long.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let integration = declared.integration;
        let values = [
            ("name", &integration.name),
            ("email", &integration.email),
            ("endpoint_url", &integration.endpoint_url),
            ("identity_link_url", &integration.identity_link_url),
        ];
        for (what, value) in values {
            let Some(value) = value else { continue };
            let length = value.value.chars().count();
            if length > COLUMN {
                findings.add(
                    Diagnostic::finding(
                        value.source,
                        value.span,
                        format!(
                            "`{what}` has {length} characters, but the database keeps {COLUMN}"
                        ),
                    )
                    .help(
                        "shorten it: a cut value resets the integration on every `setup:upgrade`",
                    ),
                );
            }
        }
    }
}
