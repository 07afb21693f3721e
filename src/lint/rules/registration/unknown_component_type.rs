//! # What it does
//! Finds registration calls with a type that is none of module, library, theme, language and setup.
//!
//! # Why it is bad
//! The store stops with `'…' is not a valid component type`.
//!
//! # Example
//! `register('plugin', 'Acme_Demo', __DIR__)`
//!
//! # Use instead
//! `register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__)`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::registration::COMPONENT_TYPES;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_component_type.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for call in module.registrations.iter().flat_map(|(_, calls)| calls) {
            let Some(kind) = &call.kind else { continue };
            if !COMPONENT_TYPES.contains(&&*kind.value) {
                findings.add(
                    Diagnostic::finding(
                        kind.source,
                        kind.span,
                        format!("`{}` is not a valid component type", kind.value),
                    )
                    .help("use `ComponentRegistrar::MODULE`"),
                );
            }
        }
    }
}
