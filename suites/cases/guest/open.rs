//! # "Allow Anonymous Guest Access" opens 31 routes, and nothing else
//!
//! With the setting `webapi/webapisecurity/allow_insecure` on, the resources of exactly these GET routes are replaced by `anonymous`. Each
//! is refused before and lets the guest in after; whether the thing exists is another matter (404). Routes that look alike stay closed.
//!
//! Source: docs/protocol/rest.md, docs/protocol/guest-access.md.

use magespec::conformance::{ANONYMOUS, Answer, Case, Lab, Need, Outcome, PROTECTED, joined, said};

const SETTING: &str = "webapi/webapisecurity/allow_insecure";
const NEEDS: &[Need] = &[Need::Control];

/// A guest is let in: the service answers, with what it has or in words of its own that there is no such thing. The front's own refusals
/// come before any service.
fn let_in(answer: &Answer) -> bool {
    let message = answer.json()["message"].clone();
    let refused = [
        said::NO_ROUTE.template,
        said::NO_REQUEST.template,
        said::unauthorized("").template,
    ];
    let served = matches!(answer.status(), 400 | 404 | 501) && message.is_string();
    answer.accepted() || (served && !refused.iter().any(|sentence| message == *sentence))
}

/// Refused with the setting off, let in with the setting on, by a store that lets guests read what is open anyway.
fn opened(lab: &Lab<'_>, path: &str) -> Outcome {
    let proven = lab.control(&lab.guest("GET", ANONYMOUS))?;
    let guest = lab.guest("GET", path);
    lab.configure(SETTING, "0")?;
    let before = proven.then_sends(&guest)?;
    lab.configure(SETTING, "1")?;
    let after = proven.then_sends(&guest)?;
    let refused =
        before.status() == 401 && before.json()["message"] == said::unauthorized("").template;
    lab.holds(
        refused && let_in(&after),
        "401 for want of a right before the setting is on, and another answer than a refusal after",
        format!("{}, then {}", before.summary(), after.summary()),
    )
}

/// Refused with the setting on as well, while a route of the list is open.
fn still_closed(lab: &Lab<'_>, method: &str, path: &str, resource: &str) -> Outcome {
    lab.configure(SETTING, "1")?;
    lab.control(&lab.guest("GET", PROTECTED))?
        .then_refuses(&lab.guest(method, path), said::unauthorized(resource))
}

macro_rules! routes {
    (opened $($name:literal, $path:literal;)+) => {
        &[$(
            Case::profile(concat!("guest/setting/opens/", $name), concat!("the setting opens GET ", $path), |lab| {
                opened(lab, concat!("/rest", $path))
            })
            .covers(&["guide-guest-on"])
            .measured()
            .needs(NEEDS)
            .alone()
        ),+]
    };
    (closed $($name:literal, $method:literal, $path:literal, $resource:literal;)+) => {
        &[$(
            Case::profile(concat!("guest/setting/leaves/", $name), concat!("the setting leaves ", $method, " ", $path, " closed"), |lab| {
                still_closed(lab, $method, concat!("/rest", $path), $resource)
            })
            .covers(&["guide-guest-on"])
            .measured()
            .needs(NEEDS)
            .alone()
        ),+]
    };
}

const OPENED: &[Case; 31] = routes! { opened
    "products", "/V1/products";
    "product", "/V1/products/magespec-sku";
    "attribute", "/V1/products/attributes/magespec";
    "product-types", "/V1/products/types";
    "attribute-sets", "/V1/products/attribute-sets/sets/list";
    "attribute-set", "/V1/products/attribute-sets/999999";
    "attributes-of-set", "/V1/products/attribute-sets/999999/attributes";
    "attribute-groups", "/V1/products/attribute-sets/groups/list";
    "attribute-options", "/V1/products/attributes/magespec/options";
    "media-types", "/V1/products/media/types/magespec";
    "medium", "/V1/products/magespec-sku/media/999999";
    "media", "/V1/products/magespec-sku/media";
    "tier-prices", "/V1/products/magespec-sku/group-prices/0/tiers";
    "category", "/V1/categories/999999";
    "categories", "/V1/categories";
    "options", "/V1/products/magespec-sku/options";
    "option", "/V1/products/magespec-sku/options/999999";
    "link-types", "/V1/products/links/types";
    "link-attributes", "/V1/products/links/related/attributes";
    "links", "/V1/products/magespec-sku/links/related";
    "products-of-category", "/V1/categories/999999/products";
    "stock-status", "/V1/stockStatuses/magespec-sku";
    "children", "/V1/configurable-products/magespec-sku/children";
    "configurable-option", "/V1/configurable-products/magespec-sku/options/999999";
    "configurable-options", "/V1/configurable-products/magespec-sku/options/all";
    "page", "/V1/cmsPage/999999";
    "block", "/V1/cmsBlock/999999";
    "store-views", "/V1/store/storeViews";
    "store-groups", "/V1/store/storeGroups";
    "websites", "/V1/store/websites";
    "store-configs", "/V1/store/storeConfigs";
};

