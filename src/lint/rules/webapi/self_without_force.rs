//! # What it does
//! Finds routes for `self` whose path names a thing, and that force no parameter.
//!
//! # Why it is bad
//! `self` is granted to every signed-in customer. A stock route forces the customer's own id on its service; without that, each of them may
//! name the things of all others. An integration is refused unless it may do everything.
//!
//! # Example
//! `<route url="/V1/orders/:orderId/acme" method="POST">…<resource ref="self"/>`
//!
//! # Use instead
//! `<data><parameter name="customerId" force="true">%customer_id%</parameter></data>`, or a resource of your own
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml, docs/protocol/acl.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings, named_route};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("self_without_force.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for route in context.routes() {
        let names_a_thing = route
            .url
            .as_ref()
            .is_some_and(|url| url.value.contains("/:"));
        let forces = route.parameters.iter().any(|parameter| parameter.force);
        if let [only] = &route.resources[..]
            && only.value.as_str() == "self"
            && names_a_thing
            && !forces
        {
            findings.add(
                Diagnostic::finding(
                    only.source,
                    only.span,
                    format!("{} is open to every customer, whatever the path names", named_route(route)),
                )
                .label("any signed-in customer")
                .help("force the customer's id on the service by `data/parameter`, or ask for a resource"),
            );
        }
    }
}
