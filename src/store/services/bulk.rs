//! Asynchronous calls that were accepted: a bulk of operations each, open until the store's consumer takes them up.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fault::sentence;
use super::operations::{Operation, all};
use super::search::Criteria;
use super::shelf::Shelf;
use super::{Answer, Call, Caller, Context, Entry, Failure, Parameters, printed};
use crate::integration::IntegrationId;
use crate::random;
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/bulk", search),
    (
        "GET",
        "/V1/bulk/:bulkUuid/detailed-status",
        |context, call| {
            let bulk = existing(context, call)?;
            Ok(shown(&bulk, "operations_list", &bulk["operations"]))
        },
    ),
    (
        "GET",
        "/V1/bulk/:bulkUuid/operation-status/:status",
        count_with_status,
    ),
    ("GET", "/V1/bulk/:bulkUuid/status", |context, call| {
        let bulk = existing(context, call)?;
        let operations = operations(&bulk).map(|operation| {
            json!({
                "id": operation["id"],
                "status": operation["status"],
                "result_message": operation["result_message"],
                "error_code": operation["error_code"],
            })
        });
        Ok(shown(&bulk, "operations_list", &operations.collect()))
    }),
];

static BULKS: Shelf = Shelf::seeded("bulk", "id", BTreeMap::new);

/// An operation that nobody has taken up.
const OPEN: i64 = 4;
/// One that was run.
const COMPLETE: i64 = 1;
/// One that was refused, and is not tried again.
const FAILED: i64 = 3;

/// An operation that nobody has taken up, and all that running it needs.
pub(in crate::store) struct Waiting {
    /// The id of its bulk.
    bulk: i64,
    /// Its place there.
    place: usize,
    /// When it was filed.
    pub(in crate::store) since: i64,
    /// What to run.
    pub(in crate::store) operation: &'static Operation,
    /// With these parameters.
    pub(in crate::store) parameters: Map<String, Value>,
    /// For this caller.
    pub(in crate::store) caller: Caller,
}

/// Every one of them, oldest bulk first.
pub(in crate::store) fn waiting(context: &Context<'_>) -> storage::Result<Vec<Waiting>> {
    let mut found = Vec::new();
    for bulk in BULKS.all(context.storage)? {
        for (place, row) in operations(&bulk).enumerate() {
            if row["status"] != OPEN {
                continue;
            }
            let topic = row["topic_name"].as_str().unwrap_or_default();
            if let Some(operation) = all().iter().find(|one| one.topic() == topic) {
                found.push(Waiting {
                    place,
                    since: bulk["filed"].as_i64().unwrap_or_default(),
                    operation,
                    parameters: parameters(row),
                    caller: caller(&bulk),
                    bulk: bulk["id"].as_i64().unwrap_or_default(),
                });
            }
        }
    }
    Ok(found)
}

fn parameters(row: &Value) -> Map<String, Value> {
    let data = row["serialized_data"].as_str().unwrap_or_default();
    let data: Value = serde_json::from_str(data).unwrap_or_default();
    let given = data["meta_information"].as_str().unwrap_or_default();
    serde_json::from_str(given).unwrap_or_default()
}

fn caller(bulk: &Value) -> Caller {
    let id = bulk["user_id"].as_i64().unwrap_or_default();
    match bulk["user_type"].as_i64() {
        Some(1) => Caller::Integration(IntegrationId(id)),
        Some(2) => Caller::Admin(id),
        Some(3) => Caller::Customer(id),
        _ => Caller::Guest,
    }
}

