//! # What it does
//! Finds package names that Composer refuses.
//!
//! # Why it is bad
//! `composer` stops with `… is invalid, it should have a vendor name, a forward slash, and a package name`.
//!
//! # Example
//! `"name": "Acme_Demo"`
//!
//! # Use instead
//! `"name": "acme/module-demo"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::composer::ComposerPackage;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("composer_name.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        if let Some((_, package)) = &module.composer
            && let Some(name) = &package.name
            && !ComposerPackage::is_package_name(&name.value)
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("Composer refuses the package name `{}`", name.value),
                )
                .label("expected `vendor/package`, lower case")
                .help("use letters, digits and single `-`, `_` or `.` between them"),
            );
        }
    }
}
