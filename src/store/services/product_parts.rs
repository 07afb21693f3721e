//! What hangs on a product: media, options, links, tier prices, the children of a configurable one. The seed has none of them, so that
//! these answers are empty or say that there is nothing.

use serde_json::{Value, json};

use super::call::{entries, plain};
use super::fault::sentence;
use super::products::{existing, types};
use super::{Answer, Call, Context, Entry, Fault, customer_groups};

pub(super) const SERVICES: &[Entry] = &[
    (
        "GET",
        "/V1/configurable-products/:sku/children",
        |context, call| product(context, call).map(|_| json!([])),
    ),
    (
        "GET",
        "/V1/configurable-products/:sku/options/:id",
        not_configurable,
    ),
    (
        "GET",
        "/V1/configurable-products/:sku/options/all",
        not_configurable,
    ),
    (
        "GET",
        "/V1/products/:sku/group-prices/:customerGroupId/tiers",
        tiers,
    ),
    ("GET", "/V1/products/:sku/links/:type", links),
    ("GET", "/V1/products/:sku/media", |context, call| {
        Ok(product(context, call)?["media_gallery_entries"].clone())
    }),
    (
        "GET",
        "/V1/products/:sku/media/:entryId",
        |context, call| {
            product(context, call).map_err(|_| Fault::new(404, sentence::NO_PRODUCT_OF_IMAGE))?;
            part(
                context,
                call,
                "media_gallery_entries",
                "id",
                "entryId",
                sentence::NO_SUCH_IMAGE,
            )
        },
    ),
    ("GET", "/V1/products/:sku/options", |context, call| {
        Ok(product(context, call)?["options"].clone())
    }),
    (
        "GET",
        "/V1/products/:sku/options/:optionId",
        |context, call| {
            part(
                context,
                call,
                "options",
                "option_id",
                "optionId",
                sentence::NO_SUCH_OPTION,
            )
        },
    ),
    ("GET", "/V1/products/links/:type/attributes", |_, call| {
        Ok(match link_type(call) {
            Ok(_) => json!([{"code": "position", "type": "int"}]),
            Err(_) => json!([]),
        })
    }),
    ("GET", "/V1/products/links/types", |_, _| {
        Ok(types()["links"].clone())
    }),
];

fn product(context: &Context<'_>, call: &Call<'_>) -> Answer {
    existing(context, &call.text("sku")?)
}

/// One entry of a list of the product.
fn part(
    context: &Context<'_>,
    call: &Call<'_>,
    list: &str,
    field: &str,
    variable: &str,
    missing: &'static str,
) -> Answer {
    let product = product(context, call)?;
    let id = call.integer(variable)?;
    let found = entries(&product[list])
        .into_iter()
        .find(|one| one[field] == id);
    Ok(found.ok_or_else(|| Fault::new(404, missing))?.clone())
}

fn not_configurable(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let product = product(context, call)?;
    Err(Fault::with(400, sentence::NOT_CONFIGURABLE, [product["sku"].clone()]).into())
}

fn tiers(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let product = product(context, call)?;
    if call.text("customerGroupId")? != "all" {
        customer_groups::group(context, call.integer("customerGroupId")?)?;
    }
    let group = call.text("customerGroupId")?;
    let prices = entries(&product["tier_prices"]).into_iter();
    Ok(prices
        .filter(|price| plain(&price["customer_group_id"]).as_deref() == Some(&*group))
        .map(|price| json!({"qty": price["qty"], "value": price["value"]}))
        .collect())
}

fn link_type(call: &Call<'_>) -> Result<String, Fault> {
    let name = call.text("type")?;
    let known = entries(&types()["links"])
        .into_iter()
        .any(|kind| kind["name"] == name.as_str());
    if known {
        return Ok(name);
    }
    Err(Fault::with(
        404,
        sentence::NO_SUCH_LINK,
        [Value::from(name)],
    ))
}

fn links(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let kind = link_type(call)?;
    let product = product(context, call)?;
    let links = entries(&product["product_links"]).into_iter();
    Ok(links
        .filter(|link| link["link_type"] == kind.as_str())
        .cloned()
        .collect())
}
