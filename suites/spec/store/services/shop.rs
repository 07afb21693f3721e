//! Stores, directory, products, categories and stock (unmeasured sentences are marked).

use magespec::store::services::{self, Failure, Fault, Parameters, sentence};
use serde_json::{Value, json};

use crate::spec::store::services::all::{Services, filter};

const SKUS: [&str; 5] = [
    "TEA-SENCHA-100",
    "SET/TEA/2",
    "CUP WHITE 200",
    "50%-OFF-CUP",
    "KÄNNCHEN-Ü",
];

#[test]
fn stores_modules_and_the_directory_are_there_for_everybody() {
    let services = Services::new();
    let read = |route: &str| services.good(&format!("GET {route}"), json!({}));
    let views = read("/V1/store/storeViews");
    assert_eq!(
        views[0].to_string(),
        r#"{"id":1,"code":"default","name":"Default Store View","website_id":1,"store_group_id":1,"is_active":1}"#
    );
    assert_eq!(read("/V1/store/websites")[0]["default_group_id"], 1);
    assert_eq!(read("/V1/store/storeGroups")[1]["root_category_id"], 2);
    let configs = read("/V1/store/storeConfigs");
    assert_eq!(
        configs[0]["secure_base_media_url"], "http://shop.example/media/",
        "there is no secure URL of its own"
    );
    let one = services.good(
        "GET /V1/store/storeConfigs",
        json!({"storeCodes": {"0": "default"}}),
    );
    assert_eq!(one, configs);
    let none = services.good(
        "GET /V1/store/storeConfigs",
        json!({"storeCodes": ["other"]}),
    );
    assert_eq!(none, json!([]));
    let modules = read("/V1/modules");
    assert_eq!(modules[0], "Magento_Store");
    assert_eq!(
        modules.as_array().and_then(|list| list.last()),
        Some(&json!("Acme_Orders"))
    );
    assert_eq!(read("/V1/directory/currency")["base_currency_code"], "USD");
    let country = services.good(
        "GET /V1/directory/countries/:countryId",
        json!({"countryId": "DE"}),
    );
    assert_eq!(country["available_regions"][1]["name"], "Baden-Württemberg");
    // Derived.
    let fault = services.fault(
        "GET /V1/directory/countries/:countryId",
        json!({"countryId": "XX"}),
    );
    assert_eq!(fault, Fault::new(404, sentence::NO_SUCH_COUNTRY));
    assert!(services::is_store_code("default") && !services::is_store_code("V1"));
}

#[test]
fn a_product_is_found_by_any_sku_and_carries_its_stock() {
    let services = Services::new();
    for sku in SKUS {
        let product = services.good("GET /V1/products/:sku", json!({"sku": sku}));
        assert_eq!(product["sku"], sku);
        let stock = services.good("GET /V1/stockItems/:productSku", json!({"productSku": sku}));
        assert_eq!(product["extension_attributes"]["stock_item"], stock);
        let status = services.good(
            "GET /V1/stockStatuses/:productSku",
            json!({"productSku": sku}),
        );
        assert_eq!(status["stock_status"], 1);
        assert_eq!(status["qty"], stock["qty"]);
    }
    let fault = services.fault("GET /V1/products/:sku", json!({"sku": "999999"}));
    assert_eq!(fault, Fault::new(404, sentence::NO_SUCH_PRODUCT));
    // Derived.
    let fault = services.fault(
        "GET /V1/stockItems/:productSku",
        json!({"productSku": "none"}),
    );
    assert_eq!(
        fault,
        Fault::with(404, sentence::NO_SUCH_STOCK, [json!("none")])
    );
}

#[test]
fn a_product_is_made_changed_and_removed_under_any_sku() {
    let services = Services::new();
    for sku in ["NEW/1", "new 2 %2F", "Ünï"] {
        let body = json!({"product": {"sku": sku, "name": "New", "price": "3.50", "attribute_set_id": 4,
            "extension_attributes": {"stock_item": {"qty": 5, "is_in_stock": true}},
            "custom_attributes": [{"attribute_code": "color", "value": "9"}]}});
        let product = services.good("POST /V1/products", body);
        assert_eq!(product["price"], 3.5);
        assert_eq!(product["extension_attributes"]["stock_item"]["qty"], 5.0);
        assert_eq!(
            services.found("GET /V1/products", filter("color", "eq", "9"), "sku"),
            [sku]
        );
        let body = json!({"sku": sku, "product": {"sku": "other", "name": "Newer", "custom_attributes": [{"attribute_code": "color", "value": "8"}]}});
        let changed = services.good("PUT /V1/products/:sku", body);
        assert_eq!(
            (&changed["id"], &changed["sku"]),
            (&product["id"], &product["sku"])
        );
        assert_eq!(
            (&changed["name"], &changed["price"]),
            (&json!("Newer"), &json!(3.5))
        );
        let attributes = changed["custom_attributes"].as_array().expect("a list");
        let codes: Vec<_> = attributes
            .iter()
            .map(|one| &one["attribute_code"])
            .collect();
        // A new product has these as well (measured 2.4.7-p3).
        assert_eq!(
            codes,
            [
                "options_container",
                "url_key",
                "msrp_display_actual_price_type",
                "required_options",
                "has_options",
                "tax_class_id",
                "color",
                "category_ids"
            ]
        );
        assert_eq!(
            (&attributes[1]["value"], &attributes[6]["value"]),
            (&json!("new"), &json!("8"))
        );
        assert_eq!(
            services.good("DELETE /V1/products/:sku", json!({"sku": sku})),
            true
        );
        assert_eq!(
            services
                .fault("GET /V1/products/:sku", json!({"sku": sku}))
                .status,
            404
        );
    }
}

