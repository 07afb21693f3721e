//! # What it does
//! Finds modules with `config.xml` of which no code has a store process it.
//!
//! # Why it is bad
//! The file does nothing by itself: a setup script has to name the integration, or none is made.
//!
//! # Example
//! `etc/integration/config.xml` without a script below `Setup`
//!
//! # Use instead
//! `$manager->processIntegrationConfig(['Acme'])` in a data patch, or `etc/integration.xml`
//!
//! # Source
//! measured on 2.4.7-p3: `setup:upgrade` with both files and no script ends well and makes no integration.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("config_never_processed.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(integration) = module.config.first() else {
            continue;
        };
        let is_called = module.setup.processes_files() || !module.setup.elsewhere.is_empty();
        // Files without any PHP beside them are no whole module.
        if is_called
            || module.declaration.is_none()
            || module.registrations.is_none()
            || context.is_named_by_script(&module.config)
        {
            continue;
        }
        let name = integration.name.as_ref().map_or("…", |name| &name.value);
        findings.add(
            Diagnostic::finding(
                integration.source,
                integration.tag,
                "nothing in this module processes its `config.xml`, so no integration is made",
            )
            .help(format!(
                "call `processIntegrationConfig(['{name}'])` in a data patch below `Setup/Patch/Data`, or use `etc/integration.xml`"
            )),
        );
    }
}
