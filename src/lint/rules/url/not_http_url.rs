//! # What it does
//! Finds URLs that begin with neither `http://` nor `https://`.
//!
//! # Why it is bad
//! The schema takes any URI, but the store posts over HTTP and the browser opens a web page.
//!
//! # Example
//! `<endpoint_url>acme-demo.com/callback</endpoint_url>`
//!
//! # Use instead
//! `<endpoint_url>https://acme-demo.com/callback</endpoint_url>`
//!
//! # Source
//! source 2.4.7-p3.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("not_http_url.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (element, url) in context.urls() {
        let lower = url.value.trim().to_lowercase();
        if !lower.is_empty() && !lower.starts_with("http://") && !lower.starts_with("https://") {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{element}` does not begin with `https://`"),
                )
                .help("give an absolute `https://` URL"),
            );
        }
    }
}
