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
//! spec config-acl-admin.md §4.2, §9.1 Q10, Q26, LNT-01, PRC-15, PRC-17.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::module::FileKind;

pub(super) static RULE: Rule = Rule {
    code: "INT013",
    name: "config-without-resources",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("config_without_resources.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let kinds = [FileKind::IntegrationApi, FileKind::Consolidated];
    if !kinds.iter().all(|kind| context.is_whole(*kind)) {
        return;
    }
    let lists = kinds.map(|kind| context.names(kind));
    let fold = |name: &str| name.trim().to_ascii_lowercase();
    let spellings = LazyCell::new(|| {
        let names = lists.iter().flatten();
        names
            .map(|name| (fold(name), *name))
            .collect::<HashMap<String, &str>>()
    });
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if declared.kind != FileKind::IntegrationConfig
            || lists.iter().any(|names| names.contains(name.value.as_str()))
        {
            continue;
        }
        let help = match spellings.get(&fold(&name.value)) {
            Some(twin) => format!("use the same spelling: the other file says `{twin}`"),
            None => "list its resources under the same name in `etc/integration/api.xml`".to_owned(),
        };
        findings.add(
            Diagnostic::error(
                name.source,
                name.span,
                format!("`{}` has contact data but no list of resources in `api.xml` or `integration.xml`", name.value),
            )
            .help(help),
        );
    }
}
