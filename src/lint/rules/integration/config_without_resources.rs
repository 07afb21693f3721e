//! # What it does
//! Finds integrations of `config.xml` that neither `api.xml` nor `integration.xml` names.
//!
//! # Why it is bad
//! The setup script that names it fails with `Undefined array key`, after the row was written; every later run fails again.
//!
//! # Example
//! `Acme` in `config.xml`, `ACME` in `api.xml`
//!
//! # Use instead
//! Byte-identical names in both files
//!
//! # Source
//! docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::halves::Half;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("config_without_resources.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let others = [FileKind::IntegrationApi, FileKind::Consolidated];
    for half in Half::find(context, FileKind::IntegrationConfig, others) {
        let name = half.name;
        findings.add(
            Diagnostic::finding(
                name.source,
                name.span,
                format!("`{}` has contact data but no list of resources in `api.xml` or `integration.xml`", name.value),
            )
            .help(half.advice("list its resources under the same name in `etc/integration/api.xml`")),
        );
    }
}
