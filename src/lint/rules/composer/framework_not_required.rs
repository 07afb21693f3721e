//! # What it does
//! Finds packages that require neither `magento/framework` nor a package of Magento that brings it along.
//!
//! # Why it is bad
//! Composer then installs the package beside any release. No store looks at it; Magento's static test refuses it.
//!
//! # Example
//! `"require": {"php": ">=8.1"}`
//!
//! # Use instead
//! `"require": {"php": ">=8.1", "magento/framework": "*"}`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("framework_not_required.rs"),
    check: Check::Module(check),
};

/// Packages that bring the framework along.
const FAMILIES: [&str; 4] = [
    "magento/framework",
    "magento/module-",
    "magento/product-",
    "magento/magento2-base",
];

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        let brings_it = package
            .require
            .iter()
            .any(|(name, _)| FAMILIES.iter().any(|family| name.value.starts_with(family)));
        if package.lacks("magento/framework") && !brings_it {
            findings.add(
                Diagnostic::finding(
                    *source,
                    package.require_span.unwrap_or(package.start),
                    "the package does not require `magento/framework`",
                )
                .help("add `magento/framework` to `require`"),
            );
        }
    }
}