/// Writes down what became of an operation: its result, or why it failed (measured 2.4.7-p3).
pub(in crate::store) fn finish(
    context: &Context<'_>,
    done: &Waiting,
    outcome: &Result<Value, String>,
) -> storage::Result<()> {
    let Some(mut bulk) = BULKS.one(context.storage, done.bulk)? else {
        // It was cleared while its operation ran.
        return Ok(());
    };
    let row = &mut bulk["operations"][done.place];
    match outcome {
        Ok(value) => {
            row["status"] = json!(COMPLETE);
            row["result_serialized_data"] = json!(value.to_string());
            let class = done.operation.class();
            row["result_message"] = json!(format!("Service execution success {class}"));
        }
        Err(sentence) => {
            row["status"] = json!(FAILED);
            row["result_message"] = json!(sentence);
            row["error_code"] = json!(0);
        }
    }
    BULKS.put(context.storage, &bulk)
}

/// Files the calls, one for each set of parameters; the bulk's id.
pub(in crate::store) fn file(
    context: &Context<'_>,
    caller: Caller,
    operation: &Operation,
    calls: &[&Map<String, Value>],
) -> storage::Result<String> {
    let uuid = random::uuid(context.entropy);
    let topic = operation.topic();
    let operations: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(id, parameters)| {
            let parameters = Value::Object((*parameters).clone()).to_string();
            let data = json!({
                "entity_id": null,
                "entity_link": "",
                "meta_information": parameters,
                "store_id": "1",
            });
            json!({
                "id": id,
                "bulk_uuid": uuid,
                "topic_name": topic,
                "serialized_data": data.to_string(),
                "result_serialized_data": null,
                "status": OPEN,
                "result_message": null,
                "error_code": null,
            })
        })
        .collect();
    let (user_type, user_id) = match caller {
        Caller::Integration(id) => (1, id.0),
        Caller::Admin(id) => (2, id),
        Caller::Customer(id) => (3, id),
        Caller::Guest => (4, 0),
    };
    let row = json!({
        "uuid": uuid,
        "operations": operations,
        "user_type": user_type,
        "description": format!("Topic {topic}"),
        "start_time": printed(context.now),
        "filed": context.now.0,
        "user_id": user_id,
    });
    let changing = context.alone();
    BULKS.add(context.storage, row)?;
    drop(changing);
    Ok(uuid)
}

fn existing(context: &Context<'_>, call: &Call<'_>) -> Result<Value, Failure> {
    let uuid = call.text("bulkUuid")?;
    let found = BULKS.all(context.storage)?;
    let found = found.into_iter().find(|bulk| bulk["uuid"] == uuid.as_str());
    found.ok_or_else(|| {
        let parameters = vec![("bulkUuid".into(), Value::from(uuid))];
        super::Fault {
            parameters: Parameters::Named(parameters),
            ..super::Fault::new(404, sentence::NO_BULK)
        }
        .into()
    })
}

fn operations(bulk: &Value) -> impl Iterator<Item = &Value> {
    bulk["operations"].as_array().into_iter().flatten()
}

fn shown(bulk: &Value, name: &str, operations: &Value) -> Value {
    json!({
        name: operations,
        "user_type": bulk["user_type"],
        "bulk_id": bulk["uuid"],
        "description": bulk["description"],
        "start_time": bulk["start_time"],
        "user_id": bulk["user_id"],
        "operation_count": self::operations(bulk).count(),
    })
}

/// How many operations of a bulk have a status; none of one that is not there.
fn count_with_status(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let (uuid, status) = (call.text("bulkUuid")?, call.integer("status")?);
    let bulks = BULKS.all(context.storage)?;
    let fitting = bulks
        .iter()
        .filter(|bulk| bulk["uuid"] == uuid.as_str())
        .flat_map(operations)
        .filter(|operation| operation["status"] == status);
    Ok(Value::from(fitting.count()))
}

fn search(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let criteria = Criteria::read(call)?.within("magento_bulk", &[])?;
    let mut rows = Vec::new();
    for bulk in BULKS.all(context.storage)? {
        for operation in operations(&bulk) {
            let mut row = json!({"extension_attributes": {"start_time": bulk["start_time"]}});
            if let (Some(row), Some(fields)) = (row.as_object_mut(), operation.as_object()) {
                row.extend(fields.clone());
            }
            rows.push(row);
        }
    }
    Ok(criteria.answer(rows))
}
