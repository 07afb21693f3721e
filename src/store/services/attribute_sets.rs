//! Attribute sets of products, under both of their routes, and the fixed lists of types.

use serde_json::{Value, json};

use super::call::{integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Fault};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/eav/attribute-sets", create),
    ("GET", "/V1/eav/attribute-sets/:attributeSetId", one),
    ("PUT", "/V1/eav/attribute-sets/:attributeSetId", update),
    ("DELETE", "/V1/eav/attribute-sets/:attributeSetId", remove),
    ("GET", "/V1/eav/attribute-sets/list", list),
    ("POST", "/V1/products/attribute-sets", create),
    ("GET", "/V1/products/attribute-sets/:attributeSetId", one),
    ("PUT", "/V1/products/attribute-sets/:attributeSetId", update),
    (
        "DELETE",
        "/V1/products/attribute-sets/:attributeSetId",
        remove,
    ),
    ("GET", "/V1/products/attribute-sets/sets/list", list),
];

static SETS: Shelf = Shelf::seeded("attribute_set", "attribute_set_id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/attribute_sets.json"),
        "attribute_set_id",
    )
});

/// The set that a product has when it names none, and that cannot be removed.
pub(super) const DEFAULT: i64 = 4;

/// Products, as an entity type.
const PRODUCTS: i64 = 4;

/// Every set.
pub(super) fn all(context: &Context<'_>) -> storage::Result<Vec<Value>> {
    SETS.all(context.storage)
}

fn list(context: &Context<'_>, call: &Call<'_>) -> Answer {
    Ok(Criteria::read(call)?
        .within("eav_attribute_set", &["entity_type_code"])?
        .answer(all(context)?))
}

/// The set that a path names.
pub(super) fn one(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("attributeSetId")?;
    let found = SETS.one(context.storage, id)?;
    found.ok_or_else(|| Fault::no_such("id", id).into())
}

fn create(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let set = json!({
        "attribute_set_id": 0, "attribute_set_name": "", "sort_order": 0, "entity_type_id": PRODUCTS,
    });
    let skeleton = call.integer("skeletonId")?;
    if skeleton == 0 {
        return Err(Fault::new(400, sentence::NO_SKELETON).into());
    }
    let set = merged(context, call, set)?;
    Ok(SETS.add(context.storage, set)?)
}

fn update(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let old = one(context, call)?;
    let set = merged(context, call, old)?;
    SETS.put(context.storage, &set)?;
    Ok(set)
}

fn merged(context: &Context<'_>, call: &Call<'_>, mut set: Value) -> Answer {
    let given = call.object("attributeSet")?;
    if let Some(name) = given.get("attribute_set_name").and_then(plain) {
        set["attribute_set_name"] = json!(name);
    }
    if let Some(order) = given.get("sort_order") {
        set["sort_order"] = json!(integer(order).map_err(|fault| fault.during("sort_order"))?);
    }
    let name = set["attribute_set_name"].as_str().unwrap_or_default();
    if name.is_empty() {
        return Err(Fault::required(&["attribute_set_name"]).into());
    }
    if let Some(other) = SETS.with(context.storage, "attribute_set_name", name)?
        && other["attribute_set_id"] != set["attribute_set_id"]
    {
        return Err(Fault::with(400, sentence::NAME_TAKEN, [Value::from(name)]).into());
    }
    Ok(set)
}

fn remove(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let set = one(context, call)?;
    let id = integer(&set["attribute_set_id"])?;
    if id == DEFAULT {
        return Err(Fault::new(400, sentence::SET_KEPT).into());
    }
    SETS.remove(context.storage, id)?;
    Ok(Value::Bool(true))
}
