//! # What it does
//! Finds resources that are declared below one of a module which is not given here.
//!
//! # Why it is bad
//! It need not be bad: parents are repeated by their id alone, and the other module gives the title. Where that module is not installed, the
//! screens with the tree fail on an undefined `title`.
//!
//! # Example
//! `<resource id="Acme_Core::menu"><resource id="Acme_Demo::a" title="Demo"/></resource>`
//!
//! # Use instead
//! The same, with `Acme_Core` in `sequence` and its package in `require`; give its folder as well to have it checked.
//!
//! # Source
//! measured 2.4.7-p3; mageplaza/magento-2-smtp#30 is a store without the other module.

use super::missing_title::id_of;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("parent_elsewhere.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for violation in context.violations("ACL003") {
        let id = id_of(context, &violation);
        if !context.may_be_elsewhere(id) {
            continue;
        }
        let owner = id.split("::").next().unwrap_or_default();
        let module = context
            .set
            .modules
            .iter()
            .find(|module| module.sources().any(|source| source == violation.source));
        let is_named = module.is_some_and(|module| {
            let sequence = module.declaration.iter().flat_map(|found| &found.sequence);
            sequence.into_iter().any(|name| *name.value == *owner)
        });
        let of = if is_named {
            ", which `sequence` names,"
        } else {
            ""
        };
        let help = if is_named {
            format!("give the folder of `{owner}` as well")
        } else {
            format!("give the folder of `{owner}` as well, and name it in `sequence`")
        };
        let mut diagnostic = violation.help(help);
        diagnostic.label = "declared elsewhere".into();
        diagnostic.message = format!(
            "`{id}` gets its title from no file here: `{owner}`{of} is not among these modules"
        )
        .into();
        findings.add(diagnostic);
    }
}