#[test]
fn what_a_store_refuses_of_a_product_is_refused() {
    let services = Services::new();
    let product = |change: serde_json::Value| {
        let mut product = json!({"sku": "p", "name": "Brand new", "attribute_set_id": 4});
        for (name, value) in change.as_object().expect("an object") {
            product[name] = value.clone();
        }
        json!({"product": product})
    };
    // Measured 2.4.7-p3.
    let long = services.fault("POST /V1/products", product(json!({"sku": "x".repeat(65)})));
    assert_eq!(long.message, "SKU length should be 64 characters maximum.");
    let negative = services.fault("POST /V1/products", product(json!({"price": -1})));
    assert_eq!(negative, Fault::new(400, sentence::NEGATIVE_PRICE));
    let first = services.good("POST /V1/products", product(json!({})));
    assert_eq!(first.get("price"), None);
    let second = services.fault("POST /V1/products", product(json!({"sku": "q"})));
    assert_eq!(second, Fault::new(400, sentence::URL_KEY_TAKEN));
}

#[test]
fn a_product_without_what_it_needs_is_refused() {
    let services = Services::new();
    assert_eq!(
        services.fault("POST /V1/products", json!({})),
        Fault::required(&["product"])
    );
    for (product, label) in [
        (json!({"sku": "", "attribute_set_id": 4}), "sku"),
        (json!({"sku": "x", "attribute_set_id": 4}), "Product Name"),
    ] {
        let fault = services.fault("POST /V1/products", json!({"product": product}));
        assert_eq!(
            (fault.message, fault.parameters),
            (
                sentence::EMPTY_ATTRIBUTE.replace("%1", label).into(),
                Parameters::Absent
            )
        );
    }
    for set in [Value::Null, json!(999)] {
        let body =
            json!({"product": {"sku": "x", "name": "y", "price": 1, "attribute_set_id": set}});
        let why = [json!(sentence::INVALID_SET)];
        assert_eq!(
            services.fault("POST /V1/products", body),
            Fault::with(400, sentence::INVALID_PRODUCT, why)
        );
    }
    let nameless = services.answer("POST /V1/products", &json!({"product": {"name": "x"}}));
    assert!(matches!(nameless, Err(Failure::Broken(_))));
    let fault = services.fault(
        "POST /V1/products",
        json!({"product": {"sku": "x", "name": "y", "price": "dear"}}),
    );
    assert_eq!(
        fault.message,
        "Error occurred during \"price\" processing. The \"dear\" value's type is invalid. The \"float\" type was expected. Verify and try again."
    );
    assert_eq!(
        services
            .fault("GET /V1/products/:sku", json!({"sku": "x"}))
            .status,
        404
    );
}

#[test]
fn what_hangs_on_a_product_is_empty_or_says_that_there_is_nothing() {
    let services = Services::new();
    let of = |part: &str| {
        services.good(
            &format!("GET /V1/{part}"),
            json!({"sku": "SET/TEA/2", "type": "related", "customerGroupId": "0"}),
        )
    };
    for part in [
        "products/:sku/media",
        "products/:sku/options",
        "products/:sku/links/:type",
        "products/:sku/group-prices/:customerGroupId/tiers",
        "configurable-products/:sku/children",
    ] {
        assert_eq!(of(part), json!([]), "{part}");
    }
    // Derived.
    for (part, status, message) in [
        ("products/:sku/media/:entryId", 404, sentence::NO_SUCH_IMAGE),
        (
            "products/:sku/options/:optionId",
            404,
            sentence::NO_SUCH_OPTION,
        ),
        ("products/:sku/links/:type", 404, sentence::NO_SUCH_LINK),
        (
            "configurable-products/:sku/options/all",
            400,
            sentence::NOT_CONFIGURABLE,
        ),
    ] {
        let fields =
            json!({"sku": "SET/TEA/2", "entryId": "1", "optionId": "1", "type": "friends"});
        let fault = services.fault(&format!("GET /V1/{part}"), fields);
        assert_eq!((fault.status, &*fault.message), (status, message), "{part}");
        let fault = services.fault(
            &format!("GET /V1/{part}"),
            json!({"sku": "none", "entryId": "1", "optionId": "1", "type": "related"}),
        );
        let expected = match message {
            sentence::NO_SUCH_IMAGE => sentence::NO_PRODUCT_OF_IMAGE,
            _ => sentence::NO_SUCH_PRODUCT,
        };
        assert_eq!(fault.message, expected, "{part}");
    }
}

