//! # What it does
//! Finds new resources under the name of another module.
//!
//! # Why it is bad
//! Nothing checks the name, so it works; but when that module declares the id itself, the two collide.
//!
//! # Example
//! `<resource id="Acme_Other::feeds" title="Feeds"/>` in `Acme_Demo`
//!
//! # Use instead
//! `<resource id="Acme_Demo::feeds" title="Feeds"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use crate::acl::{Release, presence};
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("foreign_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        if module.declaration.is_none() {
            continue;
        }
        for (resource, _) in module.acl.iter().flat_map(|root| root.walk()) {
            let Some(id) = resource.id.as_ref().filter(|_| resource.title.is_some()) else {
                continue;
            };
            let stock = Release::ALL
                .into_iter()
                .any(|release| presence(release, id.value.as_str()).is_some());
            let owner = id.value.as_str().split("::").next().unwrap_or_default();
            let is_change = || context.declares(owner, id.value.as_str());
            if owner != module.name() && !stock && !is_change() {
                findings.add(
                    Diagnostic::finding(
                        id.source,
                        id.span,
                        format!(
                            "`{}` declares a resource under the name of `{owner}`",
                            module.name()
                        ),
                    )
                    .help(format!("begin the id with `{}::`", module.name())),
                );
            }
        }
    }
}
