//! # What it does
//! Finds a `composer.json` without a name.
//!
//! # Why it is bad
//! Composer cannot install it as a package.
//!
//! # Example
//! `{"type": "magento2-module"}`
//!
//! # Use instead
//! `"name": "acme/module-demo"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_package_name.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if package.name.is_none() && !package.is_misshapen("name") {
            findings.add(
                Diagnostic::finding(*source, package.start, "the package has no `name`")
                    .help("add `\"name\": \"vendor/package\"`"),
            );
        }
    }
}
