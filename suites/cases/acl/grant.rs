//! # A grant opens what it names, and nothing else
//!
//! Each route names its resources, and each must be granted. A parent gives nothing to its children; a child needs no parent. Any selection
//! holds `Magento_Backend::admin` as well. The guides promise another parent rule, and under the profile `magento-docs` it is expected.
//!
//! Source: docs/protocol/acl.md.

use magespec::conformance::{
    ANONYMOUS, Case, Draft, Expected, Integration, Lab, Outcome, Stop, said,
};
use magespec::oauth::ParentRule;

/// An integration with exactly these resources, activated.
fn granted(lab: &Lab<'_>, resources: &[&str]) -> Result<Integration, Stop> {
    let mut fields = vec![("all_resources", "0")];
    fields.extend(resources.iter().map(|id| ("resource[]", *id)));
    let mut integration = lab.fresh_with(&fields)?;
    lab.activate(&mut integration)?;
    Ok(integration)
}

/// `GET /V1/orders`, which needs `Magento_Sales::actions_view`.
fn orders(lab: &Lab<'_>, integration: &Integration) -> Draft {
    let mut draft = lab.rest_at(integration, "/rest/V1/orders");
    draft
        .query("searchCriteria%5BpageSize%5D=1")
        .sign(&[("searchCriteria[pageSize]", "1")]);
    draft
}

/// The route is refused for this resource, while the shared integration with everything may read it.
fn closed(lab: &Lab<'_>, draft: &Draft, resource: &str) -> Outcome {
    lab.control(&lab.call()?)?
        .then_refuses(draft, said::unauthorized(resource))
}

/// The protected route is refused.
fn protected(lab: &Lab<'_>, integration: &Integration) -> Outcome {
    lab.control(&lab.call()?)?
        .then_refuses(&lab.rest(integration), lab.unauthorized())
}

fn open(lab: &Lab<'_>, draft: &Draft) -> Outcome {
    lab.is_accepted(draft)
}

/// A route of a customer's own data.
const OWN: &str = "/rest/V1/customers/me";

const ACTIONS: &[&str] = &[
    "Magento_Sales::sales",
    "Magento_Sales::sales_operation",
    "Magento_Sales::sales_order",
    "Magento_Sales::actions",
    "Magento_Sales::actions_view",
];

