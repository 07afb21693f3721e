//! `searchCriteria` over the seed: conditions, groups, sorting, pages (the published guide "Search using REST endpoints").

use magespec::store::services::{Failure, Fault, sentence};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::spec::store::services::all::{Services, filter};

const PRODUCTS: &str = "GET /V1/products";

#[test]
fn each_condition_finds_what_its_name_says() {
    let services = Services::new();
    let ids = |field: &str, condition: &str, value: Value| {
        services
            .found(PRODUCTS, filter(field, condition, value), "id")
            .join(" ")
    };
    let table = [
        ("sku", "eq", json!("tea-sencha-100"), "1"),
        ("sku", "eq", json!("SET/TEA/2"), "5"),
        (
            "sku",
            "neq",
            json!("TEA-SENCHA-100"),
            "2 3 4 5 6 7 8 9 10 11 12",
        ),
        ("sku", "like", json!("TEA-%"), "1 2 3 4 10 12"),
        ("sku", "like", json!("%n_h%"), "1 8"),
        ("name", "nlike", json!("%tea%"), "1 2 3 4 6 7 8 9 11 12"),
        ("sku", "in", json!("TEA-SENCHA-100,KÄNNCHEN-Ü"), "1 8"),
        ("entity_id", "in", json!("1,2"), "1 2"),
        ("entity_id", "nin", json!("1,2,3,4,5,6,7,8,9"), "10 11 12"),
        ("price", "gt", json!("24.9"), "5 9"),
        ("price", "gteq", json!("24.9"), "2 5 9"),
        ("price", "moreq", json!(25), "5 9"),
        ("price", "lt", json!("4"), "7 10"),
        ("price", "lteq", json!("4"), "7 10 11"),
        ("created_at", "from", json!("2026-01-20 00:00:00"), "11 12"),
        ("created_at", "to", json!("2026-01-10 10:00:00"), "1"),
        ("weight", "null", json!(""), "9 10"),
        ("weight", "notnull", json!(""), "1 2 3 4 5 6 7 8 11 12"),
        ("category_ids", "finset", json!("7"), "6 7"),
        ("category_ids", "nfinset", json!("3"), "5 6 7 8 9 11"),
        ("category_id", "eq", json!("4"), "1 2"),
        ("url_key", "eq", json!("old-cup"), "11"),
        ("special_price", "eq", json!("1"), ""),
        ("special_price", "neq", json!("1"), ""),
    ];
    for (field, condition, value, expected) in table {
        assert_eq!(
            ids(field, condition, value.clone()),
            expected,
            "{field} {condition} {value}"
        );
    }
}

#[test]
fn groups_must_all_fit_and_one_filter_of_a_group_is_enough() {
    let services = Services::new();
    let criteria = json!({"filterGroups": [
        {"filters": [
            {"field": "sku", "value": "TEA-%", "conditionType": "like"},
            {"field": "sku", "value": "CUP%", "conditionType": "like"},
        ]},
        {"filters": {"0": {"field": "status", "value": "1"}}},
        {"filters": [{"field": "price", "value": "9", "condition_type": "lt"}]},
    ]});
    assert_eq!(
        services.found(PRODUCTS, criteria, "sku"),
        ["TEA-EARL-GREY", "CUP WHITE 200", "TEA-GUIDE-PDF"]
    );
}

#[test]
fn orders_of_sorting_follow_one_another_and_descend_unless_told() {
    let services = Services::new();
    let sorted = |orders: Value| {
        let criteria = json!({"sort_orders": orders});
        services
            .found("GET /V1/orders", criteria, "entity_id")
            .join("")
    };
    assert_eq!(
        sorted(json!([{"field": "entity_id", "direction": "ASC"}])),
        "1234567"
    );
    assert_eq!(sorted(json!([{"field": "entity_id"}])), "7654321");
    assert_eq!(
        sorted(
            json!({"0": {"field": "status", "direction": "desc"}, "1": {"field": "grand_total", "direction": "asc"}})
        ),
        "2516374"
    );
    let fault = services.fault(
        "GET /V1/orders",
        json!({"searchCriteria": {"sortOrders": [{"field": "x", "direction": "up"}]}}),
    );
    assert_eq!(
        fault,
        Fault::with(400, sentence::DIRECTION, [json!("ASC"), json!("DESC")])
    );
}

#[test]
fn pages_follow_one_another_and_the_last_is_followed_by_nothing() {
    let services = Services::new();
    let page = |number: i64| {
        let criteria = json!({"pageSize": "5", "currentPage": number});
        services.found(PRODUCTS, criteria, "id").join(" ")
    };
    assert_eq!(page(1), "1 2 3 4 5");
    assert_eq!(page(3), "11 12");
    assert_eq!(page(4), "");
    assert_eq!(page(0), "1 2 3 4 5");
    assert_eq!(page(-1), "1 2 3 4 5");
    let fields = json!({"search_criteria": {"page_size": "2", "current_page": "2"}});
    let answer = services.good(PRODUCTS, fields);
    assert_eq!(answer["total_count"], 12);
    assert_eq!(
        answer["search_criteria"].to_string(),
        r#"{"filter_groups":[],"page_size":2,"current_page":2}"#
    );
    let fault = services.fault(PRODUCTS, json!({"searchCriteria": {"pageSize": "many"}}));
    assert_eq!(fault, Fault::wrong_type("many", "int").during("pageSize"));
}

