//! # What it does
//! Finds resources under the module's own name that no `acl.xml` declares.
//!
//! # Why it is bad
//! The store drops them silently, whatever the merchant approves.
//!
//! # Example
//! `<resource name="Acme_Demo::feeds"/>` in `Acme_Demo`, without `acl.xml`
//!
//! # Use instead
//! `<resource id="Acme_Demo::feeds" title="Feeds"/>` in `etc/acl.xml`
//!
//! # Source
//! docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::meant;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("own_resource_undeclared.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (declared, resource) in context.resources() {
        let id = resource.value.as_str();
        if Context::is_own(declared.module, id) && !context.is_known(id) {
            let mut diagnostic = Diagnostic::finding(
                resource.source,
                resource.span,
                format!("`{id}` is the module's own, but no `acl.xml` declares it"),
            )
            .label("dropped silently");
            diagnostic = match meant(context.spellings(), id) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help("declare it in `etc/acl.xml`"),
            };
            findings.add(diagnostic);
        }
    }
}
