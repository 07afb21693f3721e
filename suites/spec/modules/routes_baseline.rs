//! The built-in route tables (docs/protocol/rest.md).

use magespec::acl::{Release, ResourceId, presence};
use magespec::module::baseline::routes;

#[test]
fn every_release_has_its_routes() {
    assert_eq!(
        Release::ALL.map(|release| routes(release).len()),
        [321, 338, 430]
    );
}

#[test]
fn one_stock_route_asks_for_a_resource_that_no_tree_has() {
    let dangling: Vec<&str> = routes(Release::V2_4_7)
        .iter()
        .flat_map(|route| &route.resources)
        .map(ResourceId::as_str)
        .filter(|id| !matches!(*id, "anonymous" | "self"))
        .filter(|id| presence(Release::V2_4_7, id).is_none())
        .collect();
    assert_eq!(dangling, ["Magento_AdobeStockImage::actions_view"]);
}

#[test]
fn known_routes_ask_for_what_the_spec_lists() {
    for (method, url, resource, secure) in [
        (
            "GET",
            "/V1/orders/:id",
            "Magento_Sales::actions_view",
            false,
        ),
        ("GET", "/V1/modules", "Magento_Backend::admin", false),
        (
            "GET",
            "/V1/store/storeViews",
            "Magento_Backend::store",
            false,
        ),
        ("GET", "/V1/directory/countries", "anonymous", false),
        (
            "GET",
            "/V1/analytics/link",
            "Magento_Analytics::analytics_api",
            true,
        ),
    ] {
        let route = routes(Release::V2_4_7)
            .iter()
            .find(|route| route.method == method && route.url == url)
            .expect("the route is built in");
        assert_eq!(route.resources[0].as_str(), resource, "{url}");
        assert_eq!(route.secure, secure, "{url}");
    }
}
