//! # What it does
//! Finds modules with `config.xml` and setup scripts of which none calls `processIntegrationConfig`.
//!
//! # Why it is bad
//! The file does nothing by itself: without that call no integration is made. (A call from elsewhere than `Setup` is not seen here.)
//!
//! # Example
//! `Setup/InstallData.php` without the call
//!
//! # Use instead
//! `$manager->processIntegrationConfig(['Acme'])`
//!
//! # Source
//! spec config-acl-admin.md §4.1.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};

/// What makes integrations of configuration (spec config-acl-admin.md §4.1).
const PROCESSORS: [&str; 2] = ["processIntegrationConfig", "processConfigBasedIntegrations"];

pub(super) static RULE: Rule = Rule {
    code: "INT023",
    name: "config-never-processed",
    severity: Severity::Warning,
    versions: "2.0–2.4.7",
    source: include_str!("config_never_processed.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let calls = module.setup_scripts.iter().any(|script| {
            context
                .set
                .sources
                .get(*script)
                .is_some_and(|source| PROCESSORS.iter().any(|name| source.text.contains(name)))
        });
        if let Some(integration) = module.config.first()
            && !module.setup_scripts.is_empty()
            && !calls
        {
            findings.add(
                Diagnostic::error(
                    integration.source,
                    integration.tag,
                    "no setup script of this module processes its `config.xml`",
                )
                .help("call `processIntegrationConfig` with the names, or use `etc/integration.xml`"),
            );
        }
    }
}
