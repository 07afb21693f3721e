//! Stored data through the REST front: paths, queries and bodies as clients send them.

use std::fs;
use std::sync::Arc;

use magespec::acl::Release;
use magespec::module::baseline;
use magespec::oauth::Profile;
use magespec::random::SeededEntropy;
use magespec::storage::Sqlite;
use magespec::store::services::Answers;
use magespec::store::{Options, Store};
use magespec::time::MovableClock;
use magespec::wire::{Request, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::spec::store::fixture::{Fixture, NOW, answer, plain, with_header, with_json};

/// A store and the bearer token of an integration that may do everything.
struct Shop {
    fixture: Fixture,
    token: String,
}

impl Shop {
    fn new(options: Options) -> Self {
        let fixture = Fixture::with(options);
        fixture.set("oauth/consumer/enable_integration_as_bearer", "1");
        let token = fixture.active("shop").token;
        Self { fixture, token }
    }

    fn call(&self, method: &str, target: &str, body: Option<&Value>) -> Response {
        let header = format!("Bearer {}", self.token);
        let request = with_header(plain(method, target), "Authorization", &header);
        self.fixture.answer(&match body {
            Some(body) => with_json(request, &body.to_string()),
            None => request,
        })
    }

    fn read(&self, target: &str) -> Value {
        value(&self.call("GET", target, None))
    }
}

fn value(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.text());
    serde_json::from_slice(&response.body).expect("a JSON body")
}

