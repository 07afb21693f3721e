//! # What it does
//! Finds modules with integration files that do not name `Magento_Integration` in their sequence.
//!
//! # Why it is bad
//! The files are found without it; the sequence only decides the order of setup and of merging. The guides ask for it.
//!
//! # Example
//! `<sequence><module name="Magento_Sales"/></sequence>`
//!
//! # Use instead
//! `<sequence><module name="Magento_Integration"/></sequence>`
//!
//! # Source
//! source 2.4.7-p3.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_integration_sequence.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(declaration) = &module.declaration else {
            continue;
        };
        let named = declaration
            .sequence
            .iter()
            .any(|name| name.value == "Magento_Integration");
        if let Some(name) = &declaration.name
            && module.has_integration_files()
            && !named
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("`{}` has integration files, but its `sequence` does not name `Magento_Integration`", name.value),
                )
                .help("name `Magento_Integration` in `sequence`"),
            );
        }
    }
}
