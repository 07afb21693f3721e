//! `searchCriteria` over the seed: conditions, groups, sorting, pages (the published guide "Search using REST endpoints").

use magespec::store::services::{Fault, sentence};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::store_services::{Bench, filter};

const PRODUCTS: &str = "GET /V1/products";

#[test]
fn each_condition_finds_what_its_name_says() {
    let bench = Bench::new();
    let ids = |field: &str, condition: &str, value: Value| {
        bench
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
        ("id", "in", json!(["1", "2"]), "1 2"),
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
    let bench = Bench::new();
    let criteria = json!({"filterGroups": [
        {"filters": [
            {"field": "sku", "value": "TEA-%", "conditionType": "like"},
            {"field": "sku", "value": "CUP%", "conditionType": "like"},
        ]},
        {"filters": {"0": {"field": "status", "value": "1"}}},
        {"filters": [{"field": "price", "value": "9", "condition_type": "lt"}]},
    ]});
    assert_eq!(
        bench.found(PRODUCTS, criteria, "sku"),
        ["TEA-EARL-GREY", "CUP WHITE 200", "TEA-GUIDE-PDF"]
    );
}

#[test]
fn orders_of_sorting_follow_one_another_and_descend_unless_told() {
    let bench = Bench::new();
    let sorted = |orders: Value| {
        let criteria = json!({"sort_orders": orders});
        bench
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
    let fault = bench.fault(
        "GET /V1/orders",
        json!({"searchCriteria": {"sortOrders": [{"field": "x", "direction": "up"}]}}),
    );
    assert_eq!(
        fault,
        Fault::with(400, sentence::DIRECTION, [json!("ASC"), json!("DESC")])
    );
}

#[test]
fn pages_follow_one_another_and_the_last_is_shown_again() {
    let bench = Bench::new();
    let page = |number: i64| {
        let criteria = json!({"pageSize": "5", "currentPage": number});
        bench.found(PRODUCTS, criteria, "id").join(" ")
    };
    assert_eq!(page(1), "1 2 3 4 5");
    assert_eq!(page(3), "11 12");
    assert_eq!(page(4), "11 12");
    assert_eq!(page(0), "1 2 3 4 5");
    assert_eq!(page(-1), "1 2 3 4 5");
    let fields = json!({"search_criteria": {"page_size": "2", "current_page": "2"}});
    let answer = bench.good(PRODUCTS, fields);
    assert_eq!(answer["total_count"], 12);
    assert_eq!(
        answer["search_criteria"].to_string(),
        r#"{"filter_groups":[],"page_size":2,"current_page":2}"#
    );
    let fault = bench.fault(PRODUCTS, json!({"searchCriteria": {"pageSize": "many"}}));
    assert_eq!(fault, Fault::wrong_type("many", "int").during("pageSize"));
}

#[test]
fn criteria_are_echoed_and_an_unknown_condition_is_refused() {
    let bench = Bench::new();
    let criteria =
        json!({"filter_groups": {"0": {"filters": {"0": {"field": "sku", "value": "x"}}}}});
    let answer = bench.good(PRODUCTS, json!({"searchCriteria": criteria}));
    assert_eq!(answer["search_criteria"], filter("sku", "eq", "x"));
    assert_eq!(answer["total_count"], 0);
    let fault = bench.fault(
        PRODUCTS,
        json!({"searchCriteria": filter("sku", "regexp", "x")}),
    );
    assert_eq!(
        (fault.status, &*fault.message),
        (400, sentence::INVALID_VALUE)
    );
}

#[test]
fn a_field_that_is_no_attribute_is_refused_where_fields_are_attributes() {
    let bench = Bench::new();
    for (list, refused) in [
        (PRODUCTS, true),
        ("GET /V1/customers/search", true),
        ("GET /V1/categories/list", true),
        ("GET /V1/orders", false),
    ] {
        for criteria in [
            filter("no_such_field", "eq", "1"),
            json!({"sortOrders": [{"field": "no_such_field", "direction": "ASC"}]}),
        ] {
            let fields = json!({"searchCriteria": criteria});
            if refused {
                let expected =
                    Fault::with(400, sentence::INVALID_ATTRIBUTE, [json!("no_such_field")]);
                assert_eq!(bench.fault(list, fields), expected, "{list}");
            } else {
                bench.good(list, fields);
            }
        }
    }
}

proptest! {
    #[test]
    fn a_search_and_its_opposite_share_out_the_rows(pattern in "[a-zA-Z0-9%_ü ]{0,6}") {
        let bench = Bench::new();
        for (one, other) in [("like", "nlike"), ("eq", "neq"), ("in", "nin"), ("finset", "nfinset")] {
            let count = |condition| bench.found(PRODUCTS, filter("name", condition, pattern.clone()), "id").len();
            prop_assert_eq!(count(one) + count(other), 12);
        }
    }

    #[test]
    fn no_criteria_break_a_search(field in "\\PC{0,12}", value in "\\PC{0,12}", size in any::<i64>(), page in any::<i64>()) {
        let bench = Bench::new();
        let criteria = json!({"filter_groups": [{"filters": [{"field": field, "value": value, "condition_type": "like"}]}],
            "sort_orders": [{"field": field, "direction": "ASC"}], "page_size": size, "current_page": page});
        let answer = bench.good("GET /V1/orders", json!({"searchCriteria": criteria}));
        prop_assert!(answer["items"].is_array());
    }
}
