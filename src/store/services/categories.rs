//! The category tree: rows with their parents, of which trees are made on demand. Category 1 is the root of roots.

use serde_json::{Map, Value, json};

use super::call::{entries, flag, integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Failure, Fault, cms, printed, products};

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/categories", tree),
    ("POST", "/V1/categories", create),
    ("DELETE", "/V1/categories/:categoryId", remove),
    ("GET", "/V1/categories/:categoryId", |context, call| {
        one(context, call.integer("categoryId")?)
    }),
    ("GET", "/V1/categories/:categoryId/products", links),
    ("POST", "/V1/categories/:categoryId/products", link),
    ("PUT", "/V1/categories/:categoryId/products", link),
    ("DELETE", "/V1/categories/:categoryId/products/:sku", unlink),
    ("PUT", "/V1/categories/:id", update),
    ("GET", "/V1/categories/list", |context, call| {
        let rows = CATEGORIES.all(context.storage)?;
        let shown = rows
            .iter()
            .map(|row| shown(row.clone(), &rows))
            .collect::<Vec<_>>();
        Ok(Criteria::read(call)?.among(FIELDS, &shown)?.answer(shown))
    }),
];

static CATEGORIES: Shelf = Shelf::seeded("category", "id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/categories.json"),
        "id",
    )
});

/// Bytes of a path of ids; it bounds the depth of the tree.
const LONGEST_PATH: usize = 255;

/// Attributes that categories can be searched by although none in the seed has them.
const FIELDS: &[&str] = &[
    "children_count",
    "description",
    "entity_id",
    "image",
    "is_anchor",
    "landing_page",
    "meta_description",
    "meta_keywords",
    "meta_title",
    "store_id",
];

/// The root category of the only store group.
const ROOT: i64 = 2;

fn existing(context: &Context<'_>, id: i64) -> Answer {
    let found = CATEGORIES.one(context.storage, id)?;
    found.ok_or_else(|| Fault::no_such("id", id).into())
}

fn one(context: &Context<'_>, id: i64) -> Answer {
    let row = existing(context, id)?;
    Ok(shown(row, &CATEGORIES.all(context.storage)?))
}

/// A single category names its children.
fn shown(mut row: Value, rows: &[Value]) -> Value {
    let children: Vec<String> = rows
        .iter()
        .filter(|other| other["parent_id"] == row["id"])
        .filter_map(|other| plain(&other["id"]))
        .collect();
    row["children"] = json!(children.join(","));
    let below = format!("{}/", row["path"].as_str().unwrap_or_default());
    let count = rows
        .iter()
        .filter(|other| {
            other["path"]
                .as_str()
                .is_some_and(|path| path.starts_with(&below))
        })
        .count();
    let path = row["path"].clone();
    if let Some(list) = row["custom_attributes"].as_array_mut() {
        list.retain(|one| {
            !matches!(
                one["attribute_code"].as_str(),
                Some("path" | "children_count")
            )
        });
        let at = list
            .iter()
            .position(|one| one["attribute_code"] == "url_key");
        let at = at.unwrap_or(list.len());
        list.insert(
            at,
            json!({"attribute_code": "children_count", "value": count.to_string()}),
        );
        list.insert(at, json!({"attribute_code": "path", "value": path}));
    }
    row
}

fn tree(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let root = call.parameter("rootCategoryId").map_or(Ok(ROOT), integer)?;
    let depth = call.parameter("depth").map_or(Ok(i64::MAX), integer)?;
    let row = existing(context, root)?;
    let rows = CATEGORIES.all(context.storage)?;
    Ok(branch(&row, &rows, &products::all(context)?, depth.max(0)))
}

fn branch(row: &Value, rows: &[Value], products: &[Value], depth: i64) -> Value {
    let mut children: Vec<&Value> = rows
        .iter()
        .filter(|other| depth > 0 && other["parent_id"] == row["id"])
        .collect();
    children.sort_by_key(|child| child["position"].as_i64());
    let count = products
        .iter()
        .filter(|product| position(product, &row["id"]).is_some())
        .count();
    json!({
        "id": row["id"],
        "parent_id": row["parent_id"],
        "name": row["name"],
        "is_active": flag(&row["is_active"]),
        "position": row["position"],
        "level": row["level"],
        "product_count": count,
        "children_data": children
            .into_iter()
            .map(|child| branch(child, rows, products, depth - 1))
            .collect::<Vec<_>>(),
    })
}

/// The place of a product in a category that it belongs to.
fn position(product: &Value, category: &Value) -> Option<i64> {
    let category = plain(category);
    entries(&product["extension_attributes"]["category_links"])
        .into_iter()
        .find(|link| plain(&link["category_id"]) == category)
        .map(|link| integer(&link["position"]).unwrap_or_default())
}

