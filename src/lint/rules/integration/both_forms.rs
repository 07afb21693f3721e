//! # What it does
//! Finds integrations that stand in `integration.xml` and in the two older files.
//!
//! # Why it is bad
//! The first `setup:upgrade` makes it from `integration.xml`, then the script overwrites its contact data; when they differ, the second run
//! resets it and its tokens die.
//!
//! # Example
//! `Acme` in `etc/integration.xml` and in `etc/integration/config.xml`
//!
//! # Use instead
//! One form only.
//!
//! # Source
//! docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("both_forms.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if declared.kind == FileKind::IntegrationConfig
            && let Some(other) = context
                .merged
                .consolidated
                .get(name.value.as_str())
                .and_then(|found| found.name.as_ref())
        {
            findings.add(
                Diagnostic::finding(
                    name.source,
                    name.span,
                    format!("`{}` is declared in both forms", name.value),
                )
                .related(other.source, other.span, "also in `integration.xml`")
                .help("remove the older files and the script that names them"),
            );
        }
    }
}
