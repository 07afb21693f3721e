//! # What it does
//! Finds routes that ask for a resource under the module's own name which no `acl.xml` declares.
//!
//! # Why it is bad
//! No integration can be granted it: the route is open only to those who may do everything.
//!
//! # Example
//! `<resource ref="Acme_Demo::feeds"/>` without `acl.xml`
//!
//! # Use instead
//! `<resource id="Acme_Demo::feeds" title="Feeds"/>` in `etc/acl.xml`
//!
//! # Source
//! docs/protocol/acl.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::meant;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("own_reference_undeclared.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for resource in module.routes.iter().flat_map(|route| &route.resources) {
            let id = resource.value.as_str();
            if Context::is_own(module, id) && !id.contains(',') && !context.is_known(id) {
                let help = match meant(context.spellings(), id) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "declare it in `etc/acl.xml`".to_owned(),
                };
                findings.add(
                    Diagnostic::finding(
                        resource.source,
                        resource.span,
                        format!("`{id}` is the module's own, but no `acl.xml` declares it"),
                    )
                    .label("open only to those who may do everything")
                    .help(help),
                );
            }
        }
    }
}
