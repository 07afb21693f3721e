//! # What it does
//! Finds routes whose path does not begin with a version and a slash.
//!
//! # Why it is bad
//! The first segment is taken for the version, and a path without a second slash loses its last letter: the route is found under a name
//! that nobody calls.
//!
//! # Example
//! `<route url="/noversion" …>`
//!
//! # Use instead
//! `<route url="/V1/noversion" …>`
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_version.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        let (Some(url), Some(version)) = (&route.url, route.version_key()) else {
            continue;
        };
        let digits = version.strip_prefix('V').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            findings.add(
                Diagnostic::finding(
                    url.source,
                    url.span,
                    format!("`{version}` is taken for the version of `{}`", url.value),
                )
                .help("begin the path with `/V1/`"),
            );
        }
    }
}
