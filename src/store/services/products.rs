//! Products, by SKU: a SKU is any text, also with `/`, blanks and `%`.

use serde_json::{Map, Value, json};

use super::call::{entries, in_order, integer, number, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, fixture, seed};
use super::{
    Answer, Call, Context, Entry, Failure, Fault, attribute_sets, cms, printed, stock_items,
};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/products", search),
    ("POST", "/V1/products", |context, call| {
        let given = call.object("product")?;
        let sku = given.get("sku").and_then(plain);
        let sku = sku.ok_or_else(|| Failure::Broken(sentence::NO_SKU.to_owned()))?;
        save(context, call, &sku)
    }),
    ("DELETE", "/V1/products/:sku", remove),
    ("GET", "/V1/products/:sku", |context, call| {
        shown(context, existing(context, &call.text("sku")?)?)
    }),
    ("PUT", "/V1/products/:sku", |context, call| {
        save(context, call, &call.text("sku")?)
    }),
    ("GET", "/V1/products/types", |_, _| {
        Ok(types()["products"].clone())
    }),
];

static PRODUCTS: Shelf = Shelf::seeded("product", "id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/products.json"),
        "id",
    )
});

/// Attributes that products can be searched by although none in the seed has them.
const FIELDS: &[&str] = &[
    "category_id",
    "category_ids",
    "color",
    "cost",
    "country_of_manufacture",
    "custom_design",
    "entity_id",
    "gift_message_available",
    "has_options",
    "image",
    "links_exist",
    "manufacturer",
    "meta_description",
    "meta_keyword",
    "meta_title",
    "msrp",
    "news_from_date",
    "news_to_date",
    "page_layout",
    "price_type",
    "quantity_and_stock_status",
    "required_options",
    "shipment_type",
    "short_description",
    "small_image",
    "special_from_date",
    "special_price",
    "special_to_date",
    "store_id",
    "thumbnail",
    "tier_price",
    "website_id",
    "weight",
];

/// The fixed lists of types: of products, and of links between them.
pub(super) fn types() -> Value {
    fixture(include_str!(
        "../../../fixtures/rest/seed/product_types.json"
    ))
}

/// Every product, by id.
pub(super) fn all(context: &Context<'_>) -> storage::Result<Vec<Value>> {
    PRODUCTS.all(context.storage)
}

/// The product with this SKU, without regard to case and trailing blanks.
pub(super) fn with_sku(context: &Context<'_>, sku: &str) -> storage::Result<Option<Value>> {
    PRODUCTS.with(context.storage, "sku", sku)
}

/// The product with this SKU, or the refusal that there is none.
pub(super) fn existing(context: &Context<'_>, sku: &str) -> Answer {
    with_sku(context, sku)?.ok_or_else(|| Fault::new(404, sentence::NO_SUCH_PRODUCT).into())
}

/// Keeps a product that another service changed.
pub(super) fn keep(context: &Context<'_>, product: &Value) -> storage::Result<()> {
    PRODUCTS.put(context.storage, product)
}

fn search(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let rows = all(context)?;
    Ok(Criteria::read(call)?.among(FIELDS, &rows)?.answer(rows))
}

fn remove(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let product = existing(context, &call.text("sku")?)?;
    let id = integer(&product["id"])?;
    PRODUCTS.remove(context.storage, id)?;
    stock_items::forget(context, id)?;
    Ok(Value::Bool(true))
}

/// A single product carries its stock item.
fn shown(context: &Context<'_>, mut product: Value) -> Answer {
    let id = integer(&product["id"])?;
    let extension = &mut product["extension_attributes"];
    if let Some(fields) = extension.as_object_mut()
        && fields
            .get("category_links")
            .is_some_and(|links| entries(links).is_empty())
    {
        fields.shift_remove("category_links");
    }
    extension["stock_item"] = stock_items::of_product(context, id)?;
    Ok(in_order(&product, &ORDER))
}

/// The fields of an answer in their order; the others follow.
const ORDER: [&str; 11] = [
    "id",
    "sku",
    "name",
    "attribute_set_id",
    "price",
    "status",
    "visibility",
    "type_id",
    "created_at",
    "updated_at",
    "weight",
];

