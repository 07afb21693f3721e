//! Carts of customers and guests: to make, look at, fill and empty. A guest's cart is known by its public id of 32 characters.

use serde_json::{Value, json};

use super::call::{entries, integer, number, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, fixture, seed};
use super::{
    Answer, Call, Context, Entry, Failure, Fault, customers, printed, products, stock_items,
};

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/carts/", |context, _| {
        let cart = add(context, None, None)?;
        Ok(Value::from(cart["id"].to_string()))
    }),
    ("GET", "/V1/carts/:cartId", |context, call| {
        with_id(context, call).map(shown)
    }),
    ("GET", "/V1/carts/:cartId/items", |context, call| {
        Ok(with_id(context, call)?["items"].clone())
    }),
    (
        "DELETE",
        "/V1/carts/:cartId/items/:itemId",
        |context, call| take_out(context, call, with_id(context, call)?),
    ),
    ("GET", "/V1/carts/:cartId/totals", |context, call| {
        with_id(context, call).map(|cart| totals(&cart))
    }),
    ("POST", "/V1/carts/:quoteId/items", |context, call| {
        let given = call.object("cartItem")?;
        let cart = given.get("quote_id").map(integer).transpose()?;
        let cart = cart.ok_or_else(|| Fault::required(&["quoteId"]))?;
        put_in(context, call, existing(context, cart)?)
    }),
    ("GET", "/V1/carts/mine", |context, call| {
        mine(context, call).map(shown)
    }),
    ("POST", "/V1/carts/mine", open_mine),
    ("GET", "/V1/carts/mine/items", |context, call| {
        Ok(mine(context, call)?["items"].clone())
    }),
    ("POST", "/V1/carts/mine/items", |context, call| {
        let cart = mine(context, call).map_err(|_| Fault::required(&["quoteId"]))?;
        put_in(context, call, cart)
    }),
    ("DELETE", "/V1/carts/mine/items/:itemId", |context, call| {
        take_out(context, call, mine(context, call)?)
    }),
    ("GET", "/V1/carts/mine/totals", |context, call| {
        mine(context, call).map(|cart| totals(&cart))
    }),
    ("GET", "/V1/carts/search", |context, call| {
        let carts = CARTS.all(context.storage)?.into_iter().map(shown);
        Ok(Criteria::read(call)?
            .within("quote", &[])?
            .answer(carts.collect()))
    }),
    ("POST", "/V1/guest-carts", open_guest),
    ("GET", "/V1/guest-carts/:cartId", |context, call| {
        guest(context, call).map(shown)
    }),
    ("GET", "/V1/guest-carts/:cartId/items", |context, call| {
        Ok(guest(context, call)?["items"].clone())
    }),
    ("POST", "/V1/guest-carts/:cartId/items", |context, call| {
        let given = call.object("cartItem")?;
        let cart = given.get("quote_id").and_then(plain).unwrap_or_default();
        let cart = guest_with(context, &cart).map_err(|_| Fault::required(&["quoteId"]))?;
        put_in(context, call, cart)
    }),
    (
        "DELETE",
        "/V1/guest-carts/:cartId/items/:itemId",
        |context, call| take_out(context, call, guest(context, call)?),
    ),
    ("GET", "/V1/guest-carts/:cartId/totals", |context, call| {
        guest(context, call).map(|cart| totals(&cart))
    }),
];

/// Carts with a field `masked_id`, null unless a guest's, which answers never show.
static CARTS: Shelf = Shelf::seeded("cart", "id", || {
    seed(include_str!("../../../fixtures/rest/seed/carts.json"), "id")
});

/// What every new cart begins as.
const EMPTY: &str = include_str!("../../../fixtures/rest/seed/empty_cart.json");

pub(super) fn existing(context: &Context<'_>, id: i64) -> Answer {
    let found = CARTS.one(context.storage, id)?;
    found.ok_or_else(|| Fault::no_such("cartId", id).into())
}

fn with_id(context: &Context<'_>, call: &Call<'_>) -> Answer {
    existing(context, call.integer("cartId")?)
}

fn guest(context: &Context<'_>, call: &Call<'_>) -> Answer {
    guest_with(context, &call.text("cartId")?)
}

/// The guest's cart of this public id.
pub(super) fn guest_with(context: &Context<'_>, public_id: &str) -> Answer {
    let found = CARTS.with(context.storage, "masked_id", public_id)?;
    found.ok_or_else(|| Fault::no_such("cartId", Value::Null).into())
}

pub(super) fn mine(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let customer = customers::me(context, call)?;
    let found = of_customer(context, &customer)?;
    found.ok_or_else(|| Fault::no_such("customerId", customer["id"].clone()).into())
}

fn of_customer(context: &Context<'_>, customer: &Value) -> Result<Option<Value>, Failure> {
    let carts = CARTS.all(context.storage)?;
    Ok(carts
        .into_iter()
        .find(|cart| cart["is_active"] == true && cart["customer"]["id"] == customer["id"]))
}

/// The id of the customer's active cart, which is made when there is none.
fn open_mine(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let customer = customers::me(context, call)?;
    let cart = match of_customer(context, &customer)? {
        Some(cart) => cart,
        None => add(context, Some(customer), None)?,
    };
    Ok(cart["id"].clone())
}

