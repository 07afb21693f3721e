//! Stock items and statuses: one row per product, completed by the settings that every row shares.

use serde_json::{Map, Value, json};

use super::call::{flag, integer, number};
use super::fault::sentence;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Fault, products};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("PUT", "/V1/products/:productSku/stockItems/:itemId", update),
    ("GET", "/V1/stockItems/:productSku", |context, call| {
        Ok(complete(&item(context, &call.text("productSku")?)?))
    }),
    ("GET", "/V1/stockItems/lowStock/", low),
    ("GET", "/V1/stockStatuses/:productSku", status),
];

/// Rows with `item_id`, `product_id`, `qty` and `is_in_stock`; an item has the id of its product.
static STOCK: Shelf = Shelf::seeded("stock_item", "item_id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/stock_items.json"),
        "item_id",
    )
});

/// The settings of an item that follow the store's configuration.
const SHARED: &str = include_str!("../../../fixtures/rest/seed/stock_settings.json");

/// The item of a product, as it is part of the product's own answer.
pub(super) fn of_product(context: &Context<'_>, product_id: i64) -> storage::Result<Value> {
    Ok(complete(&row(context, product_id)?))
}

/// How much of a product there is.
pub(super) fn quantity(context: &Context<'_>, product_id: i64) -> storage::Result<f64> {
    let row = row(context, product_id)?;
    let there = flag(&row["is_in_stock"]);
    Ok(row["qty"].as_f64().filter(|_| there).unwrap_or_default())
}

/// Takes over what the extension attribute `stock_item` of a product in a body says.
pub(super) fn set(
    context: &Context<'_>,
    product_id: i64,
    given: &Map<String, Value>,
) -> Result<Value, super::Failure> {
    let mut row = row(context, product_id)?;
    if let Some(quantity) = given.get("qty") {
        row["qty"] = json!(number(quantity).map_err(|fault| fault.during("qty"))?);
    }
    if let Some(there) = given.get("is_in_stock") {
        row["is_in_stock"] = json!(flag(there));
    }
    STOCK.put(context.storage, &row)?;
    Ok(row)
}

/// A product that is gone has no stock.
pub(super) fn forget(context: &Context<'_>, product_id: i64) -> storage::Result<()> {
    STOCK.remove(context.storage, product_id)
}

fn row(context: &Context<'_>, product_id: i64) -> storage::Result<Value> {
    let found = STOCK.one(context.storage, product_id)?;
    Ok(found.unwrap_or_else(
        || json!({"item_id": product_id, "product_id": product_id, "qty": 0, "is_in_stock": false}),
    ))
}

fn item(context: &Context<'_>, sku: &str) -> Answer {
    let product = products::with_sku(context, sku)?;
    let product =
        product.ok_or_else(|| Fault::with(404, sentence::NO_SUCH_STOCK, [Value::from(sku)]))?;
    Ok(row(context, integer(&product["id"])?)?)
}

fn complete(row: &Value) -> Value {
    let shared: Map<String, Value> = super::shelf::fixture(SHARED);
    let mut complete = json!({
        "item_id": row["item_id"],
        "product_id": row["product_id"],
        "stock_id": 1,
        "qty": row["qty"],
        "is_in_stock": row["is_in_stock"],
    });
    for (name, value) in shared {
        complete[name] = value;
    }
    complete
}

fn update(context: &Context<'_>, call: &Call<'_>) -> Answer {
    call.integer("itemId")
        .map_err(|fault| fault.during("item_id"))?;
    let row = item(context, &call.text("productSku")?)?;
    let id = integer(&row["item_id"])?;
    set(context, id, call.object("stockItem")?)?;
    Ok(Value::from(id))
}

fn status(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let row = item(context, &call.text("productSku")?)?;
    Ok(json!({
        "product_id": row["product_id"],
        "stock_id": 1,
        "qty": row["qty"],
        "stock_status": i32::from(flag(&row["is_in_stock"])),
        "stock_item": complete(&row),
    }))
}

fn low(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let [_, limit] = call.require(["scopeId", "qty"])?;
    let limit = number(limit)?;
    let page = call.parameter("currentPage").map_or(Ok(1), integer)?;
    let size = call.parameter("pageSize").map_or(Ok(0), integer)?;
    let mut found = Vec::new();
    for product in products::all(context)? {
        let row = row(context, integer(&product["id"])?)?;
        if row["qty"]
            .as_f64()
            .is_some_and(|quantity| quantity <= limit)
        {
            found.push(complete(&row));
        }
    }
    let total = found.len();
    if let Ok(size @ 1..) = usize::try_from(size) {
        let page = usize::try_from(page).unwrap_or(1).max(1);
        found = found
            .into_iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .collect();
    }
    Ok(json!({"items": found, "search_criteria": {}, "total_count": total}))
}
