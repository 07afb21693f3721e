//! # What it does
//! Finds integrations of `api.xml` that `config.xml` does not name.
//!
//! # Why it is bad
//! The list belongs to nothing: an integration is made from `config.xml` or `integration.xml`, never from `api.xml` alone. Names are joined
//! byte by byte, so a spelling that differs only in case belongs to nothing either.
//!
//! # Example
//! `Acme` in `api.xml`, nothing in `config.xml`
//!
//! # Use instead
//! Byte-identical names in both files
//!
//! # Source
//! spec config-acl-admin.md §1.0, LNT-02.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::module::FileKind;

pub(super) static RULE: Rule = Rule {
    code: "INT014",
    name: "resources-without-config",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("resources_without_config.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let kinds = [FileKind::IntegrationConfig, FileKind::Consolidated];
    if !kinds.iter().all(|kind| context.is_whole(*kind)) {
        return;
    }
    let contacts = kinds.map(|kind| context.names(kind));
    let fold = |name: &str| name.trim().to_ascii_lowercase();
    let spellings = LazyCell::new(|| {
        let names = contacts.iter().flatten();
        names
            .map(|name| (fold(name), *name))
            .collect::<HashMap<String, &str>>()
    });
    for declared in context.integrations() {
        let Some(name) = &declared.integration.name else {
            continue;
        };
        if declared.kind == FileKind::IntegrationApi
            && !contacts.iter().any(|names| names.contains(name.value.as_str()))
        {
            let help = match spellings.get(&fold(&name.value)) {
                Some(twin) => format!("use the same spelling: the other file says `{twin}`"),
                None => "add it to `etc/integration/config.xml`, or use `etc/integration.xml` for both".to_owned(),
            };
            findings.add(
                Diagnostic::error(
                    name.source,
                    name.span,
                    format!("`{}` has a list of resources but no contact data in `config.xml`", name.value),
                )
                .help(help),
            );
        }
    }
}
