//! What a caller may do at the REST front: permissions, routes for https only, what guest access opens (docs/protocol/rest.md#who-is-calling and docs/protocol/acl.md).

use magespec::store::GUEST_ROUTES;

use crate::spec::store::fixture::{Fixture, plain, with_header};
use crate::spec::store::rest::{STORE_REFUSED, assert_json};

#[test]
fn every_resource_of_a_route_is_needed_and_a_change_shows_at_once() {
    let fixture = Fixture::new();
    let app = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(
        fixture.get(&app, "/rest/V1/modules").status,
        200,
        "admin is always granted"
    );
    assert_json(
        &fixture.get(&app, "/rest/V1/store/storeViews"),
        401,
        STORE_REFUSED,
    );
    let storage = fixture.store.storage();
    let list = [magespec::acl::ResourceId::from("Magento_Backend::store")];
    let grant = magespec::acl::Grant::measured(&fixture.store.tree(), &list);
    storage
        .set_grant(app.integration.id, &grant)
        .expect("granted");
    assert_eq!(fixture.get(&app, "/rest/V1/store/storeViews").status, 200);
    storage
        .set_grant(app.integration.id, &magespec::acl::Grant::Nothing)
        .expect("granted");
    assert_eq!(fixture.get(&app, "/rest/V1/modules").status, 401);
    assert_eq!(fixture.get(&app, "/rest/V1/directory/currency").status, 200);
}

#[test]
fn self_is_open_to_holders_of_everything_who_then_lack_a_customer() {
    let fixture = Fixture::new();
    let all = fixture.active("all");
    assert_json(
        &fixture.get(&all, "/rest/V1/customers/me"),
        400,
        r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"customerId"}}"#,
    );
    let limited = fixture.limited("limited", &["Magento_Customer::customer"]);
    assert_json(
        &fixture.get(&limited, "/rest/V1/customers/me"),
        401,
        r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"self"}}"#,
    );
}

#[test]
fn an_unknown_resource_is_open_to_holders_of_everything_only() {
    let fixture = Fixture::new();
    let target = "/rest/V1/adobestock/asset/search?searchCriteria";
    let all = fixture.active("all");
    assert_eq!(fixture.get(&all, target).status, 200);
    let limited = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(fixture.get(&limited, target).status, 401);
}

#[test]
fn a_route_for_https_only_says_so() {
    let fixture = Fixture::new();
    let app = fixture.active("a");
    assert_json(
        &fixture.get(&app, "/rest/V1/analytics/link"),
        400,
        r#"{"message":"Operation allowed only in HTTPS"}"#,
    );
    let read = |name: &str| {
        let request = plain("GET", "/rest/V1/analytics/link");
        let request = with_header(request, "Authorization", &format!("Bearer {}", app.token));
        let response = fixture.answer(&with_header(request, name, "https"));
        response.text().contains("Operation allowed only in HTTPS")
    };
    fixture.set("oauth/consumer/enable_integration_as_bearer", "1");
    assert!(!read("X-Forwarded-Proto") && read("X-Scheme"));
    fixture.set("web/secure/offloader_header", "X-Scheme");
    assert!(read("X-Forwarded-Proto") && !read("X-Scheme"));
}

#[test]
fn a_route_without_data_says_so_after_its_guards() {
    let fixture = Fixture::new();
    let target = "/rest/V1/attributeMetadata/customer";
    assert_eq!(fixture.answer(&plain("GET", target)).status, 401);
    let app = fixture.active("a");
    let response = fixture.get(&app, target);
    assert_eq!(response.status, 501);
    assert!(
        response.text().contains("keeps no data"),
        "{}",
        response.text()
    );
}

#[test]
fn guest_access_opens_its_31_routes_once_the_cache_is_flushed() {
    let fixture = Fixture::new();
    let read = |template: &str| {
        let path: Vec<&str> = template
            .split('/')
            .map(|segment| {
                if segment.starts_with(':') {
                    "1"
                } else {
                    segment
                }
            })
            .collect();
        fixture
            .answer(&plain("GET", &format!("/rest{}", path.join("/"))))
            .status
    };
    fixture.set("webapi/webapisecurity/allow_insecure", "1");
    assert_eq!(
        read("/V1/store/storeViews"),
        401,
        "the cache still holds the old routes"
    );
    fixture.store.flush_cache().expect("flushed");
    for template in GUEST_ROUTES {
        assert_ne!(read(template), 401, "{template}");
    }
    for closed in [
        "/V1/cmsPage/search",
        "/V1/cmsBlock/search",
        "/V1/products/attributes",
        "/V1/categories/list",
        "/V1/stockItems/x",
        "/V1/customers/1",
        "/V1/orders",
    ] {
        assert_eq!(read(closed), 401, "{closed}");
    }
    let limited = fixture.limited("limited", &["Magento_Sales::reorder"]);
    assert_eq!(
        fixture.get(&limited, "/rest/V1/store/storeConfigs").status,
        200
    );
}
