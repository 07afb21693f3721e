//! Whatever a client sends, a service answers or refuses; nothing panics, nothing unreadable is kept.

use magespec::store::services::{self, Failure, sentence};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::spec::store::services::all::Services;

/// Names that services look for, at any depth.
const NAMES: [&str; 40] = [
    "sku",
    "productSku",
    "cartId",
    "quoteId",
    "itemId",
    "id",
    "categoryId",
    "customerId",
    "addressId",
    "pageId",
    "blockId",
    "attributeSetId",
    "customerGroupId",
    "type",
    "searchCriteria",
    "filter_groups",
    "filters",
    "field",
    "value",
    "condition_type",
    "page_size",
    "product",
    "category",
    "customer",
    "cartItem",
    "group",
    "page",
    "block",
    "attributeSet",
    "productLink",
    "statusHistory",
    "stockItem",
    "custom_attributes",
    "extension_attributes",
    "stock_item",
    "category_links",
    "addresses",
    "name",
    "qty",
    "fields",
];

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        proptest::sample::select(&["1", "2", "TEA-SENCHA-100", "0", "-1", "x@y.example"][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_input_breaks_a_service_or_what_is_kept(
        fields in proptest::collection::vec((name(), json_value()), 0..12),
    ) {
        let mut services = Services::new();
        services.sign_in("roni.cost@example.com");
        let fields = Value::Object(fields.into_iter().collect::<Map<_, _>>());
        for (method, template) in services::served() {
            match services.answer(&format!("{method} {template}"), &fields) {
                Ok(_) | Err(Failure::Internal(_) | Failure::Broken(_)) => {}
                Err(Failure::Fault(fault)) => prop_assert!((400..405).contains(&fault.status)),
                Err(Failure::Storage(error)) => prop_assert!(false, "{method} {template}: {error}"),
            }
        }
    }
}

#[test]
fn the_tree_of_categories_has_a_bottom() {
    let services = Services::new();
    let mut parent = json!(2);
    let fault = loop {
        let body = json!({"category": {"name": "Deeper", "parent_id": parent}});
        match services.answer("POST /V1/categories", &body) {
            Ok(category) => parent = category["id"].clone(),
            Err(Failure::Fault(fault)) => break fault,
            Err(Failure::Internal(_) | Failure::Broken(_)) => {}
            Err(Failure::Storage(error)) => panic!("{error}"),
        }
    };
    assert_eq!(fault.message, sentence::CATEGORY_DEEP);
    assert!(services.good("GET /V1/categories", json!({}))["children_data"].is_array());
}
