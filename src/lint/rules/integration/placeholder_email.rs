//! # What it does
//! Finds e-mail addresses of example domains.
//!
//! # Why it is bad
//! The address is shown to the merchant as the contact of the app.
//!
//! # Example
//! `<email>someone@example.com</email>`
//!
//! # Use instead
//! The address of your support
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated, docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::web_address::is_example_domain;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("placeholder_email.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let Some(email) = &declared.integration.email else {
            continue;
        };
        let domain = email
            .value
            .trim()
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if is_example_domain(&domain) {
            findings.add(
                Diagnostic::finding(
                    email.source,
                    email.span,
                    format!("`{}` is an example address", email.value.trim()),
                )
                .help("give the address at which a merchant reaches you"),
            );
        }
    }
}
