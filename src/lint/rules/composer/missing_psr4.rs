//! # What it does
//! Finds packages without `autoload.psr-4`.
//!
//! # Why it is bad
//! The classes of the module are not found when it is installed by Composer.
//!
//! # Example
//! `"autoload": {"files": ["registration.php"]}`
//!
//! # Use instead
//! `"autoload": {"files": […], "psr-4": {"Acme\\Demo\\": ""}}`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_psr4.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        if package.psr4.is_empty() && !package.is_misshapen("autoload.psr-4") {
            findings.add(
                Diagnostic::finding(
                    *source,
                    package.autoload.unwrap_or(package.start),
                    "the package has no `autoload.psr-4`",
                )
                .help("map the name space of the module to its folder"),
            );
        }
    }
}
