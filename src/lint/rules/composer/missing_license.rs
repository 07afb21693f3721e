//! # What it does
//! Finds packages without a license.
//!
//! # Why it is bad
//! Magento's static test refuses it, and a merchant does not know what is allowed.
//!
//! # Example
//! A `composer.json` without `license`
//!
//! # Use instead
//! `"license": "MIT"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_license.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if package.license.is_none() && !package.is_misshapen("license") {
            findings.add(
                Diagnostic::finding(*source, package.start, "the package has no `license`")
                    .help("add `license`"),
            );
        }
    }
}
