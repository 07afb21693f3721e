//! Invoices, shipments and credit memos of orders (docs/protocol/rest.md#orders-and-their-documents).

use serde_json::{Value, json};

use crate::spec::store::services::all::Services;

fn order(services: &Services, id: i64) -> Value {
    services.good("GET /V1/orders/:id", json!({"id": id}))
}

fn refused(services: &Services, route: &str, fields: Value) -> String {
    services.fault(route, fields).message.into_owned()
}

#[test]
fn an_order_is_complete_when_all_of_it_is_paid_and_sent_and_closed_when_all_is_given_back() {
    let services = Services::new();
    let ship = "POST /V1/order/:orderId/ship";
    let invoice = "POST /V1/order/:orderId/invoice";
    let refund = "POST /V1/order/:orderId/refund";
    let part = json!({"orderId": 1, "items": [{"order_item_id": 1, "qty": 1}], "tracks": [
        {"track_number": "1Z", "title": "Parcel", "carrier_code": "custom"}]});
    assert_eq!(services.good(ship, part), "1");
    assert_eq!(order(&services, 1)["state"], "processing");
    let sent = services.good("GET /V1/shipment/:id", json!({"id": 1}));
    assert_eq!(sent["tracks"][0]["track_number"], "1Z");
    assert_eq!(sent["total_qty"], 1);
    // What is too much is cut.
    let rest = json!({"orderId": 1, "items": [
        {"order_item_id": 1, "qty": 9}, {"order_item_id": 2, "qty": 9}]});
    assert_eq!(services.good(ship, rest), "2");
    assert_eq!(order(&services, 1)["items"][0]["qty_shipped"], 2);
    assert_eq!(order(&services, 1)["state"], "processing");
    let number = services.good(invoice, json!({"orderId": 1}));
    let number: i64 = number
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let paid = services.good("GET /V1/invoices/:id", json!({"id": number}));
    assert_eq!(
        (&paid["subtotal"], &paid["grand_total"]),
        (&json!(51), &json!(56))
    );
    let done = order(&services, 1);
    assert_eq!(
        (&done["state"], &done["total_due"], &done["total_paid"]),
        (&json!("complete"), &json!(0), &json!(56))
    );
    let one = json!({"orderId": 1, "items": [{"order_item_id": 1, "qty": 1}],
        "arguments": {"shipping_amount": 0}});
    assert_eq!(services.good(refund, one), "1");
    assert_eq!(order(&services, 1)["state"], "complete");
    assert_eq!(services.good(refund, json!({"orderId": 1})), "2");
    let closed = order(&services, 1);
    assert_eq!(
        (&closed["state"], &closed["total_refunded"]),
        (&json!("closed"), &json!(56))
    );
    let memos = services.good("GET /V1/creditmemos", json!({"searchCriteria": ""}));
    assert_eq!(memos["total_count"], 2);
    assert_eq!(
        refused(&services, refund, json!({"orderId": 1})),
        "Creditmemo Document Validation Error(s):\nA creditmemo can not be created when an order has a status of closed"
    );
}

#[test]
fn what_bars_a_document_is_said_line_by_line() {
    let services = Services::new();
    for (route, expected) in [
        (
            "POST /V1/order/:orderId/invoice",
            "Invoice Document Validation Error(s):\nAn invoice cannot be created when an order has a status of holded",
        ),
        (
            "POST /V1/order/:orderId/ship",
            "Shipment Document Validation Error(s):\nA shipment cannot be created when an order has a status of holded",
        ),
    ] {
        assert_eq!(refused(&services, route, json!({"orderId": 6})), expected);
    }
    assert_eq!(
        refused(
            &services,
            "POST /V1/order/:orderId/invoice",
            json!({"orderId": 4})
        ),
        "Invoice Document Validation Error(s):\nThe invoice can't be created without products. Add products and try again.\nAn invoice cannot be created when an order has a status of canceled"
    );
    assert_eq!(
        refused(
            &services,
            "POST /V1/order/:orderId/refund",
            json!({"orderId": 1})
        ),
        "Creditmemo Document Validation Error(s):\nThe most money available to refund is 0."
    );
    assert_eq!(
        refused(
            &services,
            "POST /V1/order/:orderId/ship",
            json!({"orderId": 3})
        ),
        "Shipment Document Validation Error(s):\nThe order does not allow a shipment to be created.\nYou can't create a shipment without products."
    );
    let much = json!({"orderId": 1, "items": [{"order_item_id": 1, "qty": 5}]});
    assert_eq!(
        refused(&services, "POST /V1/order/:orderId/invoice", much),
        "We found an invalid quantity to invoice item \"%1\"."
    );
    let foreign = json!({"orderId": 1, "items": [{"order_item_id": 99, "qty": 1}]});
    assert_eq!(
        refused(&services, "POST /V1/order/:orderId/ship", foreign),
        "Shipment Document Validation Error(s):\nYou can't create a shipment without products."
    );
}

#[test]
fn a_held_order_goes_back_to_where_it_was() {
    let services = Services::new();
    let (hold, unhold) = ("POST /V1/orders/:id/hold", "POST /V1/orders/:id/unhold");
    assert_eq!(services.good(hold, json!({"id": 1})), true);
    assert_eq!(
        refused(&services, hold, json!({"id": 1})),
        "A hold action is not available."
    );
    assert_eq!(
        services.good("POST /V1/orders/:id/cancel", json!({"id": 1})),
        false
    );
    assert_eq!(services.good(unhold, json!({"id": 1})), true);
    assert_eq!(order(&services, 1)["status"], "pending");
    assert_eq!(
        refused(&services, unhold, json!({"id": 1})),
        "You cannot remove the hold."
    );
    assert_eq!(
        services.good("POST /V1/orders/:id/cancel", json!({"id": 1})),
        true
    );
    assert_eq!(order(&services, 1)["items"][0]["qty_canceled"], 2);
}

#[test]
fn documents_are_commented_on() {
    let services = Services::new();
    let said = json!({"entity": {"comment": "Fine", "parent_id": 1, "is_customer_notified": 0, "is_visible_on_front": 1}});
    let comment = services.good("POST /V1/invoices/comments", said);
    assert_eq!(comment["comment"], "Fine");
    let all = services.good("GET /V1/invoices/:id/comments", json!({"id": 1}));
    assert_eq!(all["total_count"], 2);
    let none = services.good("GET /V1/shipment/:id/comments", json!({"id": 99}));
    assert_eq!(none["items"], json!([]));
    assert_eq!(
        services.good("DELETE /V1/shipment/track/:id", json!({"id": 9})),
        true
    );
}
