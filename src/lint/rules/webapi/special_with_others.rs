//! # What it does
//! Finds `anonymous` and `self` beside other resources, whether in one file or from several modules.
//!
//! # Why it is bad
//! All of them are required: `anonymous` adds nothing, and `self` is granted only to customers, who are granted nothing else.
//!
//! # Example
//! `<resource ref="self"/><resource ref="Magento_Sales::sales"/>`
//!
//! # Use instead
//! One or the other
//!
//! # Source
//! docs/protocol/acl.md.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings, named_route};
use crate::module::baseline::Route;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("special_with_others.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let merged = LazyCell::new(|| {
        let routes = context.merged.routes.iter();
        routes
            .map(|route| ((&*route.method, &*route.url), route))
            .collect::<HashMap<(&str, &str), &Route>>()
    });
    for route in context.routes() {
        for resource in &route.resources {
            let id = resource.value.as_str();
            if !matches!(id, "anonymous" | "self") {
                continue;
            }
            let together = match (&route.method, &route.url) {
                (Some(method), Some(url)) => merged.get(&(&*method.value, &*url.value)),
                _ => None,
            };
            let all = together.map_or(&[][..], |route| &route.resources);
            let others: Vec<String> = route
                .resources
                .iter()
                .map(|resource| &resource.value)
                .chain(all)
                .filter(|other| other.as_str() != id)
                .map(|other| format!("`{other}`"))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect();
            if !others.is_empty() {
                findings.add(
                    Diagnostic::finding(
                        resource.source,
                        resource.span,
                        format!(
                            "{} asks for `{id}` and for {}, all of which are required",
                            named_route(route),
                            others.join(", ")
                        ),
                    )
                    .help("keep one or the other"),
                );
            }
        }
    }
}
