//! Orders with their items, states and comments. Orders are not placed here: the seed has them.

use serde_json::{Value, json};

use super::call::{entries, flag, integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Failure, Fault, documents, printed};

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/orders", |context, call| {
        Ok(Criteria::read(call)?
            .within("sales_order", &[])?
            .answer(ORDERS.all(context.storage)?))
    }),
    ("GET", "/V1/orders/:id", |context, call| {
        existing(context, call.integer("id")?)
    }),
    ("POST", "/V1/orders/:id/cancel", cancel),
    ("GET", "/V1/orders/:id/comments", |context, call| {
        documents::comments_in(context, call, &ORDERS, COMMENTS)
    }),
    ("POST", "/V1/orders/:id/comments", comment),
    ("POST", "/V1/orders/:id/hold", hold),
    ("GET", "/V1/orders/:id/statuses", |context, call| {
        Ok(existing(context, call.integer("id")?)?["status"].clone())
    }),
    ("POST", "/V1/orders/:id/unhold", unhold),
    ("GET", "/V1/orders/items", |context, call| {
        Ok(Criteria::read(call)?
            .within("sales_order_item", &[])?
            .answer(items(context)?))
    }),
    ("GET", "/V1/orders/items/:id", item),
];

static ORDERS: Shelf = Shelf::seeded("order", "entity_id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/orders.json"),
        "entity_id",
    )
});

/// The list of an order's comments.
const COMMENTS: &str = "status_histories";

/// An order, or the refusal that there is none.
pub(super) fn existing(context: &Context<'_>, id: i64) -> Answer {
    documents::existing(context, id, &ORDERS)
}

/// Replaces an order.
pub(super) fn keep(context: &Context<'_>, order: &Value) -> Result<(), Failure> {
    Ok(ORDERS.put(context.storage, order)?)
}

fn move_to(
    context: &Context<'_>,
    mut order: Value,
    state: &Value,
    status: &Value,
) -> Result<(), Failure> {
    order["state"] = state.clone();
    order["status"] = status.clone();
    order["updated_at"] = json!(printed(context.now));
    keep(context, &order)
}

/// An order of which nothing was invoiced is canceled; whether it was (measured 2.4.7-p3).
fn cancel(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut order = existing(context, call.integer("id")?)?;
    if order["state"] != "new" {
        return Ok(Value::Bool(false));
    }
    if let Some(items) = order["items"].as_array_mut() {
        for item in items {
            item["qty_canceled"] = item["qty_ordered"].clone();
        }
    }
    move_to(context, order, &json!("canceled"), &json!("canceled"))?;
    Ok(Value::Bool(true))
}

/// An open order is held; where it was stands with it.
fn hold(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut order = existing(context, call.integer("id")?)?;
    if !matches!(order["state"].as_str(), Some("new" | "processing")) {
        return Err(Fault::new(400, sentence::NO_HOLD).into());
    }
    order["hold_before_state"] = order["state"].clone();
    order["hold_before_status"] = order["status"].clone();
    move_to(context, order, &json!("holded"), &json!("holded"))?;
    Ok(Value::Bool(true))
}

/// A held order goes back to where it was.
fn unhold(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut order = existing(context, call.integer("id")?)?;
    if order["state"] != "holded" {
        return Err(Fault::new(400, sentence::NO_UNHOLD).into());
    }
    let before = |name: &str, other: &str| match &order[name] {
        Value::Null => json!(other),
        known => known.clone(),
    };
    let state = before("hold_before_state", "new");
    let status = before("hold_before_status", "pending");
    if let Some(order) = order.as_object_mut() {
        order.shift_remove("hold_before_state");
        order.shift_remove("hold_before_status");
    }
    move_to(context, order, &state, &status)?;
    Ok(Value::Bool(true))
}

/// The statuses of a stock store.
const STATUSES: [&str; 12] = [
    "canceled",
    "closed",
    "complete",
    "fraud",
    "holded",
    "payment_review",
    "paypal_canceled_reversal",
    "paypal_reversed",
    "pending",
    "pending_payment",
    "pending_paypal",
    "processing",
];

fn comment(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("statusHistory")?;
    let mut order = existing(context, call.integer("id")?)?;
    let text = given.get("comment").and_then(plain);
    let text = text.ok_or_else(|| Fault::required(&["comment"]))?;
    let said = |name: &str| i32::from(given.get(name).is_some_and(flag));
    let status = given
        .get("status")
        .and_then(plain)
        .filter(|status| !status.is_empty());
    if let Some(status) = &status
        && order["status"] != status.as_str()
        && !STATUSES.contains(&status.as_str())
    {
        let values = [Value::from(status.as_str())];
        return Err(Fault::with(400, sentence::NO_SUCH_STATUS, values).into());
    }
    let status = status.map_or_else(|| order["status"].clone(), Value::from);
    let id = documents::next(context, &ORDERS, COMMENTS)?;
    let comment = json!({
        "comment": text,
        "created_at": printed(context.now),
        "entity_id": id,
        "entity_name": "order",
        "is_customer_notified": said("is_customer_notified"),
        "is_visible_on_front": said("is_visible_on_front"),
        "parent_id": order["entity_id"],
        "status": status,
    });
    order["status"] = comment["status"].clone();
    if let Some(comments) = order[COMMENTS].as_array_mut() {
        comments.insert(0, comment);
    }
    ORDERS.put(context.storage, &order)?;
    Ok(Value::Bool(true))
}

fn items(context: &Context<'_>) -> Result<Vec<Value>, Failure> {
    let orders = ORDERS.all(context.storage)?;
    let items = orders.iter().flat_map(|order| entries(&order["items"]));
    Ok(items.cloned().collect())
}

fn item(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = documents::some_id(call.integer("id")?)?;
    let found = items(context)?
        .into_iter()
        .find(|item| integer(&item["item_id"]).is_ok_and(|one| one == id));
    found.ok_or_else(|| Fault::new(404, sentence::NO_SUCH_RECORD).into())
}