const LEFT: &[Case; 9] = routes! { closed
    "page-search", "GET", "/V1/cmsPage/search", "Magento_Cms::page";
    "block-search", "GET", "/V1/cmsBlock/search", "Magento_Cms::block";
    "attribute-list", "GET", "/V1/products/attributes", "Magento_Catalog::attributes_attributes";
    "category-list", "GET", "/V1/categories/list", "Magento_Catalog::categories";
    "stock-item", "GET", "/V1/stockItems/magespec-sku", "Magento_Catalog::catalog_inventory";
    "new-product", "POST", "/V1/products", "Magento_Catalog::products";
    "delete-product", "DELETE", "/V1/products/magespec-sku", "Magento_Catalog::products";
    "customer", "GET", "/V1/customers/1", "Magento_Customer::customer";
    "orders", "GET", "/V1/orders", "Magento_Sales::actions_view";
};

const FURTHER: &[Case; 4] = &[
    Case::profile(
        "guest/setting/needs-a-flush",
        "the setting counts only after the cache of the web services was flushed",
        |lab| {
            lab.configure(SETTING, "0")?;
            let guest = lab.guest("GET", PROTECTED);
            let proven = lab.control(&lab.guest("GET", ANONYMOUS))?;
            lab.configure_without_flush(SETTING, "1")?;
            let before = proven.then_sends(&guest)?;
            lab.configure(SETTING, "1")?;
            lab.control(&guest)?;
            lab.holds(
                before.status() == 401,
                "401 until the cache is flushed",
                before.summary(),
            )
        },
    )
    .covers(&["guest-cache", "guide-guest-on"])
    .measured()
    .needs(NEEDS)
    .alone(),
    Case::profile(
        "guest/setting/limited-integration",
        "an integration without the resource reads an opened route too",
        |lab| {
            let limited = lab.limited()?;
            lab.configure(SETTING, "1")?;
            let answer = lab.succeeds(&lab.rest_at(&limited, "/rest/V1/store/storeConfigs"))?;
            lab.holds(
                answer.json().is_array(),
                "a JSON list of store configurations",
                answer.text(),
            )
        },
    )
    .covers(&["guide-guest-on"])
    .measured()
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::security(
        "guest/setting/forged-signature",
        "a forged signature on an opened route should be refused",
        |lab| {
            let integration = lab.active()?;
            lab.configure(SETTING, "1")?;
            lab.tolerates(
                &lab.rest(&integration),
                |r| r.signature("cmFuZG9t"),
                "a forged OAuth header is not noticed on a route that the setting opened",
            )
        },
    )
    .covers(&["store-lazy-identity"])
    .measured()
    .needs(&[Need::Credentials, Need::Control])
    .alone(),
    Case::must(
        "guest/setting/off-again",
        "switched off again, the routes are closed",
        |lab| {
            lab.configure(SETTING, "1")?;
            let guest = lab.guest("GET", PROTECTED);
            let proven = lab.control(&guest)?;
            lab.configure(SETTING, "0")?;
            proven.then_refuses(&guest, said::unauthorized("Magento_Backend::store"))
        },
    )
    .covers(&["guide-guest-off"])
    .measured()
    .needs(NEEDS)
    .alone(),
];

pub(super) const CASES: &[Case] = &joined::<44>(&[OPENED, LEFT, FURTHER]);