pub(super) const CASES: &[Case] = &[
    Case::must(
        "acl/grant/missing",
        "a resource that was not granted is refused by name",
        |lab| protected(lab, &lab.limited()?),
    )
    .covers(&["guide-resources-guard", "store-acl-sentence"])
    .measured(),
    Case::must(
        "acl/grant/given",
        "a resource that was granted opens its route",
        |lab| open(lab, &orders(lab, &lab.limited()?)),
    )
    .covers(&["guide-resources-guard"])
    .measured(),
    Case::must(
        "acl/grant/other-route",
        "a granted resource opens no other route",
        |lab| {
            let mut draft = lab.rest_at(&lab.limited()?, "/rest/V1/customers/search");
            draft
                .query("searchCriteria%5BpageSize%5D=1")
                .sign(&[("searchCriteria[pageSize]", "1")]);
            closed(lab, &draft, "Magento_Customer::customer")
        },
    )
    .covers(&["guide-resources-guard"])
    .measured(),
    Case::must(
        "acl/grant/nothing-protected",
        "without resources a protected route is refused",
        |lab| protected(lab, &lab.powerless()?),
    )
    .covers(&["store-empty-grant"])
    .measured(),
    Case::must(
        "acl/grant/nothing-anonymous",
        "without resources an anonymous route is open",
        |lab| open(lab, &lab.rest_at(&lab.powerless()?, ANONYMOUS)),
    )
    .covers(&["store-empty-grant", "guide-anonymous-routes"])
    .measured(),
    Case::profile(
        "acl/grant/nothing-modules",
        "without resources the modules are closed",
        |lab| {
            closed(
                lab,
                &lab.rest_at(&lab.powerless()?, "/rest/V1/modules"),
                "Magento_Backend::admin",
            )
        },
    )
    .covers(&["store-empty-grant"])
    .measured(),
    Case::profile(
        "acl/grant/all-on-self",
        "all resources pass self and miss the customer's id",
        |lab| {
            let own = lab.rest_at(&lab.active()?, OWN);
            let missed = Expected::Text(400, "customerId".to_owned());
            lab.control(&lab.call()?)?.then_refuses(&own, missed)
        },
    )
    .covers(&["store-self-falls-back"])
    .measured(),
    Case::profile(
        "acl/grant/limited-on-self",
        "a selection does not pass self",
        |lab| closed(lab, &lab.rest_at(&lab.limited()?, OWN), "self"),
    )
    .covers(&["store-self-falls-back"])
    .measured(),
    Case::must("acl/grant/all", "all resources open every route", |lab| {
        open(lab, &orders(lab, &lab.active()?))
    })
    .covers(&["guide-all-resources"])
    .measured(),
    Case::must(
        "acl/grant/all-modules",
        "all resources open the modules",
        |lab| open(lab, &lab.rest_at(&lab.active()?, "/rest/V1/modules")),
    )
    .covers(&["guide-all-resources"])
    .measured(),
    Case::profile(
        "acl/grant/all-posted-alone",
        "Magento_Backend::all posted alone is everything",
        |lab| {
            let integration = granted(lab, &["Magento_Backend::all"])?;
            open(lab, &lab.rest(&integration))
        },
    )
    .covers(&["store-all-alone"])
    .measured(),
    Case::profile(
        "acl/grant/all-with-admin",
        "Magento_Backend::all beside another is not everything, but by the guides",
        |lab| {
            let integration = granted(lab, &["Magento_Backend::all", "Magento_Backend::admin"])?;
            if lab.profile().parent_rule == ParentRule::Documented {
                return open(lab, &lab.rest(&integration));
            }
            protected(lab, &integration)
        },
    )
    .follows(|one, other| one.parent_rule == other.parent_rule)
    .covers(&["store-all-alone"])
    .measured(),
    Case::profile(
        "acl/grant/child-without-parent",
        "a child is granted without its parents and opens no other route, but not by the guides",
        |lab| {
            let integration = granted(lab, &["Magento_Sales::actions_view"])?;
            let draft = orders(lab, &integration);
            if lab.profile().parent_rule == ParentRule::Documented {
                return closed(lab, &draft, "Magento_Sales::actions_view");
            }
            let stores = lab.unauthorized();
            lab.proves(&draft)?
                .then_refuses(&lab.rest(&integration), stores)
        },
    )
    .follows(|one, other| one.parent_rule == other.parent_rule)
    .covers(&["store-parents-give-nothing", "guide-parents-needed"])
    .measured(),
    Case::profile(
        "acl/grant/child-keeps-parent-closed",
        "a child opens nothing of its parent",
        |lab| {
            let integration = granted(lab, &["Magento_Sales::reorder"])?;
            closed(
                lab,
                &lab.rest_at(&integration, "/rest/V1/carts/licence"),
                "Magento_Sales::sales",
            )
        },
    )
    .covers(&["store-parents-give-nothing"])
    .measured(),
    Case::profile(
        "acl/grant/parent-without-child",
        "a parent opens nothing of its children",
        |lab| {
            let integration = granted(lab, &["Magento_Sales::sales"])?;
            let modules = lab.rest_at(&integration, "/rest/V1/modules");
            lab.control(&modules)?.then_refuses(
                &orders(lab, &integration),
                said::unauthorized("Magento_Sales::actions_view"),
            )
        },
    )
    .covers(&["store-parents-give-nothing"])
    .measured(),
    Case::profile(
        "acl/grant/unknown-only",
        "an unknown id grants nothing but the panel's root",
        |lab| {
            let integration = granted(lab, &["Made_Up::id"])?;
            protected(lab, &integration)
        },
    )
    .covers(&["store-unknown-ids-dropped"])
    .measured(),
    Case::profile(
        "acl/grant/unknown-only-modules",
        "an unknown id brings Magento_Backend::admin along",
        |lab| {
            let integration = granted(lab, &["Made_Up::id"])?;
            open(lab, &lab.rest_at(&integration, "/rest/V1/modules"))
        },
    )
    .covers(&["store-implicit-admin"])
    .measured(),
    Case::profile(
        "acl/grant/implicit-admin",
        "any selection opens the modules",
        |lab| open(lab, &lab.rest_at(&lab.limited()?, "/rest/V1/modules")),
    )
    .covers(&["store-implicit-admin"])
    .measured(),
    Case::profile(
        "acl/grant/unknown-beside-known",
        "an unknown id beside a known one is dropped",
        |lab| {
            let mut ids = ACTIONS.to_vec();
            ids.push("Made_Up::id");
            let integration = granted(lab, &ids)?;
            open(lab, &orders(lab, &integration))
        },
    )
    .covers(&["store-unknown-ids-dropped"])
    .measured(),
];
