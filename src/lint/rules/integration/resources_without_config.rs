//! # What it does
//! Finds integrations of `api.xml` that `config.xml` does not name.
//!
//! # Why it is bad
//! The list belongs to nothing: an integration is made from `config.xml` or `integration.xml`, never from `api.xml` alone. Names are joined
//! byte by byte, so a spelling that differs only in case belongs to nothing either. (A setup script may hand the contact data over itself, to
//! `processConfigBasedIntegrations`: then the list is in use.)
//!
//! # Example
//! `Acme` in `api.xml`, nothing in `config.xml`
//!
//! # Use instead
//! Byte-identical names in both files
//!
//! # Source
//! docs/protocol/module-files.md.

use crate::diagnostic::Diagnostic;
use crate::lint::halves::Half;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("resources_without_config.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let others = [FileKind::IntegrationConfig, FileKind::Consolidated];
    for half in Half::find(context, FileKind::IntegrationApi, others) {
        let name = half.name;
        if context.is_handed_over(&name.value) {
            continue;
        }
        findings.add(
            Diagnostic::finding(
                name.source,
                name.span,
                format!(
                    "`{}` has a list of resources but no contact data in `config.xml`",
                    name.value
                ),
            )
            .help(half.advice(
                "add it to `etc/integration/config.xml`, or use `etc/integration.xml` for both",
            )),
        );
    }
}
