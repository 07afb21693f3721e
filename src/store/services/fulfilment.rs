//! What is made of an order: invoices, shipments and credit memos, each with what it changes in the order
//! (docs/protocol/rest.md#orders-and-their-documents).

use serde_json::{Map, Value, json};

use super::call::{entries, flag, integer, number, plain};
use super::documents::{self, CREDIT_MEMOS, INVOICES, SHIPMENTS};
use super::fault::sentence;
use super::orders;
use super::shelf::Shelf;
use super::{Answer, Call, Context, Entry, Failure, Fault, printed};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/order/:orderId/invoice", invoice),
    ("POST", "/V1/order/:orderId/refund", refund),
    ("POST", "/V1/order/:orderId/ship", ship),
    ("POST", "/V1/invoice/:invoiceId/refund", refund_invoice),
];

/// Some of an item of an order.
struct Line {
    /// Where the item stands in the order.
    at: usize,
    quantity: f64,
}

fn amount(value: &Value) -> f64 {
    number(value).unwrap_or_default()
}

/// A number without a fraction is a whole one in JSON.
fn money(amount: f64) -> Value {
    let rounded = (amount * 10_000.0).round() / 10_000.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a sum of prices is far below 2^53, and it has no fraction here"
    )]
    if rounded.fract() == 0.0 {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

fn add_to(row: &mut Value, name: &str, more: f64) {
    row[name] = money(amount(&row[name]) + more);
}

/// How much of an item is left for a document: what was ordered and not canceled, without what earlier ones have.
fn left(item: &Value, done: &str) -> f64 {
    match done {
        "qty_refunded" => amount(&item["qty_invoiced"]) - amount(&item[done]),
        "qty_shipped" if item["product_type"] != "simple" => 0.0,
        _ => amount(&item["qty_ordered"]) - amount(&item["qty_canceled"]) - amount(&item[done]),
    }
}

/// What to do when more of an item is asked for than is left.
enum Excess {
    /// The rest is taken.
    Cut,
    /// This sentence refuses it.
    Refused(&'static str),
}

/// The lines that the call names, or all that is left. Items that the order does not have count for nothing.
fn lines(
    call: &Call<'_>,
    order: &Value,
    done: &str,
    excess: &Excess,
) -> Result<Vec<Line>, Failure> {
    let given = call.parameter("items").map(entries).unwrap_or_default();
    let mut lines = Vec::new();
    for (at, item) in entries(&order["items"]).into_iter().enumerate() {
        let left = left(item, done);
        let asked = given.iter().find(|one| {
            let id = one.get("order_item_id").or_else(|| one.get("orderItemId"));
            id.is_some_and(|id| integer(id).ok() == item["item_id"].as_i64())
        });
        let quantity = match asked {
            _ if given.is_empty() => left,
            Some(one) => amount(&one["qty"]),
            None => continue,
        };
        if quantity > left
            && let Excess::Refused(sentence) = excess
        {
            let name = plain(&item["name"]).unwrap_or_default();
            return Err(Fault::with(400, sentence, [Value::from(name)]).into());
        }
        let quantity = quantity.min(left);
        if quantity > 0.0 {
            lines.push(Line { at, quantity });
        }
    }
    Ok(lines)
}

/// Refuses with every sentence that holds, under the heading of the document.
fn validated(heading: &str, faults: &[String]) -> Result<(), Failure> {
    if faults.is_empty() {
        return Ok(());
    }
    let message = format!("{heading}\n{}", faults.join("\n"));
    Err(Fault::said(400, message).into())
}

fn state(order: &Value) -> &str {
    order["state"].as_str().unwrap_or_default()
}

/// The sentence that an order with its status has no such document, when its state is one of these.
fn barred(order: &Value, states: &[&str], sentence: &str) -> Option<String> {
    let shown = order["status"].as_str().unwrap_or_default();
    states
        .contains(&state(order))
        .then(|| sentence.replace("%1", shown))
}

/// The items of a document, each with what the order's item says.
fn items_of(order: &Value, lines: &[Line], names: &[&str], id: i64) -> Vec<Value> {
    let items = entries(&order["items"]);
    let made = lines.iter().filter_map(|line| {
        let item = items.get(line.at)?;
        let mut made = Map::new();
        for name in names {
            made.insert((*name).to_owned(), item[*name].clone());
        }
        let row = money(amount(&item["price"]) * line.quantity);
        for name in [
            "row_total",
            "row_total_incl_tax",
            "base_row_total",
            "base_row_total_incl_tax",
        ] {
            if names.contains(&"base_price") {
                made.insert(name.to_owned(), row.clone());
            }
        }
        made.insert("entity_id".to_owned(), item["item_id"].clone());
        made.insert("parent_id".to_owned(), json!(id));
        made.insert("order_item_id".to_owned(), item["item_id"].clone());
        made.insert("qty".to_owned(), money(line.quantity));
        Some(Value::Object(made))
    });
    made.collect()
}

/// What every document has: its ids, addresses and times.
fn document(context: &Context<'_>, order: &Value, id: i64) -> Value {
    let now = printed(context.now);
    let shipping = &order["extension_attributes"]["shipping_assignments"][0]["shipping"];
    json!({
        "billing_address_id": order["billing_address_id"],
        "created_at": now,
        "entity_id": id,
        "increment_id": format!("{id:09}"),
        "order_id": order["entity_id"],
        "shipping_address_id": shipping["address"]["entity_id"],
        "store_id": order["store_id"],
        "updated_at": now,
    })
}

/// The amounts of a document about money.
fn add_amounts(document: &mut Value, order: &Value, subtotal: f64, shipping: f64, total: f64) {
    for (name, value) in [
        ("subtotal", subtotal),
        ("subtotal_incl_tax", subtotal),
        ("shipping_amount", shipping),
        ("shipping_incl_tax", shipping),
        ("shipping_tax_amount", 0.0),
        ("discount_amount", 0.0),
        ("discount_tax_compensation_amount", 0.0),
        ("tax_amount", 0.0),
        ("grand_total", total),
    ] {
        document[name] = money(value);
        document[format!("base_{name}")] = money(value);
    }
    for name in [
        "base_currency_code",
        "global_currency_code",
        "order_currency_code",
        "store_currency_code",
    ] {
        document[name] = order[name].clone();
    }
    for name in ["base_to_global_rate", "base_to_order_rate"] {
        document[name] = json!(1);
    }
    for name in ["store_to_base_rate", "store_to_order_rate"] {
        document[name] = json!(0);
    }
    document["state"] = json!(2);
}

/// The comment of a call, when it is to stand with the document.
fn comment_of(
    context: &Context<'_>,
    call: &Call<'_>,
    shelf: &Shelf,
    id: i64,
) -> storage::Result<Value> {
    let appended = call.parameter("appendComment").is_some_and(flag);
    let text = call.parameter("comment").filter(|_| appended);
    let Some(given) = text.and_then(Value::as_object) else {
        return Ok(json!([]));
    };
    let notified = call.parameter("notify").is_some_and(flag);
    let shown = given.get("is_visible_on_front").is_some_and(flag);
    Ok(json!([{
        "is_customer_notified": i32::from(notified),
        "parent_id": id,
        "comment": given.get("comment").cloned().unwrap_or_default(),
        "is_visible_on_front": i32::from(shown),
        "created_at": printed(context.now),
        "entity_id": documents::next_comment(context, shelf)?,
    }]))
}

/// Where the order is after a document: complete when nothing is left to invoice or to ship.
fn settle(context: &Context<'_>, mut order: Value) -> Result<(), Failure> {
    let open = |done: &str| {
        entries(&order["items"])
            .iter()
            .any(|item| left(item, done) > 0.0)
    };
    let refunded = amount(&order["total_refunded"]);
    let state = if refunded > 0.0 && refunded >= amount(&order["total_paid"]) {
        "closed"
    } else if open("qty_invoiced") || open("qty_shipped") {
        "processing"
    } else {
        "complete"
    };
    order["state"] = json!(state);
    order["status"] = json!(state);
    order["updated_at"] = json!(printed(context.now));
    orders::keep(context, &order)
}

/// Counts the lines of a document in the order's items.
fn count(order: &mut Value, lines: &[Line], done: &str) {
    for line in lines {
        add_to(&mut order["items"][line.at], done, line.quantity);
    }
}

/// The price of the lines.
fn subtotal(order: &Value, lines: &[Line]) -> f64 {
    let price = |line: &Line| amount(&order["items"][line.at]["price"]) * line.quantity;
    lines.iter().map(price).sum()
}

/// Adds to a sum of the order and to the same in the base currency.
fn add_sum(order: &mut Value, name: &str, more: f64) {
    add_to(order, name, more);
    add_to(order, &format!("base_{name}"), more);
}

fn invoice(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut order = orders::existing(context, call.integer("orderId")?)?;
    let excess = Excess::Refused(sentence::TOO_MUCH_TO_INVOICE);
    let lines = lines(call, &order, "qty_invoiced", &excess)?;
    let mut faults = Vec::new();
    if lines.is_empty() {
        faults.push(sentence::NOTHING_TO_INVOICE.to_owned());
    }
    let states = ["canceled", "closed", "complete", "holded", "payment_review"];
    faults.extend(barred(&order, &states, sentence::NO_INVOICE_IN));
    validated(sentence::INVOICE_FAULTS, &faults)?;
    let id = INVOICES.next_id(context.storage)?;
    let goods = subtotal(&order, &lines);
    // The first invoice has all of it.
    let invoices = INVOICES.all(context.storage)?;
    let first = invoices
        .iter()
        .all(|one| one["order_id"] != order["entity_id"]);
    let shipping = if first {
        amount(&order["shipping_amount"])
    } else {
        0.0
    };
    let total = goods + shipping;
    let mut made = document(context, &order, id);
    add_amounts(&mut made, &order, goods, shipping, total);
    made["can_void_flag"] = json!(0);
    made["total_qty"] = money(lines.iter().map(|line| line.quantity).sum());
    let names = ["name", "sku", "product_id", "price", "base_price"];
    made["items"] = Value::Array(items_of(&order, &lines, &names, id));
    made["comments"] = comment_of(context, call, &INVOICES, id)?;
    INVOICES.put(context.storage, &made)?;
    count(&mut order, &lines, "qty_invoiced");
    for (name, more) in [
        ("subtotal_invoiced", goods),
        ("shipping_invoiced", shipping),
        ("total_invoiced", total),
        ("total_paid", total),
        ("total_due", -total),
    ] {
        add_sum(&mut order, name, more);
    }
    settle(context, order)?;
    Ok(Value::from(id.to_string()))
}

fn ship(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut order = orders::existing(context, call.integer("orderId")?)?;
    let all_left: f64 = entries(&order["items"])
        .iter()
        .map(|item| left(item, "qty_shipped"))
        .sum();
    let lines = lines(call, &order, "qty_shipped", &Excess::Cut)?;
    let mut faults = Vec::new();
    let states = ["canceled", "holded", "payment_review"];
    match barred(&order, &states, sentence::NO_SHIPMENT_IN) {
        Some(fault) => faults.push(fault),
        None if all_left <= 0.0 || state(&order) == "closed" => {
            faults.push(sentence::NOT_TO_SHIP.to_owned());
        }
        None => {}
    }
    if lines.is_empty() || state(&order) == "closed" {
        faults.push(sentence::NOTHING_TO_SHIP.to_owned());
    }
    validated(sentence::SHIPMENT_FAULTS, &faults)?;
    let id = SHIPMENTS.next_id(context.storage)?;
    let mut made = document(context, &order, id);
    made["packages"] = json!([]);
    made["total_qty"] = money(lines.iter().map(|line| line.quantity).sum());
    let names = ["name", "sku", "product_id", "price", "weight"];
    made["items"] = Value::Array(items_of(&order, &lines, &names, id));
    let tracks = call.parameter("tracks").map(entries).unwrap_or_default();
    let mut first = documents::next_track(context)?;
    let tracks = tracks.into_iter().map(|track| {
        let made = documents::track(context, track, &order["entity_id"], id, first);
        first += 1;
        made
    });
    made["tracks"] = tracks.collect();
    made["comments"] = comment_of(context, call, &SHIPMENTS, id)?;
    made["extension_attributes"] = json!({"source_code": "default"});
    SHIPMENTS.put(context.storage, &made)?;
    count(&mut order, &lines, "qty_shipped");
    settle(context, order)?;
    Ok(Value::from(id.to_string()))
}

fn refund(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let order = orders::existing(context, call.integer("orderId")?)?;
    refund_of(context, call, order, None)
}

/// A paid invoice of goods is refunded through its order; one that was paid by cheque and the like cannot be (measured 2.4.7-p3).
fn refund_invoice(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let invoice = documents::invoice(context, call.integer("invoiceId")?)?;
    let order = invoice["order_id"].as_i64().unwrap_or_default();
    let order = orders::existing(context, order)?;
    refund_of(context, call, order, Some(sentence::NO_REFUND_OF_INVOICE))
}

fn refund_of(
    context: &Context<'_>,
    call: &Call<'_>,
    mut order: Value,
    more: Option<&str>,
) -> Answer {
    let excess = Excess::Refused(sentence::TOO_MUCH_TO_REFUND);
    let lines = lines(call, &order, "qty_refunded", &excess)?;
    let refundable = amount(&order["total_paid"]) - amount(&order["total_refunded"]);
    let states = ["canceled", "closed", "holded", "payment_review"];
    let mut faults: Vec<String> = barred(&order, &states, sentence::NO_REFUND_IN)
        .into_iter()
        .collect();
    let argument = |name: &str| {
        let arguments = call.parameter("arguments")?;
        arguments.get(name).map(amount)
    };
    let rest = amount(&order["shipping_amount"]) - amount(&order["shipping_refunded"]);
    let shipping = argument("shipping_amount").unwrap_or(rest);
    if shipping > rest && state(&order) != "closed" {
        let most = Value::from(format!("${rest:.2}"));
        return Err(Fault::with(400, sentence::MOST_SHIPPING, [most]).into());
    }
    let adjustment = argument("adjustment_positive").unwrap_or_default()
        - argument("adjustment_negative").unwrap_or_default();
    let goods = subtotal(&order, &lines);
    let total = goods + shipping + adjustment;
    if state(&order) != "closed" && total > refundable {
        let limit = plain(&money(refundable)).unwrap_or_default();
        faults.push(sentence::MOST_TO_REFUND.replace("%1", &limit));
    }
    faults.extend(more.map(str::to_owned));
    validated(sentence::REFUND_FAULTS, &faults)?;
    let id = CREDIT_MEMOS.next_id(context.storage)?;
    let mut made = document(context, &order, id);
    add_amounts(&mut made, &order, goods, shipping, total);
    made["adjustment"] = money(adjustment);
    made["base_adjustment"] = money(adjustment);
    let names = ["name", "sku", "product_id", "price", "base_price"];
    made["items"] = Value::Array(items_of(&order, &lines, &names, id));
    made["comments"] = comment_of(context, call, &CREDIT_MEMOS, id)?;
    CREDIT_MEMOS.put(context.storage, &made)?;
    count(&mut order, &lines, "qty_refunded");
    for line in &lines {
        let item = &mut order["items"][line.at];
        let price = amount(&item["price"]) * line.quantity;
        add_to(item, "amount_refunded", price);
    }
    for (name, more) in [
        ("subtotal_refunded", goods),
        ("shipping_refunded", shipping),
        ("total_refunded", total),
        ("total_offline_refunded", total),
    ] {
        add_sum(&mut order, name, more);
    }
    settle(context, order)?;
    Ok(Value::from(id.to_string()))
}