/// The public id of a new cart. Who calls is asked, and an answer that fails makes the whole fail (docs/protocol/rest.md#who-is-calling).
fn open_guest(context: &Context<'_>, call: &Call<'_>) -> Answer {
    if (call.caller)().is_none() {
        return Err(Fault::new(400, sentence::NO_QUOTE).into());
    }
    let masked = masked_id(context);
    add(context, None, Some(&masked))?;
    Ok(Value::from(masked))
}

/// Letters of both cases and digits.
fn masked_id(context: &Context<'_>) -> String {
    let mut bytes = [0_u8; 32];
    context.entropy.fill(&mut bytes);
    let letters: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let letter = |byte: &u8| letters[usize::from(*byte) % letters.len()];
    bytes.iter().map(letter).collect()
}

fn add(context: &Context<'_>, customer: Option<Value>, masked: Option<&str>) -> Answer {
    let mut cart: Value = fixture(EMPTY);
    let time = printed(context.now);
    cart["created_at"] = json!(time);
    cart["updated_at"] = json!(time);
    cart["customer_is_guest"] = json!(customer.is_none());
    cart["customer"] = customer.unwrap_or_else(|| cart["customer"].clone());
    cart["masked_id"] = json!(masked);
    Ok(CARTS.add(context.storage, cart)?)
}

fn shown(mut cart: Value) -> Value {
    if let Some(fields) = cart.as_object_mut() {
        fields.shift_remove("masked_id");
    }
    cart
}

fn put_in(context: &Context<'_>, call: &Call<'_>, mut cart: Value) -> Answer {
    let given = call.object("cartItem")?;
    let without_quantity = || {
        let values = [("fieldName", Value::from("qty")), ("value", Value::Null)];
        Fault::named(400, sentence::INVALID_VALUE, values)
    };
    let quantity = given.get("qty").ok_or_else(without_quantity)?;
    let sku = given.get("sku").and_then(plain).unwrap_or_default();
    let product = products::existing(context, &sku)?;
    let quantity = number(quantity).map_err(|fault| fault.during("qty"))?;
    let items = entries(&cart["items"]);
    let old = items.iter().find(|item| item["sku"] == product["sku"]);
    let quantity = quantity
        + old
            .and_then(|item| item["qty"].as_f64())
            .unwrap_or_default();
    if quantity <= 0.0 || quantity > stock_items::quantity(context, integer(&product["id"])?)? {
        return Err(Fault::new(400, sentence::NOT_ENOUGH).into());
    }
    let id = match old {
        Some(item) => item["item_id"].clone(),
        None => json!(next_item(context)?),
    };
    let item = json!({
        "item_id": id, "sku": product["sku"], "qty": quantity, "name": product["name"], "price": product["price"],
        "product_type": product["type_id"], "quote_id": cart["id"].to_string(),
    });
    let mut items: Vec<Value> = entries(&cart["items"]).into_iter().cloned().collect();
    items.retain(|one| one["item_id"] != item["item_id"]);
    items.push(item.clone());
    keep(context, &mut cart, items)?;
    Ok(item)
}

/// Every item that was ever numbered is in some cart, or its number may be given again.
fn next_item(context: &Context<'_>) -> Result<i64, Failure> {
    let carts = CARTS.all(context.storage)?;
    let ids = carts.iter().flat_map(|cart| entries(&cart["items"]));
    Ok(ids
        .filter_map(|item| item["item_id"].as_i64())
        .max()
        .unwrap_or_default()
        + 1)
}

fn take_out(context: &Context<'_>, call: &Call<'_>, mut cart: Value) -> Answer {
    let id = call.integer("itemId")?;
    let mut items: Vec<Value> = entries(&cart["items"]).into_iter().cloned().collect();
    let before = items.len();
    items.retain(|item| item["item_id"] != id);
    if items.len() == before {
        let values = [cart["id"].clone(), Value::from(id)];
        return Err(Fault::with(404, sentence::NO_SUCH_ITEM, values).into());
    }
    keep(context, &mut cart, items)?;
    Ok(Value::Bool(true))
}

fn keep(context: &Context<'_>, cart: &mut Value, items: Vec<Value>) -> Result<(), Failure> {
    let quantity: f64 = items.iter().filter_map(|item| item["qty"].as_f64()).sum();
    cart["items_count"] = json!(items.len());
    cart["items_qty"] = json!(quantity);
    cart["items"] = Value::Array(items);
    cart["updated_at"] = json!(printed(context.now));
    Ok(CARTS.put(context.storage, cart)?)
}

fn totals(cart: &Value) -> Value {
    let mut sum = 0.0;
    let mut rows = Vec::new();
    for item in entries(&cart["items"]) {
        let quantity = item["qty"].as_f64().unwrap_or_default();
        let price = item["price"].as_f64().unwrap_or_default();
        sum += quantity * price;
        rows.push(json!({
            "item_id": item["item_id"], "price": price, "base_price": price, "qty": quantity, "row_total": quantity * price,
            "base_row_total": quantity * price, "tax_amount": 0, "discount_amount": 0, "name": item["name"],
        }));
    }
    json!({
        "grand_total": sum, "base_grand_total": sum, "subtotal": sum, "base_subtotal": sum, "discount_amount": 0,
        "shipping_amount": 0, "tax_amount": 0, "base_currency_code": cart["currency"]["base_currency_code"],
        "quote_currency_code": cart["currency"]["quote_currency_code"], "items_qty": cart["items_qty"], "items": rows,
        "total_segments": [
            {"code": "subtotal", "title": "Subtotal", "value": sum},
            {"code": "grand_total", "title": "Grand Total", "value": sum, "area": "footer"},
        ],
    })
}
