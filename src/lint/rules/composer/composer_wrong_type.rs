//! # What it does
//! Finds values in `composer.json` that have another JSON type than Composer reads, and a document that is no object.
//!
//! # Why it is bad
//! Composer stops with `… does not match the expected JSON schema`; what the value was meant to say is lost.
//!
//! # Example
//! `"require": ["php", "magento/framework"]`
//!
//! # Use instead
//! `"require": {"php": ">=8.1", "magento/framework": "*"}`
//!
//! # Source
//! Composer's schema, `composer-schema.json`, docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("composer_wrong_type.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        for value in &package.misshapen {
            let expected = value.expected;
            let what = if value.member.is_empty() {
                "`composer.json`".to_owned()
            } else {
                format!("`{}` of `composer.json`", value.member)
            };
            findings.add(
                Diagnostic::finding(*source, value.span, format!("{what} is not {expected}"))
                    .label(format!("expected {expected}"))
                    .help(format!("write {expected}, or Composer refuses the file")),
            );
        }
    }
}