/// Creates the product of this SKU, or changes what the body names of it: both methods do both. A SKU in the path counts, not the body's.
fn save(context: &Context<'_>, call: &Call<'_>, sku: &str) -> Answer {
    let given = call.object("product")?;
    let old = with_sku(context, sku)?;
    let set = given
        .get("attribute_set_id")
        .and_then(|set| integer(set).ok());
    if old.is_none() || set.is_some() {
        let sets = attribute_sets::all(context)?;
        if !sets
            .iter()
            .any(|one| one["attribute_set_id"].as_i64() == set)
        {
            let values = [Value::from(sentence::INVALID_SET)];
            return Err(Fault::with(400, sentence::INVALID_PRODUCT, values).into());
        }
    }
    if sku.is_empty() {
        return Err(Fault::filled(sentence::EMPTY_ATTRIBUTE, ["sku", ""]).into());
    }
    if sku.chars().count() > LONGEST_SKU {
        let sentence = sentence::LONG_SKU.replace("%1", &LONGEST_SKU.to_string());
        return Err(Fault::said(400, sentence).into());
    }
    let is_new = old.is_none();
    let mut product = old.unwrap_or_else(|| blank(sku, &printed(context.now)));
    merge(&mut product, given)?;
    if product["name"].as_str().is_none_or(str::is_empty) {
        return Err(Fault::filled(sentence::EMPTY_ATTRIBUTE, ["Product Name", ""]).into());
    }
    if product["price"].as_f64().is_some_and(|price| price < 0.0) {
        return Err(Fault::new(400, sentence::NEGATIVE_PRICE).into());
    }
    if is_new {
        complete(&mut product);
    }
    if (is_new || given.contains_key("name")) && is_address_taken(context, &product)? {
        return Err(Fault::new(400, sentence::URL_KEY_TAKEN).into());
    }
    product["updated_at"] = json!(printed(context.now));
    if is_new {
        product = PRODUCTS.add(context.storage, product)?;
    } else {
        keep(context, &product)?;
    }
    let stock_item = given
        .get("extension_attributes")
        .and_then(|extension| extension.get("stock_item"))
        .and_then(Value::as_object);
    if let Some(stock_item) = stock_item {
        stock_items::set(context, integer(&product["id"])?, stock_item)?;
    }
    let mut answer = shown(context, product)?;
    // What nobody asked the database for is not told of a new product (measured 2.4.7-p3).
    if let Some(fields) = answer.as_object_mut().filter(|_| is_new) {
        fields.retain(|name, _| {
            !matches!(name.as_str(), "product_links" | "tier_prices") || given.contains_key(name)
        });
    }
    Ok(answer)
}

/// Characters that a SKU has at most.
const LONGEST_SKU: usize = 64;

fn blank(sku: &str, time: &str) -> Value {
    json!({
        "id": 0, "sku": sku, "name": "", "attribute_set_id": attribute_sets::DEFAULT, "status": 1,
        "visibility": 4, "type_id": "simple", "created_at": time, "updated_at": time,
        "extension_attributes": {"website_ids": [1], "category_links": []},
        "product_links": [], "options": [], "media_gallery_entries": [], "tier_prices": [], "custom_attributes": [],
    })
}

/// The attributes that a new product gets beside those that it was given (measured 2.4.7-p3).
fn complete(product: &mut Value) {
    let url_key = cms::address(product["name"].as_str().unwrap_or_default());
    let given = product["custom_attributes"].take();
    let mut list = vec![
        json!({"attribute_code": "options_container", "value": "container2"}),
        json!({"attribute_code": "url_key", "value": url_key}),
        json!({"attribute_code": "msrp_display_actual_price_type", "value": "0"}),
        json!({"attribute_code": "required_options", "value": "0"}),
        json!({"attribute_code": "has_options", "value": "0"}),
        json!({"attribute_code": "tax_class_id", "value": "2"}),
        json!({"attribute_code": "category_ids", "value": []}),
    ];
    list.retain(|one| {
        !entries(&given)
            .iter()
            .any(|other| other["attribute_code"] == one["attribute_code"])
    });
    let at = list.len().saturating_sub(1);
    list.splice(at..at, entries(&given).into_iter().cloned());
    product["custom_attributes"] = Value::Array(list);
}

/// Whether another product has the address of this one.
fn is_address_taken(context: &Context<'_>, product: &Value) -> storage::Result<bool> {
    let key = url_key(product);
    let taken = |other: &Value| other["id"] != product["id"] && url_key(other) == key;
    Ok(key.is_some() && all(context)?.iter().any(taken))
}

fn url_key(product: &Value) -> Option<&str> {
    let attributes = product["custom_attributes"].as_array()?;
    let key = attributes
        .iter()
        .find(|one| one["attribute_code"] == "url_key")?;
    key["value"].as_str()
}

fn merge(product: &mut Value, given: &Map<String, Value>) -> Result<(), Failure> {
    for name in ["name", "type_id"] {
        if let Some(text) = given.get(name).and_then(plain) {
            product[name] = json!(text);
        }
    }
    for name in ["attribute_set_id", "status", "visibility"] {
        if let Some(value) = given.get(name).filter(|value| !value.is_null()) {
            product[name] = json!(integer(value).map_err(|fault| fault.during(name))?);
        }
    }
    for name in ["price", "weight"] {
        if let Some(value) = given.get(name).filter(|value| !value.is_null()) {
            product[name] = json!(number(value).map_err(|fault| fault.during(name))?);
        }
    }
    for name in ["product_links", "options", "tier_prices"] {
        if let Some(list @ Value::Array(_)) = given.get(name) {
            product[name] = list.clone();
        }
    }
    if let Some(extension) = given.get("extension_attributes") {
        for name in ["website_ids", "category_links"] {
            if let Some(list @ Value::Array(_)) = extension.get(name) {
                product["extension_attributes"][name] = list.clone();
            }
        }
    }
    for custom in given
        .get("custom_attributes")
        .map(entries)
        .unwrap_or_default()
    {
        set_custom(product, custom);
    }
    Ok(())
}

/// Sets one custom attribute, in its place when it is there.
fn set_custom(product: &mut Value, custom: &Value) {
    let Some(list) = product["custom_attributes"].as_array_mut() else {
        return;
    };
    let code = &custom["attribute_code"];
    let entry = json!({"attribute_code": code, "value": custom["value"]});
    match list.iter_mut().find(|one| one["attribute_code"] == *code) {
        Some(one) => *one = entry,
        None => list.push(entry),
    }
}
