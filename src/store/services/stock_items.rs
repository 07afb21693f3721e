//! Stock items: one row per product, completed by the settings that every row shares.

use serde_json::{Map, Value, json};

use super::Context;
use super::call::{flag, number};
use super::shelf::{Shelf, seed};
use crate::storage;

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

/// The row of a product; one that has none has nothing in stock.
pub(super) fn row(context: &Context<'_>, product_id: i64) -> storage::Result<Value> {
    let found = STOCK.one(context.storage, product_id)?;
    Ok(found.unwrap_or_else(
        || json!({"item_id": product_id, "product_id": product_id, "qty": 0, "is_in_stock": false}),
    ))
}

/// The item with what every row shares.
pub(super) fn complete(row: &Value) -> Value {
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