#[test]
fn attributes_are_listed_by_code_by_set_and_by_kind() {
    let services = Services::new();
    let color = services.good(
        "GET /V1/products/attributes/:attributeCode",
        json!({"attributeCode": "color"}),
    );
    assert_eq!(color["options"][2]["label"], "Blue");
    let options = services.good(
        "GET /V1/products/attributes/:attributeCode/options",
        json!({"attributeCode": "color"}),
    );
    assert_eq!(options, color["options"]);
    // Derived.
    let fault = services.fault(
        "GET /V1/products/attributes/:attributeCode",
        json!({"attributeCode": "taste"}),
    );
    assert_eq!(
        fault,
        Fault::with(404, sentence::NO_SUCH_ATTRIBUTE, [json!("taste")])
    );
    let images = services.good(
        "GET /V1/products/media/types/:attributeSetName",
        json!({"attributeSetName": "Tea"}),
    );
    assert_eq!(images.as_array().map(Vec::len), Some(3));
    let groups = services.found(
        "GET /V1/products/attribute-sets/groups/list",
        filter("attribute_set_id", "eq", "9"),
        "attribute_group_id",
    );
    assert_eq!(groups, ["91", "92", "93"]);
    let set = json!({"attributeSetId": "999999"});
    let fault = services.fault(
        "GET /V1/products/attribute-sets/:attributeSetId/attributes",
        set,
    );
    assert_eq!(fault, Fault::no_such("id", "999999"));
}

#[test]
fn the_tree_begins_at_its_root_and_ends_at_its_depth() {
    let services = Services::new();
    let tree = services.good("GET /V1/categories", json!({}));
    assert_eq!((&tree["id"], &tree["level"]), (&json!(2), &json!(1)));
    assert_eq!(
        tree["children_data"][0]["children_data"][1]["name"],
        "Black Tea"
    );
    let flat = services.good(
        "GET /V1/categories",
        json!({"rootCategoryId": "3", "depth": "0"}),
    );
    assert_eq!(flat["children_data"], json!([]));
    assert_eq!(flat["product_count"], 6);
    let one = services.good("GET /V1/categories/:categoryId", json!({"categoryId": "3"}));
    assert_eq!(
        (&one["children"], &one["path"]),
        (&json!("4,5"), &json!("1/2/3"))
    );
    let fault = services.fault("GET /V1/categories", json!({"rootCategoryId": "999999"}));
    assert_eq!(fault, Fault::no_such("id", 999_999));
}

#[test]
fn a_category_is_made_filled_and_removed_with_what_is_below() {
    let services = Services::new();
    let body = json!({"category": {"name": "Matcha", "parent_id": 4, "is_active": "false"}});
    let category = services.good("POST /V1/categories", body);
    assert_eq!(
        (&category["path"], &category["is_active"]),
        (&json!("1/2/3/4/9"), &json!(false))
    );
    let body = json!({"categoryId": "9", "productLink": {"sku": "TEA-GYOKURO-50", "position": 3, "category_id": "9"}});
    assert_eq!(
        services.good("POST /V1/categories/:categoryId/products", body.clone()),
        true
    );
    assert_eq!(
        services.good("PUT /V1/categories/:categoryId/products", body),
        true
    );
    let links = || {
        services.good(
            "GET /V1/categories/:categoryId/products",
            json!({"categoryId": "9"}),
        )
    };
    assert_eq!(
        links(),
        json!([{"sku": "TEA-GYOKURO-50", "position": 3, "category_id": "9"}])
    );
    let body = json!({"categoryId": "9", "sku": "TEA-GYOKURO-50"});
    assert_eq!(
        services.good("DELETE /V1/categories/:categoryId/products/:sku", body),
        true
    );
    assert_eq!(links(), json!([]));
    assert_eq!(
        services.good(
            "PUT /V1/categories/:id",
            json!({"id": "9", "category": {"name": "Koicha"}})
        )["name"],
        "Koicha"
    );
    assert_eq!(
        services.good(
            "DELETE /V1/categories/:categoryId",
            json!({"categoryId": "4"})
        ),
        true
    );
    for id in [4, 9] {
        let fault = services.fault("GET /V1/categories/:categoryId", json!({"categoryId": id}));
        assert_eq!(fault, Fault::no_such("id", id));
    }
    let fault = services.fault(
        "DELETE /V1/categories/:categoryId",
        json!({"categoryId": "2"}),
    );
    assert_eq!(fault.message, sentence::CATEGORY_KEPT);
}

#[test]
fn stock_changes_by_its_item_and_low_stock_is_listed() {
    let services = Services::new();
    let low = || {
        let fields = json!({"scopeId": "1", "qty": "10"});
        services.good("GET /V1/stockItems/lowStock/", fields)["total_count"].clone()
    };
    assert_eq!(low(), 3);
    let body = json!({"productSku": "TEA-WINTER", "itemId": "12", "stockItem": {"qty": 90, "is_in_stock": true}});
    assert_eq!(
        services.good("PUT /V1/products/:productSku/stockItems/:itemId", body),
        12
    );
    assert_eq!(low(), 2);
}