#[test]
fn criteria_are_echoed_and_an_unknown_condition_fits_nothing() {
    let services = Services::new();
    let criteria =
        json!({"filter_groups": {"0": {"filters": {"0": {"field": "sku", "value": "x"}}}}});
    let answer = services.good(PRODUCTS, json!({"searchCriteria": criteria}));
    assert_eq!(answer["search_criteria"], filter("sku", "eq", "x"));
    assert_eq!(answer["total_count"], 0);
    let unknown = filter("sku", "regexp", "x");
    let answer = services.good(PRODUCTS, json!({"searchCriteria": unknown}));
    assert_eq!(answer["search_criteria"], unknown);
    assert_eq!(answer["total_count"], 0);
}

#[test]
fn a_field_that_is_no_attribute_is_refused_where_fields_are_attributes() {
    let services = Services::new();
    for list in [
        PRODUCTS,
        "GET /V1/customers/search",
        "GET /V1/categories/list",
    ] {
        let unknown = json!({"searchCriteria": filter("no_such_field", "eq", "1")});
        let expected = Fault::with(400, sentence::INVALID_ATTRIBUTE, [json!("no_such_field")]);
        assert_eq!(services.fault(list, unknown), expected, "{list}");
        let none = json!({"searchCriteria": {"filter_groups": [{"filters": [{"value": "1"}]}]}});
        let expected = Fault::with(400, sentence::INVALID_ATTRIBUTE, [Value::Null]);
        assert_eq!(services.fault(list, none), expected, "{list}");
        services.good(list, json!({"searchCriteria": order("no_such_field")}));
    }
}

/// Measured 2.4.7-p3.
#[test]
fn a_field_that_is_no_column_breaks_a_search_among_rows_of_a_table() {
    let services = Services::new();
    for list in [
        "GET /V1/orders",
        "GET /V1/invoices",
        "GET /V1/cmsPage/search",
        "GET /V1/customerGroups/search",
        "GET /V1/carts/search",
        "GET /V1/eav/attribute-sets/list",
        "GET /V1/products/attributes",
    ] {
        for criteria in [filter("nope", "eq", "1"), order("nope")] {
            let answer = services.answer(list, &json!({"searchCriteria": criteria}));
            assert!(matches!(answer, Err(Failure::Internal(_))), "{list}");
        }
    }
}

/// Measured 2.4.7-p3.
#[test]
fn criteria_of_another_shape_are_refused_by_name_or_type() {
    let services = Services::new();
    let refused = |criteria: Value| services.fault(PRODUCTS, json!({"searchCriteria": criteria}));
    for criteria in [
        json!({"nope": 1}),
        json!({"filterGroups": [{"nope": 1}]}),
        json!({"filterGroups": [{"filters": [{"nope": 1}]}]}),
    ] {
        let fault = refused(criteria);
        assert_eq!(
            fault,
            Fault::named(400, sentence::NOT_SUPPORTED, [("fieldName", json!("Nope"))])
        );
    }
    let fault = refused(json!({"filterGroups": [{"filters": [{"field": ["sku"]}]}]}));
    assert_eq!(
        fault.message,
        "Error occurred during \"filterGroups\" processing. Error occurred during \"filters\" processing. Error occurred during \
         \"field\" processing. The \"array\" value's type is invalid. The \"string\" type was expected. Verify and try again."
    );
    let fault = refused(order("a;b"));
    assert_eq!(
        fault,
        Fault::with(400, sentence::RESTRICTED_SYMBOLS, [json!("a;b")])
    );
}

fn order(field: &str) -> Value {
    json!({"sortOrders": [{"field": field, "direction": "ASC"}]})
}

proptest! {
    #[test]
    fn a_search_and_its_opposite_share_out_the_rows(pattern in "[a-zA-Z0-9%_ü ]{0,6}") {
        let services = Services::new();
        for (one, other) in [("like", "nlike"), ("eq", "neq"), ("in", "nin"), ("finset", "nfinset")] {
            let count = |condition| services.found(PRODUCTS, filter("name", condition, pattern.clone()), "id").len();
            prop_assert_eq!(count(one) + count(other), 12);
        }
    }

    #[test]
    fn no_criteria_break_a_search(field in "\\PC{0,12}", value in "\\PC{0,12}", size in any::<i64>(), page in any::<i64>()) {
        let services = Services::new();
        let criteria = json!({"filter_groups": [{"filters": [{"field": field, "value": value, "condition_type": "like"}]}],
            "sort_orders": [{"field": field, "direction": "ASC"}], "page_size": size, "current_page": page});
        match services.answer("GET /V1/orders", &json!({"searchCriteria": criteria})) {
            Ok(answer) => prop_assert!(answer["items"].is_array()),
            Err(failure) => prop_assert!(!matches!(failure, Failure::Storage(_))),
        }
    }
}
