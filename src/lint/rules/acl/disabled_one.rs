//! # What it does
//! Finds `disabled="1"` on resources.
//!
//! # Why it is bad
//! It is valid and has no effect: only the word `true` disables.
//!
//! # Example
//! `disabled="1"`
//!
//! # Use instead
//! `disabled="true"`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("disabled_one.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (resource, _) in context
        .modules()
        .flat_map(|module| &module.acl)
        .flat_map(|root| root.walk())
    {
        if let Some(disabled) = &resource.disabled
            && disabled.value == "1"
        {
            findings.add(
                Diagnostic::finding(
                    disabled.source,
                    disabled.span,
                    "`disabled=\"1\"` does not disable",
                )
                .help("write `true`, or remove the attribute"),
            );
        }
    }
}
