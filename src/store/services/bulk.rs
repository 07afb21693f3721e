//! Asynchronous calls that were accepted and wait: a bulk of operations each. Nobody takes them up, as in a store whose queue has no
//! consumer running.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fault::sentence;
use super::operations::Operation;
use super::search::Criteria;
use super::shelf::Shelf;
use super::{Answer, Call, Caller, Context, Entry, Failure, Parameters, printed};
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
