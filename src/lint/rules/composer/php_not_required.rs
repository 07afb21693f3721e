//! # What it does
//! Finds packages that do not require a version of PHP.
//!
//! # Why it is bad
//! Composer cannot keep the package from a PHP that it does not run on; Magento's static test refuses it.
//!
//! # Example
//! `"require": {"magento/framework": "*"}`
//!
//! # Use instead
//! `"require": {"php": ">=8.1", …}`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("php_not_required.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if package.lacks("php") {
            findings.add(
                Diagnostic::finding(
                    *source,
                    package.require_span.unwrap_or(package.start),
                    "the package does not require a version of `php`",
                )
                .help("add `php` to `require`"),
            );
        }
    }
}
