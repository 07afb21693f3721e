//! # What it does
//! Finds modules after the first one in a `module.xml`.
//!
//! # Why it is bad
//! A store loads only the first module of a file; the others do not exist for it.
//!
//! # Example
//! Two `module` elements in one `config`
//!
//! # Use instead
//! One file per module.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("second_module_ignored.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for name in module
            .declaration
            .iter()
            .flat_map(|declaration| &declaration.ignored)
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!(
                        "`{}` is not loaded: a store reads only the first module of a file",
                        name.value
                    ),
                )
                .help("give it a folder and a `module.xml` of its own"),
            );
        }
    }
}
