//! # What it does
//! Finds a `registration.php` that registers no module: without a call of `ComponentRegistrar::register`, or with another type.
//!
//! # Why it is bad
//! The module is not known to the store.
//!
//! # Example
//! A `registration.php` with the call in a comment
//!
//! # Use instead
//! `ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__);`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::registration::COMPONENT_TYPES;
use crate::text::Span;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("no_registration_call.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, calls)) = &module.registrations else {
            continue;
        };
        let others: Vec<_> = calls
            .iter()
            .filter_map(|call| call.kind.as_ref())
            .filter(|kind| COMPONENT_TYPES.contains(&&*kind.value) && kind.value != "module")
            .collect();
        if others.len() < calls.len() {
            continue;
        }
        let diagnostic = match others.first() {
            None => Diagnostic::finding(
                *source,
                Span::new(0, 0),
                "`registration.php` registers nothing",
            ),
            Some(kind) => Diagnostic::finding(
                kind.source,
                kind.span,
                format!("`registration.php` registers a {}, no module", kind.value),
            ),
        };
        findings.add(diagnostic.help(
            "call `ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Vendor_Module', __DIR__)`",
        ));
    }
}
