//! # Anonymous access
//!
//! Countries and currencies are open to anybody. Catalogue, CMS and store routes are open only while "Allow Anonymous Guest Access" is on,
//! and then to every integration too; nothing else changes.
//!
//! Source: spec oauth.md §5.9, spec config-acl-admin.md §6, AC-09 … AC-12, GST-01 … GST-07.

use magespec::conformance::{Case, Expected, Lab, Need, Outcome};

const CONTROL: &[Need] = &[Need::Control];
const FLAG: &str = "webapi/webapisecurity/allow_insecure";

/// A guest is refused.
fn closed(lab: &Lab<'_>, method: &str, path: &str) -> Outcome {
    let answer = lab.send(&lab.guest(method, path))?;
    let refused = answer.status() == 401 && answer.text().contains("isn't authorized");
    lab.holds(
        refused,
        "401 `The consumer isn't authorized …`",
        answer.summary(),
    )
}

/// A guest is let in, whatever the route then has to say.
fn open(lab: &Lab<'_>, path: &str) -> Outcome {
    lab.configure(FLAG, "1")?;
    let answer = lab.send(&lab.guest("GET", path))?;
    lab.holds(answer.status() != 401, "no refusal", answer.summary())
}

fn closed_though_on(lab: &Lab<'_>, method: &str, path: &str) -> Outcome {
    lab.configure(FLAG, "1")?;
    closed(lab, method, path)
}

macro_rules! off {
    ($id:literal, $path:literal) => {
        Case::must(
            concat!("guest/off/", $id),
            concat!($path, " is closed by default"),
            |lab| closed(lab, "GET", concat!("/rest/V1/", $path)),
        )
        .covers(&["guide-guest-off"])
        .measured("AC-09, GST-01")
        .needs(&[])
    };
}

macro_rules! on {
    ($id:literal, $path:literal) => {
        Case::must(
            concat!("guest/on/", $id),
            concat!($path, " is open when the switch is on"),
            |lab| open(lab, concat!("/rest/V1/", $path)),
        )
        .covers(&["guide-guest-on"])
        .measured("AC-10, GST-02")
        .needs(CONTROL)
        .alone()
    };
}

macro_rules! still {
    ($id:literal, $method:literal, $path:literal) => {
        Case::must(
            concat!("guest/still-closed/", $id),
            concat!($method, " ", $path, " stays closed when the switch is on"),
            |lab| closed_though_on(lab, $method, concat!("/rest/V1/", $path)),
        )
        .covers(&["guide-guest-on"])
        .measured("AC-11, GST-05")
        .needs(CONTROL)
        .alone()
    };
}

pub(super) const CASES: &[Case] = &[
    Case::must("guest/countries", "anybody may read the countries", |lab| {
        lab.answers(
            &lab.guest("GET", "/rest/V1/directory/countries"),
            &Expected::Accepted,
        )?;
        lab.holds(true, "", "")
    })
    .covers(&["guide-anonymous-routes"])
    .measured("GST-07")
    .needs(&[]),
    off!("products", "products/24-MB01"),
    off!("categories", "categories"),
    off!("cms-page", "cmsPage/1"),
    off!("cms-block", "cmsBlock/1"),
    off!("store-views", "store/storeViews"),
    off!("websites", "store/websites"),
    off!("store-configs", "store/storeConfigs"),
    off!("store-groups", "store/storeGroups"),
    off!("orders", "orders"),
    off!("customers", "customers/1"),
    off!("modules", "modules"),
    on!("products", "products/24-MB01"),
    on!("categories", "categories"),
    on!("cms-page", "cmsPage/1"),
    on!("store-views", "store/storeViews"),
    on!("websites", "store/websites"),
    on!("store-configs", "store/storeConfigs"),
    on!("store-groups", "store/storeGroups"),
    still!("customers", "GET", "customers/1"),
    still!("orders", "GET", "orders"),
    still!("cms-page-search", "GET", "cmsPage/search"),
    still!("category-list", "GET", "categories/list"),
    still!("create-product", "POST", "products"),
    still!("modules", "GET", "modules"),
    Case::profile(
        "guest/on/limited-integration",
        "with the switch on a limited integration may read them too",
        |lab| {
            lab.configure(FLAG, "1")?;
            lab.succeeds(&lab.rest_at(&lab.limited()?, "/rest/V1/store/storeConfigs"))?;
            lab.holds(true, "", "")
        },
    )
    .covers(&["guide-guest-on"])
    .measured("AC-12, GST-06")
    .needs(&[Need::Admin, Need::Callback, Need::Control])
    .alone(),
    Case::must(
        "guest/off-again",
        "with the switch off again a guest is refused",
        |lab| {
            lab.configure(FLAG, "1")?;
            lab.configure(FLAG, "0")?;
            closed(lab, "GET", "/rest/V1/store/storeViews")
        },
    )
    .covers(&["guide-guest-off"])
    .measured("GST-01")
    .needs(CONTROL)
    .alone(),
];
