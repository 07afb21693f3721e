//! # What it does
//! Finds an `extra` section in `composer.json`.
//!
//! # Why it is bad
//! Magento's static test refuses it for modules: file mapping belongs to the past.
//!
//! # Example
//! `"extra": {"map": []}`
//!
//! # Use instead
//! Leave it out.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("extra_present.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if let Some(span) = package.extra {
            findings.add(
                Diagnostic::finding(*source, span, "`composer.json` has an `extra` section")
                    .help("leave it out: a module needs no mapping"),
            );
        }
    }
}
