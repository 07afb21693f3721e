//! # An integration may do what it was granted, and nothing else
//!
//! The limited integration may view orders; the one without resources may read only what everybody may. A refusal is 401 and names every
//! resource of the route.
//!
//! Source: spec oauth.md §5.1–5.8, AC-01 … AC-05; config-acl-admin.md §3.3, GRT-08.

use magespec::conformance::{ANONYMOUS, Case, Draft, Lab, PROTECTED, Stop, said};

const REFUSED: &[&str] = &["acl-every-resource", "acl-refusal"];

/// The limited integration's list of orders, which it may read.
fn orders(lab: &Lab<'_>) -> Result<Draft, Stop> {
    let mut draft = lab.rest_at(&lab.limited()?, "/rest/V1/orders");
    draft
        .query("searchCriteria%5BpageSize%5D=1")
        .sign(&[("searchCriteria[pageSize]", "1")]);
    Ok(draft)
}

pub(super) const CASES: &[Case] = &[
    Case::must(
        "acl/limited/granted",
        "a granted resource opens its route",
        |lab| {
            let answer = lab.succeeds(&orders(lab)?)?;
            lab.holds(
                answer.json().is_object(),
                "a JSON list of orders",
                answer.text(),
            )
        },
    )
    .covers(&["acl-every-resource"])
    .measured("2.4.7-p3 (spec oauth.md AC-02)"),
    Case::must(
        "acl/limited/missing",
        "a resource that was not granted closes its route, and is named",
        |lab| {
            let draft = lab.rest_at(&lab.limited()?, PROTECTED);
            lab.control(&orders(lab)?)?
                .then_refuses(&draft, said::unauthorized("Magento_Backend::store"))
        },
    )
    .covers(REFUSED)
    .measured("2.4.7-p3 (spec oauth.md AC-01)"),
    Case::must(
        "acl/powerless/protected",
        "an integration without resources is refused on a protected route",
        |lab| {
            let powerless = lab.powerless()?;
            let open = lab.rest_at(&powerless, ANONYMOUS);
            lab.control(&open)?.then_refuses(
                &lab.rest(&powerless),
                said::unauthorized("Magento_Backend::store"),
            )
        },
    )
    .covers(REFUSED)
    .measured("2.4.7-p3 (spec oauth.md AC-03)"),
    Case::must(
        "acl/powerless/anonymous",
        "an integration without resources may read what everybody may",
        |lab| {
            let answer = lab.succeeds(&lab.rest_at(&lab.powerless()?, ANONYMOUS))?;
            lab.holds(
                answer.json().is_array(),
                "a JSON list of countries",
                answer.text(),
            )
        },
    )
    .covers(&["acl-anonymous"])
    .measured("2.4.7-p3 (spec oauth.md AC-03)"),
];
