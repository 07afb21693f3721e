//! # A resource guards every method of its routes
//!
//! An integration without the resource is refused by name on POST, PUT and DELETE as on GET; with every resource the same request reaches
//! the service. Nothing is changed in the store: there is no such product, and the body lacks what a new one needs.
//!
//! Source: guides, Web API authorization, docs/protocol/acl.md.

use magespec::conformance::{Case, Draft, Integration, Lab, Outcome, said};

const GUARD: &[&str] = &["guide-resources-guard"];
const RESOURCE: &str = "Magento_Catalog::products";

fn request(lab: &Lab<'_>, integration: &Integration, method: &str, path: &str) -> Draft {
    let mut draft = lab.rest_at(integration, path);
    draft.method(method);
    if method != "DELETE" {
        draft.content("application/json", "{}");
    }
    draft
}

/// Refused to the limited integration, and not for a resource to the one with all of them.
fn guarded(lab: &Lab<'_>, method: &str, path: &str) -> Outcome {
    let (limited, powerful) = (lab.limited()?, lab.active()?);
    let proven = lab.control(&lab.rest(&powerful))?;
    let answer = proven.then_sends(&request(lab, &powerful, method, path))?;
    lab.holds(
        answer.json()["message"] != said::unauthorized("").template,
        "another answer than a refusal to an integration with every resource",
        answer.summary(),
    )?;
    proven.then_refuses(
        &request(lab, &limited, method, path),
        said::unauthorized(RESOURCE),
    )
}

macro_rules! methods {
    ($($name:literal, $method:literal, $path:literal;)+) => {
        &[$(
            Case::must(concat!("acl/methods/", $name), concat!("without the resource ", $method, " is refused"), |lab| {
                guarded(lab, $method, $path)
            })
            .covers(GUARD)
            .measured()
        ),+]
    };
}

pub(super) const CASES: &[Case] = methods! {
    "post", "POST", "/rest/V1/products";
    "put", "PUT", "/rest/V1/products/magespec-no-such-sku";
    "delete", "DELETE", "/rest/V1/products/magespec-no-such-sku";
};
