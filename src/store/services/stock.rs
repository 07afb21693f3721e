//! What is asked of the stock.

use serde_json::{Value, json};

use super::call::{flag, integer, number};
use super::fault::sentence;
use super::stock_items::{complete, row, set};
use super::{Answer, Call, Context, Entry, Fault, products};

pub(super) const SERVICES: &[Entry] = &[
    ("PUT", "/V1/products/:productSku/stockItems/:itemId", update),
    ("GET", "/V1/stockItems/:productSku", |context, call| {
        Ok(complete(&item(context, &call.text("productSku")?)?))
    }),
    ("GET", "/V1/stockItems/lowStock/", low),
    ("GET", "/V1/stockStatuses/:productSku", status),
];

fn item(context: &Context<'_>, sku: &str) -> Answer {
    let product = products::with_sku(context, sku)?;
    let product =
        product.ok_or_else(|| Fault::with(404, sentence::NO_SUCH_STOCK, [Value::from(sku)]))?;
    Ok(row(context, integer(&product["id"])?)?)
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
