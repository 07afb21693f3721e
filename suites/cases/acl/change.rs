//! # A changed grant counts at once
//!
//! Saving another selection keeps the tokens; the next call is judged by the new grant.
//!
//! Source: docs/protocol/acl.md.

use magespec::conformance::{Case, Integration, Lab, Stop};

/// Saves this selection for the integration.
fn select(lab: &Lab<'_>, integration: &Integration, resources: &[&str]) -> Result<(), Stop> {
    let endpoint = lab.listener()?.url(&integration.name);
    let mut fields = vec![
        ("name", integration.name.as_str()),
        ("endpoint", endpoint.as_str()),
        ("identity_link_url", endpoint.as_str()),
        ("all_resources", "0"),
    ];
    fields.extend(resources.iter().map(|id| ("resource[]", *id)));
    lab.with_panel(|panel| panel.save(lab.channel(), &[("id", &integration.id)], &fields))
        .map(|_| ())
}

/// What the protected route needs, with its parents: `Magento_Backend::store`, or where guests may read that, `Magento_Customer::group`.
const STORES: &[&str] = &[
    "Magento_Backend::stores",
    "Magento_Backend::stores_settings",
    "Magento_Backend::store",
    "Magento_Customer::customer",
    "Magento_Customer::group",
];

pub(super) const CASES: &[Case] = &[
    Case::profile(
        "acl/change/granted",
        "a resource granted later works at once",
        |lab| {
            let mut integration = lab.fresh_with(&[
                ("all_resources", "0"),
                ("resource[]", "Magento_Sales::sales"),
            ])?;
            lab.activate(&mut integration)?;
            select(lab, &integration, STORES)?;
            lab.is_accepted(&lab.rest(&integration))
        },
    )
    .covers(&["store-grant-at-once"])
    .measured(),
    Case::must(
        "acl/change/revoked",
        "a resource taken away is refused at once",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            select(lab, &integration, &["Magento_Sales::sales"])?;
            proven.then_refuses(&lab.rest(&integration), lab.unauthorized())
        },
    )
    .covers(&["store-grant-at-once", "guide-resources-guard"])
    .measured(),
    Case::profile(
        "acl/change/emptied",
        "saving without any resource takes everything away",
        |lab| {
            let mut integration = lab.fresh()?;
            lab.activate(&mut integration)?;
            let proven = lab.control(&lab.rest(&integration))?;
            select(lab, &integration, &[])?;
            proven.then_refuses(&lab.rest(&integration), lab.unauthorized())
        },
    )
    .covers(&["store-grant-at-once", "store-empty-grant"])
    .measured(),
];
