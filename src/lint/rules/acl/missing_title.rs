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
//! measured 2.4.7-p3; magento/magento2#7973.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::meant;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_title.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations("ACL003") {
        let id = id_of(context, &violation);
        if context.may_be_elsewhere(id) {
            continue;
        }
        let help = match meant(context.spellings(), id).filter(|meant| *meant != id) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "add `title`".to_owned(),
        };
        let mut diagnostic = violation.help(help);
        diagnostic.message = format!("no file gives `{id}` a title").into();
        findings.add(diagnostic);
    }
}

/// The id of the element whose start tag a violation points at.
pub(super) fn id_of<'set>(context: &Context<'set>, violation: &Diagnostic) -> &'set str {
    let source = context.set.sources.get(violation.source);
    let tag = source.map_or("", |source| {
        let rest = &source.text[violation.span.start()..];
        rest.split('>').next().unwrap_or_default()
    });
    let value = tag.split_once("id=").map_or("", |(_, rest)| rest);
    value.split(['"', '\'']).nth(1).unwrap_or_default()
}