fn create(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("category")?;
    if given
        .get("name")
        .and_then(plain)
        .is_none_or(|name| name.is_empty())
    {
        let why = sentence::EMPTY_ATTRIBUTE.replace("%1", "Name");
        return Err(Fault::with(400, sentence::CATEGORY_DEEP, [Value::from(why)]).into());
    }
    if given.get("is_active").is_none_or(Value::is_null) {
        let why = sentence::EMPTY_ATTRIBUTE.replace("%1", "Is Active");
        return Err(Fault::with(400, sentence::CATEGORY_DEEP, [Value::from(why)]).into());
    }
    let parent = given.get("parent_id").filter(|parent| !parent.is_null());
    let parent = existing(context, parent.map_or(Ok(ROOT), integer)?)?;
    let id = CATEGORIES.next_id(context.storage)?;
    let path = format!("{}/{id}", parent["path"].as_str().unwrap_or_default());
    if path.len() > LONGEST_PATH {
        let values = [Value::from("its path is too long")];
        return Err(Fault::with(400, sentence::CATEGORY_DEEP, values).into());
    }
    let siblings = CATEGORIES.all(context.storage)?;
    let siblings = siblings
        .iter()
        .filter(|row| row["parent_id"] == parent["id"]);
    let time = printed(context.now);
    let mut row = json!({
        "id": id, "parent_id": parent["id"], "name": "", "is_active": true, "position": siblings.count() + 1,
        "level": parent["level"].as_i64().unwrap_or_default() + 1, "children": "", "created_at": time, "updated_at": time,
        "path": path,
        "include_in_menu": true, "custom_attributes": [],
    });
    merge(&mut row, given)?;
    let name = row["name"].as_str().unwrap_or_default();
    row["custom_attributes"] = completed(&row, &cms::address(name), &parent);
    let key = attribute(&row, "url_path");
    let all = CATEGORIES.all(context.storage)?;
    if all
        .iter()
        .any(|other| key.is_some() && attribute(other, "url_path") == key)
    {
        let why = Value::from(sentence::URL_KEY_TAKEN);
        return Err(Fault::with(400, sentence::CATEGORY_DEEP, [why]).into());
    }
    let row = CATEGORIES.add(context.storage, row)?;
    Ok(shown(row, &[]))
}

/// The attributes of a new category, those that it was given in their places (measured 2.4.7-p3).
fn completed(row: &Value, key: &str, parent: &Value) -> Value {
    let above = attribute(parent, "url_path").map(|above| format!("{above}/{key}"));
    let mut list = vec![
        json!({"attribute_code": "is_anchor", "value": "1"}),
        json!({"attribute_code": "url_key", "value": key}),
        json!({"attribute_code": "url_path", "value": above.unwrap_or_else(|| key.to_owned())}),
    ];
    for given in entries(&row["custom_attributes"]) {
        let code = &given["attribute_code"];
        match list.iter_mut().find(|one| one["attribute_code"] == *code) {
            Some(one) => *one = given.clone(),
            None => list.push(given.clone()),
        }
    }
    Value::Array(list)
}

fn attribute<'r>(row: &'r Value, code: &str) -> Option<&'r str> {
    let list = row["custom_attributes"].as_array()?;
    let found = list.iter().find(|one| one["attribute_code"] == code)?;
    found["value"].as_str()
}

fn update(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let mut row = existing(context, call.integer("id")?)?;
    merge(&mut row, call.object("category")?)?;
    row["updated_at"] = json!(printed(context.now));
    CATEGORIES.put(context.storage, &row)?;
    Ok(shown(row, &CATEGORIES.all(context.storage)?))
}

fn merge(row: &mut Value, given: &Map<String, Value>) -> Result<(), Failure> {
    if let Some(name) = given.get("name").and_then(plain) {
        row["name"] = json!(name);
    }
    for name in ["is_active", "include_in_menu"] {
        if let Some(value) = given.get(name).filter(|value| !value.is_null()) {
            row[name] = json!(flag(value));
        }
    }
    if let Some(position) = given.get("position").filter(|position| !position.is_null()) {
        row["position"] = json!(integer(position).map_err(|fault| fault.during("position"))?);
    }
    if let Some(list @ Value::Array(_)) = given.get("custom_attributes") {
        row["custom_attributes"] = list.clone();
    }
    Ok(())
}

fn remove(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("categoryId")?;
    let row = existing(context, id)?;
    if id <= ROOT {
        return Err(
            Fault::with(400, sentence::CATEGORY_KEPT, [Value::from(id.to_string())]).into(),
        );
    }
    let path = format!("{}/", row["path"].as_str().unwrap_or_default());
    for other in CATEGORIES.all(context.storage)? {
        if other["path"]
            .as_str()
            .is_some_and(|other| other.starts_with(&path))
        {
            CATEGORIES.remove(context.storage, integer(&other["id"])?)?;
        }
    }
    CATEGORIES.remove(context.storage, id)?;
    Ok(Value::Bool(true))
}

fn links(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("categoryId")?;
    let category = existing(context, id)?;
    let mut found = Vec::new();
    for product in products::all(context)? {
        if let Some(position) = position(&product, &category["id"]) {
            found.push(
                json!({"sku": product["sku"], "position": position, "category_id": id.to_string()}),
            );
        }
    }
    Ok(Value::Array(found))
}

fn link(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("productLink")?;
    let category = existing(context, call.integer("categoryId")?)?;
    let sku = given.get("sku").and_then(plain).unwrap_or_default();
    let mut product = products::existing(context, &sku)?;
    let position = given.get("position").map_or(Ok(0), integer)?;
    drop_link(&mut product, &category["id"]);
    if let Some(links) = product["extension_attributes"]["category_links"].as_array_mut() {
        let id = plain(&category["id"]);
        links.push(json!({"position": position, "category_id": id}));
    }
    products::keep(context, &product)?;
    Ok(Value::Bool(true))
}

fn unlink(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let category = existing(context, call.integer("categoryId")?)?;
    let mut product = products::existing(context, &call.text("sku")?)?;
    drop_link(&mut product, &category["id"]);
    products::keep(context, &product)?;
    Ok(Value::Bool(true))
}

fn drop_link(product: &mut Value, category: &Value) {
    let category = plain(category);
    if let Some(links) = product["extension_attributes"]["category_links"].as_array_mut() {
        links.retain(|link| plain(&link["category_id"]) != category);
    }
}
