//! # What it does
//! Finds routes that ask for a resource which neither the built-in baselines nor the modules given here know.
//!
//! # Why it is bad
//! Where the id is unknown, the route is open only to those who may do everything. A warning only: editions and extensions that are
//! not given here may know it.
//!
//! # Example
//! `<resource ref="Magento_Sale::sales"/>`
//!
//! # Use instead
//! `<resource ref="Magento_Sales::sales"/>`
//!
//! # Source
//! docs/protocol/acl.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::{is_of_commerce, meant};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_reference.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for resource in module.routes.iter().flat_map(|route| &route.resources) {
            let id = resource.value.as_str();
            let special = matches!(id, "anonymous" | "self") || id.is_empty();
            if special
                || Context::is_own(module, id)
                || id.contains(',')
                || is_of_commerce(id)
                || context.is_known(id)
            {
                continue;
            }
            let help = match meant(context.spellings(), id) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "give the module that declares it as well".to_owned(),
            };
            findings.add(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` is unknown in baselines 2.1.6–2.4.7 and in these modules"),
                )
                .label("open only to those who may do everything")
                .help(help),
            );
        }
    }
}