#[test]
fn a_sku_is_found_under_every_spelling_of_its_path() {
    let shop = Shop::new(Options::default());
    for (segment, sku) in [
        ("TEA-SENCHA-100", "TEA-SENCHA-100"),
        ("tea-sencha-100", "TEA-SENCHA-100"),
        ("SET%2FTEA%2F2", "SET/TEA/2"),
        ("SET%2ftea%2f2", "SET/TEA/2"),
        ("CUP%20WHITE%20200", "CUP WHITE 200"),
        ("50%25-OFF-CUP", "50%-OFF-CUP"),
        ("K%C3%84NNCHEN-%C3%9C", "KÄNNCHEN-Ü"),
        ("k%c3%a4nnchen-%c3%bc", "KÄNNCHEN-Ü"),
    ] {
        let product = shop.read(&format!("/rest/V1/products/{segment}"));
        assert_eq!(product["sku"], sku, "{segment}");
        let stock = shop.read(&format!("/rest/default/V1/stockItems/{segment}"));
        assert_eq!(stock["product_id"], product["id"], "{segment}");
    }
    let response = shop.call("GET", "/rest/V1/products/SET/TEA/2", None);
    assert_eq!(response.status, 404);
    let text = shop.call(
        "GET",
        "/rest/V1/products/K%C3%84NNCHEN-%C3%9C?fields=sku",
        None,
    );
    assert_eq!(text.text(), r#"{"sku":"K\u00c4NNCHEN-\u00dc"}"#);
    let text = shop.call(
        "GET",
        "/rest/V1/products/SET%2FTEA%2F2?fields=sku,price",
        None,
    );
    assert_eq!(text.text(), r#"{"sku":"SET\/TEA\/2","price":49}"#);
}

#[test]
fn criteria_are_read_from_brackets_in_either_spelling() {
    let shop = Shop::new(Options::default());
    let snake = "searchCriteria[filter_groups][0][filters][0][field]=sku&searchCriteria[filter_groups][0][filters][0][value]=TEA-%25\
        &searchCriteria[filter_groups][0][filters][0][condition_type]=like&searchCriteria[page_size]=2&searchCriteria[current_page]=2";
    let camel = "search_criteria%5BfilterGroups%5D%5B1%5D%5Bfilters%5D%5B7%5D%5Bfield%5D=sku&search_criteria[filterGroups][1][filters][7][value]=TEA-%25\
        &search_criteria[filterGroups][1][filters][7][conditionType]=like&search_criteria[pageSize]=2&search_criteria[currentPage]=2";
    for query in [snake, camel] {
        let found = shop.read(&format!(
            "/rest/V1/products?{query}&fields=items[sku],total_count"
        ));
        let expected = json!({"items": [{"sku": "TEA-ASSAM-250"}, {"sku": "TEA-EARL-GREY"}], "total_count": 6});
        assert_eq!(found, expected, "{query}");
    }
    let response = shop.call("GET", "/rest/V1/orders", None);
    assert_eq!(
        (response.status, response.text().as_str()),
        (
            400,
            r#"{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"searchCriteria"}}"#
        )
    );
}

#[test]
fn refusals_of_services_print_their_sentences_as_they_stand() {
    let shop = Shop::new(Options::default());
    for (target, status, body) in [
        (
            "/rest/V1/products/999999",
            404,
            r#"{"message":"The product that was requested doesn't exist. Verify the product and try again."}"#,
        ),
        (
            "/rest/V1/customers/999999",
            404,
            r#"{"message":"No such entity with %fieldName = %fieldValue","parameters":{"fieldName":"customerId","fieldValue":999999}}"#,
        ),
        (
            "/rest/V1/customers/0",
            404,
            r#"{"message":"No such entity with %fieldName = %fieldValue","parameters":{"fieldName":"customerId","fieldValue":0}}"#,
        ),
        (
            "/rest/V1/orders/999999",
            404,
            r#"{"message":"The entity that was requested doesn't exist. Verify the entity and try again."}"#,
        ),
        // Derived.
        (
            "/rest/V1/cmsPage/999999",
            404,
            r#"{"message":"The CMS page with the \"%1\" ID doesn't exist.","parameters":[999999]}"#,
        ),
        (
            "/rest/V1/stockItems/a%2Fb",
            404,
            r#"{"message":"The Product with the \"%1\" SKU doesn't exist.","parameters":["a\/b"]}"#,
        ),
        (
            "/rest/V1/stockItems/lowStock/",
            400,
            r#"{"message":"One or more input exceptions have occurred.","errors":[{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"scopeId"}},{"message":"\"%fieldName\" is required. Enter and try again.","parameters":{"fieldName":"qty"}}]}"#,
        ),
    ] {
        let response = shop.call("GET", target, None);
        assert_eq!(
            (response.status, response.text().as_str()),
            (status, body),
            "{target}"
        );
    }
}

#[test]
fn a_visitor_registers_signs_in_and_fills_a_cart() {
    let shop = Shop::new(Options::default());
    let post =
        |request: Request, body: Value| shop.fixture.answer(&with_json(request, &body.to_string()));
    let customer = json!({"email": "kim@example.org", "firstname": "Kim", "lastname": "Doe"});
    let body = json!({"customer": customer, "password": "Correct-horse-9"});
    let registered = value(&post(plain("POST", "/rest/V1/customers"), body));
    let body = json!({"username": "KIM@example.org", "password": "Correct-horse-9"});
    let token = value(&post(
        plain("POST", "/rest/V1/integration/customer/token"),
        body,
    ));
    let bearer = format!("Bearer {}", token.as_str().expect("a token is a text"));
    let mine =
        |method: &str, target: &str| with_header(plain(method, target), "Authorization", &bearer);
    let me = value(&shop.fixture.answer(&mine("GET", "/rest/V1/customers/me")));
    assert_eq!(me, registered);
    let cart = value(&shop.fixture.answer(&mine("POST", "/rest/V1/carts/mine")));
    let body = json!({"cartItem": {"sku": "SET/TEA/2", "qty": 2, "quote_id": cart}});
    let item = value(&post(mine("POST", "/rest/V1/carts/mine/items"), body));
    assert_eq!(item["qty"], 2);
    let seen = value(&shop.fixture.answer(&mine("GET", "/rest/V1/carts/mine")));
    assert_eq!(
        (&seen["id"], &seen["customer"]["email"]),
        (&cart, &json!("kim@example.org"))
    );
    let stranger = value(&shop.call("GET", &format!("/rest/V1/carts/{cart}"), None));
    assert_eq!(stranger["items"][0]["sku"], "SET/TEA/2");
}

#[test]
fn whether_an_address_is_taken_is_told_by_older_releases_only() {
    for (profile, free) in [
        ("magento-2.4.3", "false"),
        ("2.4.5-p2", "false"),
        ("2.4.5-p3", "true"),
        ("2.4.6-p0", "false"),
        ("magento-2.4.7", "true"),
        ("magento-2.4.9", "true"),
    ] {
        let profile = Profile::find(profile).expect("a known profile");
        let fixture = Fixture::with(Options {
            profile,
            ..Options::default()
        });
        let body = r#"{"customerEmail":"roni.cost@example.com","websiteId":1}"#;
        let ask = with_json(plain("POST", "/rest/V1/customers/isEmailAvailable"), body);
        assert_eq!(fixture.answer(&ask).text(), free, "{}", profile.name);
    }
}

#[test]
fn the_users_answers_serve_routes_without_data() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let name = "GET__V1__inventory__get-product-salable-quantity__:sku__:stockId.json";
    fs::write(folder.path().join(name), "7").expect("written");
    let rest_answers = Answers::load(folder.path(), baseline::routes(Release::V2_4_7));
    let rest_answers = rest_answers.expect("the folder is good");
    let shop = Shop::new(Options {
        rest_answers,
        ..Options::default()
    });
    assert_eq!(
        shop.read("/rest/all/V1/inventory/get-product-salable-quantity/x/1/"),
        json!(7)
    );
    assert_eq!(
        shop.call("GET", "/rest/V1/attributeMetadata/customer", None)
            .status,
        501
    );
    let target = "/rest/V1/inventory/get-product-salable-quantity/x/1";
    let guest = shop.fixture.answer(&plain("GET", target));
    assert_eq!(guest.status, 401);
}

#[test]
fn a_change_is_there_after_a_restart() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let start = || {
        let storage = Sqlite::open(&folder.path().join("store.db")).expect("the file opens");
        let entropy = Box::new(SeededEntropy::new(7));
        let clock = Arc::new(MovableClock::standing(NOW));
        Store::open(Options::default(), Box::new(storage), clock, entropy).expect("a store opens")
    };
    let id = value(&answer(&start(), &plain("POST", "/rest/V1/guest-carts")));
    let target = format!("/rest/V1/guest-carts/{}", id.as_str().expect("a text"));
    let cart = value(&answer(&start(), &plain("GET", &target)));
    assert_eq!(cart["id"], 2);
}

#[test]
fn xml_in_and_out_works_on_data_too() {
    let shop = Shop::new(Options::default());
    let request = with_header(
        plain("POST", "/rest/V1/customerGroups"),
        "Authorization",
        &format!("Bearer {}", shop.token),
    );
    let request = with_header(request, "Content-Type", "application/xml");
    let mut request = with_header(request, "Accept", "application/xml");
    request.body =
        b"<request><group><code>Friends</code><tax_class_id>3</tax_class_id></group></request>"
            .to_vec();
    let response = shop.fixture.answer(&request);
    assert_eq!(
        response.text(),
        "<?xml version=\"1.0\"?>\n<response>\n  <id>4</id>\n  <code>Friends</code>\n  <tax_class_id>3</tax_class_id>\n  \
         <tax_class_name>Retail Customer</tax_class_name>\n</response>\n"
    );
}
