//! # What it does
//! Finds packages whose type is not `magento2-module`.
//!
//! # Why it is bad
//! Magento's static test refuses any other type: this one marks the package as a module.
//!
//! # Example
//! `"type": "library"`
//!
//! # Use instead
//! `"type": "magento2-module"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("composer_type.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        let (span, found) = match &package.kind {
            Some(kind) if kind.value == "magento2-module" => continue,
            Some(kind) => (kind.span, format!("the package type is `{}`", kind.value)),
            None if package.is_misshapen("type") => continue,
            None => (package.start, "the package has no type".to_owned()),
        };
        findings.add(
            Diagnostic::finding(*source, span, found)
                .label("expected `magento2-module`")
                .help("set `\"type\": \"magento2-module\"`"),
        );
    }
}
