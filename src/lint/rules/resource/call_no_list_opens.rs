//! # What it does
//! With `--calls`: finds calls that a store refuses whatever the integration lists.
//!
//! # Why it is bad
//! A route for `self` is open to signed-in customers, and one that asks for an id which no `acl.xml` declares is open to nobody: an integration
//! may call either only when it may do everything.
//!
//! # Example
//! `GET /V1/customers/me`
//!
//! # Use instead
//! `GET /V1/customers/:customerId` with `Magento_Customer::customer`
//!
//! # Source
//! docs/protocol/acl.md, docs/protocol/rest.md.

use crate::acl::{Grant, ResourceId};
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("call_no_list_opens.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let closed: Vec<String> = context
        .calls
        .unwrap_or_default()
        .iter()
        .filter_map(|call| {
            let route = context.route_of(call)?;
            let is_closed = |id: &&ResourceId| {
                !matches!(id.as_str(), "anonymous" | ResourceId::EVERYTHING)
                    && !context.tree().contains(id.as_str())
            };
            let why = match route.resources.iter().find(is_closed)?.as_str() {
                "self" => "is for signed-in customers".to_owned(),
                id => format!("asks for `{id}`, which no `acl.xml` declares"),
            };
            Some(format!("`{} {}` {why}", call.method, call.path))
        })
        .collect();
    if closed.is_empty() {
        return;
    }
    for (integration, source) in context.merged_lists() {
        let list = source.effective(context.tree(), &integration.resource_ids());
        let may_all = Grant::measured(context.tree(), &list) == Grant::All;
        for call in closed.iter().filter(|_| !may_all) {
            if let Some(name) = &integration.name {
                findings.add(
                    Diagnostic::finding(name.source, name.span, call.clone())
                        .label("refused whatever it lists")
                        .help("call another route: only an integration that may do everything gets in"),
                );
            }
        }
    }
}
