//! Attributes of products and the groups of their sets, to read.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::fault::sentence;
use super::search::Criteria;
use super::shelf::fixture;
use super::{Answer, Call, Context, Entry, Fault, attribute_sets};

pub(super) const SERVICES: &[Entry] = &[
    (
        "GET",
        "/V1/products/attribute-sets/:attributeSetId/attributes",
        |context, call| {
            let id = call.text("attributeSetId")?;
            attribute_sets::one(context, call).map_err(|_| Fault::no_such("id", id))?;
            Ok(ATTRIBUTES.clone().into())
        },
    ),
    ("GET", "/V1/products/attribute-sets/groups/list", groups),
    ("GET", "/V1/products/attributes", |_, call| {
        Ok(Criteria::read(call)?
            .within("eav_attribute", &[])?
            .answer(ATTRIBUTES.clone()))
    }),
    (
        "GET",
        "/V1/products/attributes/:attributeCode",
        |_, call| one(call),
    ),
    (
        "GET",
        "/V1/products/attributes/:attributeCode/options",
        |_, call| {
            // What PHP calls empty names no attribute.
            if matches!(call.text("attributeCode")?.as_str(), "" | "0") {
                return Err(Fault::new(400, sentence::NO_ATTRIBUTE_CODE).into());
            }
            Ok(one(call)?["options"].clone())
        },
    ),
    ("GET", "/V1/products/attributes/types", |_, _| Ok(types())),
    (
        "GET",
        "/V1/products/media/types/:attributeSetName",
        media_types,
    ),
];

static ATTRIBUTES: LazyLock<Vec<Value>> =
    LazyLock::new(|| fixture(include_str!("../../../fixtures/rest/seed/attributes.json")));

/// The groups of attributes that every set has.
const GROUPS: [&str; 3] = ["Product Details", "Images", "Search Engine Optimization"];

/// The kinds of input that an attribute can have beside those that every entity has.
const INPUTS: [(&str, &str); 2] = [("price", "Price"), ("media_image", "Media Image")];

fn one(call: &Call<'_>) -> Answer {
    existing(&call.text("attributeCode")?)
}

/// The attribute of this code, or the refusal that there is none.
pub(super) fn existing(code: &str) -> Answer {
    let found = ATTRIBUTES
        .iter()
        .find(|attribute| attribute["attribute_code"] == code);
    Ok(found
        .ok_or_else(|| Fault::with(404, sentence::NO_SUCH_ATTRIBUTE, [Value::from(code)]))?
        .clone())
}

fn types() -> Value {
    INPUTS
        .iter()
        .map(|(value, label)| json!({"value": value, "label": label}))
        .collect()
}

/// Groups are numbered set by set.
fn groups(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut rows = Vec::new();
    for set in attribute_sets::all(context)? {
        let set = set["attribute_set_id"].as_i64().unwrap_or_default();
        for (place, name) in (1..).zip(GROUPS) {
            rows.push(json!({
                "attribute_group_id": (set * 10 + place).to_string(),
                "attribute_group_name": name,
                "attribute_set_id": set,
            }));
        }
    }
    Ok(Criteria::read(call)?
        .within("eav_attribute_group", &[])?
        .answer(rows))
}

/// The attributes that hold an image; every set has them.
fn media_types(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let name = call.text("attributeSetName")?;
    let known = attribute_sets::all(context)?
        .iter()
        .any(|set| set["attribute_set_name"] == name.as_str());
    let images = ATTRIBUTES
        .iter()
        .filter(|attribute| known && attribute["frontend_input"] == "media_image");
    Ok(images.cloned().collect())
}
