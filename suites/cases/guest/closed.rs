//! # A guest reads only what is open to everybody
//!
//! Without credentials a protected route is refused and names its resource, while an open one is answered. The list of countries is the
//! control.
//!
//! Source: docs/protocol/acl.md, docs/protocol/guest-access.md.

use magespec::conformance::{ANONYMOUS, Case, Need, joined, said};

macro_rules! closed {
    ($($name:literal, $method:literal, $path:literal, $resource:literal;)+) => {
        [$(
            Case::must(concat!("guest/closed/", $name), concat!("a guest may not ", $method, " ", $path), |lab| {
                let refused = lab.guest($method, concat!("/rest", $path));
                lab.control(&lab.guest("GET", ANONYMOUS))?.then_refuses(&refused, said::unauthorized($resource))
            })
            .covers(&["guide-resources-guard", "guide-guest-off"])
            .measured()
            .needs(&[])
        ),+]
    };
}

const CLOSED: [Case; 6] = closed! {
    "products", "GET", "/V1/products", "Magento_Catalog::products";
    "categories", "GET", "/V1/categories", "Magento_Catalog::categories";
    "page", "GET", "/V1/cmsPage/1", "Magento_Cms::page";
    "orders", "GET", "/V1/orders", "Magento_Sales::actions_view";
    "customer", "GET", "/V1/customers/1", "Magento_Customer::customer";
    "new-product", "POST", "/V1/products", "Magento_Catalog::products";
};

macro_rules! open {
    ($($name:literal, $path:literal;)+) => {
        [$(
            Case::must(concat!("guest/open/", $name), concat!("a guest may read ", $path), |lab| {
                let answer = lab.succeeds(&lab.guest("GET", concat!("/rest", $path)))?;
                lab.holds(!answer.json().is_null(), "JSON", answer.text())
            })
            .covers(&["guide-anonymous-routes"])
            .measured()
            .needs(&[])
        ),+]
    };
}

const OPEN: [Case; 2] = open! {
    "countries", "/V1/directory/countries";
    "currency", "/V1/directory/currency";
};

const TOLD: [Case; 1] = [Case::profile(
    "guest/email-taken",
    "whether an e-mail address is taken is told to anybody before 2.4.7, and since to nobody",
    |lab| {
        let (taken, _) = lab.customer()?;
        let mut draft = lab.guest("POST", "/rest/V1/customers/isEmailAvailable");
        draft.content(
            "application/json",
            &serde_json::json!({ "customerEmail": taken }).to_string(),
        );
        let free = lab.profile().emails_hidden;
        let answer = lab.succeeds(&draft)?;
        lab.equal("body", &free.to_string(), &answer.text())
    },
)
.covers(&["store-emails-hidden"])
.derived("release notes of 2.4.7")
.needs(&[Need::Customer])];

pub(super) const CASES: &[Case] = &joined::<9>(&[&CLOSED, &OPEN, &TOLD]);
