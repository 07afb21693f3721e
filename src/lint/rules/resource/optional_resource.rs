//! # What it does
//! Finds resources of two-factor login.
//!
//! # Why it is bad
//! Stores that switch it off do not know the id and drop it silently.
//!
//! # Example
//! `<resource name="Magento_TwoFactorAuth::tfa"/>`
//!
//! # Use instead
//! Leave it out unless the app needs it.
//!
//! # Source
//! docs/protocol/releases.md.

use crate::acl::{Presence, presence};
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.4",
    source: include_str!("optional_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, resource) in context.resources() {
        let id = resource.value.as_str();
        if presence(context.target, id) == Some(Presence::Optional) {
            findings.add(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` is known only where two-factor login is on"),
                )
                .help("leave it out unless the app needs it"),
            );
        }
    }
}
