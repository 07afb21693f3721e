//! Carts of guests and customers (unmeasured sentences are marked).

use magespec::store::services::{Fault, sentence};
use serde_json::{Value, json};

use crate::spec::store::services::all::Services;

#[test]
fn a_guests_cart_is_known_by_its_public_id_only() {
    let mut services = Services::new();
    let id = services.good("POST /V1/guest-carts", json!({}));
    assert_eq!(id.as_str().map(str::len), Some(32));
    let cart = services.good("GET /V1/guest-carts/:cartId", json!({"cartId": id}));
    assert_eq!(
        (&cart["items"], &cart["customer_is_guest"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(cart.get("masked_id"), None);
    let fault = services.fault("GET /V1/guest-carts/:cartId", json!({"cartId": cart["id"]}));
    assert_eq!(fault, Fault::no_such("cartId", Value::Null));
    services.caller = None;
    let fault = services.fault("POST /V1/guest-carts", json!({}));
    assert_eq!(fault, Fault::new(400, sentence::NO_QUOTE));
}

#[test]
fn a_cart_is_filled_up_to_the_stock_and_emptied() {
    let services = Services::new();
    let id = services.good("POST /V1/guest-carts", json!({}));
    let put = |sku: &str, quantity: Value| json!({"cartId": id, "cartItem": {"sku": sku, "qty": quantity, "quote_id": id}});
    services.good(
        "POST /V1/guest-carts/:cartId/items",
        put("TEA-GYOKURO-50", json!(10)),
    );
    let item = services.good(
        "POST /V1/guest-carts/:cartId/items",
        put("TEA-GYOKURO-50", json!("4")),
    );
    assert_eq!(item["qty"], 14.0);
    for (sku, quantity) in [
        ("TEA-GYOKURO-50", 2),
        ("TEA-WINTER", 1),
        ("TEA-SENCHA-100", 0),
        ("TEA-SENCHA-100", -1),
    ] {
        let fault = services.fault(
            "POST /V1/guest-carts/:cartId/items",
            put(sku, json!(quantity)),
        );
        assert_eq!(fault.message, sentence::NOT_ENOUGH, "{sku} {quantity}");
    }
    let totals = services.good("GET /V1/guest-carts/:cartId/totals", json!({"cartId": id}));
    assert_eq!(totals["items_qty"], 14.0);
    assert!((totals["grand_total"].as_f64().expect("a number") - 348.6).abs() < 0.005);
    let item = json!({"cartId": id, "itemId": item["item_id"]});
    assert_eq!(
        services.good("DELETE /V1/guest-carts/:cartId/items/:itemId", item.clone()),
        true
    );
    assert_eq!(
        services
            .fault("DELETE /V1/guest-carts/:cartId/items/:itemId", item)
            .message,
        sentence::NO_SUCH_ITEM
    );
    assert_eq!(
        services.good("GET /V1/guest-carts/:cartId/items", json!({"cartId": id})),
        json!([])
    );
}

#[test]
fn a_customers_cart_is_opened_once() {
    let mut services = Services::new();
    assert_eq!(
        services.fault("POST /V1/carts/mine", json!({})),
        Fault::required(&["customerId"])
    );
    services.sign_in("roni.cost@example.com");
    let fault = services.fault("GET /V1/carts/mine", json!({}));
    assert_eq!(fault, Fault::no_such("customerId", 1));
    let id = services.good("POST /V1/carts/mine", json!({}));
    assert_eq!(services.good("POST /V1/carts/mine", json!({})), id);
    let cart = services.good("GET /V1/carts/mine", json!({}));
    assert_eq!((&cart["id"], &cart["customer"]["id"]), (&id, &json!(1)));
    assert_eq!(
        services.good("GET /V1/carts/:cartId", json!({"cartId": id})),
        cart
    );
}
