//! # What a list of resources opens
//!
//! An integration is made with one list and activated. Each known id of the tree is then allowed or denied by itself: a parent opens no
//! child, a child needs no parent, an unknown id opens nothing, and any list at all opens the basic resource `Magento_Backend::admin`,
//! which guards `GET /V1/modules`. The route that is open is the control of the one that is closed.
//!
//! Source: docs/protocol/acl.md#what-a-grant-becomes, docs/protocol/rest.md.

use magespec::conformance::{Case, Integration, Lab, Outcome, PROTECTED, Stop, said};

/// A GET that needs one resource and no parameter.
struct Route {
    path: &'static str,
    resource: &'static str,
}

const MODULES: Route = Route {
    path: "/rest/V1/modules",
    resource: "Magento_Backend::admin",
};
const STORES: Route = Route {
    path: PROTECTED,
    resource: "Magento_Backend::store",
};
const TYPES: Route = Route {
    path: "/rest/V1/products/types",
    resource: "Magento_Catalog::products",
};
/// An integration of this case alone with this list, activated.
fn granted(lab: &Lab<'_>, resources: &[&str]) -> Result<Integration, Stop> {
    let mut fields = vec![("all_resources", "0")];
    fields.extend(resources.iter().map(|id| ("resource[]", *id)));
    let mut integration = lab.fresh_with(&fields)?;
    lab.activate(&mut integration)?;
    Ok(integration)
}

/// The list opens `open`, and then `closed` is refused.
fn opens_but(lab: &Lab<'_>, resources: &[&str], open: &Route, closed: &Route) -> Outcome {
    let integration = granted(lab, resources)?;
    let refused = lab.rest_at(&integration, closed.path);
    lab.control(&lab.rest_at(&integration, open.path))?
        .then_refuses(&refused, said::unauthorized(closed.resource))
}

/// `Magento_Backend::store` with its parents, which is granted under every parent rule.
const CHAIN: [&str; 3] = [
    "Magento_Backend::stores",
    "Magento_Backend::stores_settings",
    "Magento_Backend::store",
];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "acl/granted/basic-only",
        "the basic resource alone opens only itself",
        |lab| opens_but(lab, &["Magento_Backend::admin"], &MODULES, &STORES),
    )
    .covers(&["store-parents-give-nothing", "store-acl-sentence"])
    .measured(),
    Case::must(
        "acl/granted/twice",
        "a resource that is listed twice is granted once",
        |lab| {
            let twice = [CHAIN, CHAIN].concat();
            opens_but(lab, &twice, &STORES, &TYPES)
        },
    )
    .covers(&["store-parents-give-nothing", "store-acl-sentence"])
    .measured(),
    Case::must(
        "acl/granted/everything-by-choice",
        "Resource Access All opens everything and ignores the list",
        |lab| {
            let mut integration = lab.fresh_with(&[
                ("all_resources", "1"),
                ("resource[]", "Magento_Sales::reorder"),
            ])?;
            lab.activate(&mut integration)?;
            let answer = lab.succeeds(&lab.rest(&integration))?;
            let json = answer.json();
            lab.holds(json.is_array() || json.is_object(), "JSON", answer.text())
        },
    )
    .covers(&["guide-all-resources"])
    .measured(),
    Case::profile(
        "acl/granted/unknown-resource-of-a-route",
        "a route whose resource nobody knows is closed to a limited integration",
        |lab| {
            let route = Route {
                path: "/rest/V1/adobestock/asset/search",
                resource: "Magento_AdobeStockImage::actions_view",
            };
            opens_but(lab, &CHAIN, &STORES, &route)
        },
    )
    .covers(&["acl-unknown-id"])
    .measured(),
];
