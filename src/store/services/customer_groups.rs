//! Customer groups. Group 0 stands for visitors who are not signed in, as in every store.

use serde_json::{Map, Value, json};

use super::call::{integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Failure, Fault, stores};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("POST", "/V1/customerGroups", create),
    ("DELETE", "/V1/customerGroups/:id", remove),
    ("GET", "/V1/customerGroups/:id", |context, call| {
        group(context, call.integer("id")?)
    }),
    ("PUT", "/V1/customerGroups/:id", update),
    (
        "GET",
        "/V1/customerGroups/:id/permissions",
        |context, call| {
            let id = call.integer("id")?;
            let found = GROUPS.one(context.storage, id)?;
            found.ok_or_else(|| Fault::no_such("groupId", id))?;
            Ok(Value::Bool(id < FIRST_FREE))
        },
    ),
    ("GET", "/V1/customerGroups/default", |context, _| {
        group(context, DEFAULT)
    }),
    (
        "GET",
        "/V1/customerGroups/default/:storeId",
        |context, call| {
            let store = call.integer("storeId")?;
            if !stores::is_store(store) {
                return Err(Fault::no_such("storeId", store).into());
            }
            group(context, DEFAULT)
        },
    ),
    ("GET", "/V1/customerGroups/search", |context, call| {
        Ok(Criteria::read(call)?
            .within("customer_group", &["id", "code", "tax_class_name"])?
            .answer(GROUPS.all(context.storage)?))
    }),
];

static GROUPS: Shelf = Shelf::seeded("customer_group", "id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/customer_groups.json"),
        "id",
    )
});

/// The group that a new customer belongs to.
pub(super) const DEFAULT: i64 = 1;

/// The only tax class for customers.
const CUSTOMERS_TAXED: i64 = 3;

/// Characters of a code that are kept.
const LONGEST: usize = 32;

/// Groups below cannot be removed.
const FIRST_FREE: i64 = 2;

/// The group of this id.
pub(super) fn group(context: &Context<'_>, id: i64) -> Answer {
    let found = GROUPS.one(context.storage, id)?;
    found.ok_or_else(|| Fault::no_such("id", id).into())
}

/// Whether there is a group of this id.
pub(super) fn exists(context: &Context<'_>, id: i64) -> storage::Result<bool> {
    Ok(GROUPS.one(context.storage, id)?.is_some())
}

fn create(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = call.object("group")?;
    let group = merged(
        context,
        json!({"id": 0, "code": "", "tax_class_id": 3}),
        given,
    )?;
    Ok(GROUPS.add(context.storage, group)?)
}

fn update(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let (id, given) = (call.integer("id")?, call.object("group")?);
    let Some(old) = GROUPS.one(context.storage, id)? else {
        // What is given is looked at before the group (measured 2.4.7-p3).
        let nothing = json!({"id": id, "code": "", "tax_class_id": null});
        merged(context, nothing, given)?;
        return Err(Fault::no_such("id", id).into());
    };
    let group = merged(context, old, given)?;
    GROUPS.put(context.storage, &group)?;
    Ok(group)
}

fn merged(
    context: &Context<'_>,
    mut group: Value,
    given: &Map<String, Value>,
) -> Result<Value, Failure> {
    if let Some(code) = given.get("code").and_then(plain) {
        group["code"] = json!(code.chars().take(LONGEST).collect::<String>());
    }
    if let Some(class) = given.get("tax_class_id") {
        group["tax_class_id"] =
            json!(integer(class).map_err(|fault| fault.during("tax_class_id"))?);
    }
    let code = group["code"].as_str().unwrap_or_default().to_owned();
    if code.is_empty() {
        return Err(Fault::required(&["code"]).into());
    }
    if group["tax_class_id"] != CUSTOMERS_TAXED {
        let values = [
            ("fieldName", Value::from("taxClassId")),
            ("value", group["tax_class_id"].clone()),
        ];
        return Err(Fault::named(400, sentence::INVALID_VALUE, values).into());
    }
    if let Some(other) = GROUPS.with(context.storage, "code", &code)?
        && other["id"] != group["id"]
    {
        return Err(Fault::new(400, sentence::GROUP_EXISTS).into());
    }
    group["tax_class_name"] = json!("Retail Customer");
    Ok(group)
}

fn remove(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("id")?;
    group(context, id)?;
    if id < FIRST_FREE {
        return Err(Fault::new(400, sentence::GROUP_KEPT).into());
    }
    GROUPS.remove(context.storage, id)?;
    Ok(Value::Bool(true))
}
