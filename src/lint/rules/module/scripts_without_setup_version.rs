//! # What it does
//! Finds install and upgrade scripts of a module that has no `setup_version`.
//!
//! # Why it is bad
//! The scripts are never run: `setup:upgrade` only looks at them when `module.xml` has a version. Data patches and `Recurring` scripts do
//! run. Before 2.3 the attribute is required: the store stops with `Attribute 'setup_version' is missing for module '…'.`
//!
//! # Example
//! `<module name="Acme_Demo"/>` beside `Setup/InstallData.php`
//!
//! # Use instead
//! `<module name="Acme_Demo" setup_version="1.0.0"/>`, or a data patch
//!
//! # Source
//! measured on 2.4.7-p3: the script runs with `setup_version`, and not without.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::setup::Fate;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.3–2.4.7",
    source: include_str!("scripts_without_setup_version.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(declaration) = &module.declaration else {
            continue;
        };
        let script = module
            .setup
            .scripts
            .iter()
            .find_map(|script| match script.fate {
                Fate::Runs(entry) if entry.needs_setup_version() => {
                    context.set.sources.path(script.source).rsplit('/').next()
                }
                _ => None,
            });
        if let (Some(script), Some(name), None) =
            (script, &declaration.name, &declaration.setup_version)
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("`Setup/{script}` never runs: the module has no `setup_version`"),
                )
                .label("no `setup_version`")
                .help("add `setup_version=\"1.0.0\"`, or move the work to a data patch"),
            );
        }
    }
}
