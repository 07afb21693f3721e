//! # What it does
//! Finds resources to which no file gives a title. A parent that is misspelt looks like this.
//!
//! # Why it is bad
//! In developer mode the store stops; in other modes every screen with the tree fails on an undefined `title`.
//!
//! # Example
//! `<resource id="Magento_Sale::sales"><resource id="Acme_Demo::a" title="Demo"/></resource>`
//!
//! # Use instead
//! `<resource id="Magento_Sales::sales">…`
//!
//! # Source
//! spec config-acl-admin.md §1.10, §3.1, §9.3, ACL-14, ACL-21.

use super::{Check, Context, Findings, Rule};
use crate::diagnostic::Severity;
use crate::lint::suggest::meant;

pub(super) static RULE: Rule = Rule {
    code: "ACL003",
    name: "missing-title",
    severity: Severity::Error,
    versions: "2.0–2.4.7",
    source: include_str!("missing_title.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations(RULE.code) {
        let source = context.set.sources.get(violation.source);
        let tag = source.map_or("", |source| {
            let rest = &source.text[violation.span.start()..];
            rest.split('>').next().unwrap_or_default()
        });
        let id = tag.split("id=\"").nth(1).and_then(|rest| rest.split('"').next());
        let help = match id.and_then(|id| meant(context, id).filter(|meant| *meant != id)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "add `title`, or give the module that declares it as well".to_owned(),
        };
        findings.add(violation.help(help));
    }
}
