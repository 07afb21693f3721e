//! # What it does
//! Finds integrations with only one of `endpoint_url` and `identity_link_url`.
//!
//! # Why it is bad
//! Tokens are exchanged only when both are there. With one of them nothing is ever posted: the merchant copies four values by hand.
//!
//! # Example
//! `<endpoint_url>` without `<identity_link_url>`
//!
//! # Use instead
//! Both, or none.
//!
//! # Source
//! docs/protocol/admin-panel.md#the-grid.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Spanned;
use crate::text::Excerpt;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("one_url_only.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let merged = &context.merged;
    for integration in merged.consolidated.values().chain(merged.config.values()) {
        let filled = |url: &'_ Option<Spanned<Excerpt>>| {
            url.as_ref().is_some_and(|url| !url.value.is_empty())
        };
        let (there, missing) = match (
            filled(&integration.endpoint_url),
            filled(&integration.identity_link_url),
        ) {
            (true, false) => ("endpoint_url", "identity_link_url"),
            (false, true) => ("identity_link_url", "endpoint_url"),
            _ => continue,
        };
        if let Some(name) = &integration.name {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!(
                        "`{}` has `{there}` but no `{missing}`, so no tokens are exchanged",
                        name.value
                    ),
                )
                .help(format!("add `{missing}`, or remove `{there}`")),
            );
        }
    }
}
