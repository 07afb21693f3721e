//! Integrations with their consumers and tokens, as rows.
//!
//! Here alone one that a module declared can be deleted: a store leaves that to SQL.

use serde_json::{Map, Value, json};

use crate::acl::ResourceId;
use crate::integration::{Integration, IntegrationId, Status, Token};
use crate::secret::Secret;
use crate::storage::IntegrationChange;
use crate::store::permissions::Permissions;
use crate::store::{ReadyIntegration, Store};

use super::call::{Answer, Call, Refusal};

pub(super) fn list(store: &Store, _: &Call) -> Answer {
    let rows = store.storage().integrations()?;
    rows.iter().map(|row| shown(store, row)).collect()
}

pub(super) fn show(store: &Store, call: &Call) -> Answer {
    shown(store, &stored(store, call)?)
}

/// Makes one; with `activated`, which is the default, it has its four values at once, whatever its URLs are.
pub(super) fn make(store: &Store, call: &Call) -> Answer {
    let text = |name: &str| text(&call.fields, name);
    let name = text("name")?
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Refusal(400, "`name` must be a text that is not empty".to_owned()))?;
    if store.storage().integration_named(&name)?.is_some() {
        let sentence = format!("an integration named `{name}` exists; choose another name");
        return Err(Refusal(409, sentence));
    }
    let wanted = ReadyIntegration {
        permissions: permissions(&call.fields)?,
        email: text("email")?,
        endpoint: text("callback_url")?,
        identity_link_url: text("identity_link_url")?,
        name,
    };
    wanted
        .check(&store.tree())
        .map_err(|error| Refusal(400, error.to_string()))?;
    if call.fields.get("activated").is_none_or(|flag| flag == true) {
        let made = store.make_ready(&wanted, None)?;
        return Ok(made.shown());
    }
    let row = store.make_inactive(&wanted)?;
    Ok(json!({"id": row.id.0, "name": row.name, "status": row.status.code()}))
}

pub(super) fn change(store: &Store, call: &Call) -> Answer {
    let row = stored(store, call)?;
    let status = call
        .fields
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|code| u8::try_from(code).ok())
        .and_then(Status::from_code)
        .ok_or_else(|| Refusal(400, "`status` must be 0, 1 or 2".to_owned()))?;
    let change = IntegrationChange {
        status: Some(status),
        ..IntegrationChange::default()
    };
    let changed = store.storage().change_integration(row.id, &change, None)?;
    shown(store, &changed.unwrap_or(row))
}

/// The row with its grant, consumer and tokens, whatever declared it.
pub(super) fn delete(store: &Store, call: &Call) -> Answer {
    let row = stored(store, call)?;
    store.storage().erase_integration(row.id)?;
    Ok(json!({"id": row.id.0, "name": row.name}))
}

pub(super) fn revoke(store: &Store, call: &Call) -> Answer {
    let row = store.storage().revoke_token(&call.names[0])?;
    let row = row.ok_or_else(|| Refusal(404, "no such token".to_owned()))?;
    Ok(token(&row))
}

/// A field that is a text, when it is there.
fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal(400, format!("`{name}` must be a text"))),
    }
}

fn permissions(fields: &Map<String, Value>) -> Result<Option<Permissions>, Refusal> {
    let wrong = || {
        let sentence = "`resources` must be \"all\" or a list of resource ids, such as [\"Magento_Catalog::products\"]";
        Refusal(400, sentence.to_owned())
    };
    match fields.get("resources") {
        None => Ok(None),
        Some(Value::String(all)) if all == "all" => Ok(Some(Permissions::All)),
        Some(Value::Array(ids)) => {
            let ids = ids.iter().map(|id| id.as_str().map(ResourceId::from));
            let ids: Option<Vec<ResourceId>> = ids.collect();
            Ok(Some(Permissions::of(ids.ok_or_else(wrong)?)))
        }
        Some(_) => Err(wrong()),
    }
}

fn stored(store: &Store, call: &Call) -> Result<Integration, Refusal> {
    let id = &call.names[0];
    let unknown = || Refusal(404, format!("no integration has the id `{id}`"));
    let number = id.parse().map_err(|_| unknown())?;
    let found = store.storage().integration(IntegrationId(number))?;
    found.ok_or_else(unknown)
}

fn shown(store: &Store, row: &Integration) -> Answer {
    let consumer = match row.consumer_id {
        Some(id) => store.storage().consumer(id)?,
        None => None,
    };
    let tokens = match row.consumer_id {
        Some(id) => store.storage().tokens_of(id)?,
        None => Vec::new(),
    };
    Ok(json!({
        "id": row.id.0,
        "name": row.name,
        "status": row.status.code(),
        "setup_type": row.setup_type.code(),
        "consumer": consumer.map(|consumer| json!({
            "id": consumer.id,
            "key": consumer.key,
            "secret": consumer.secret.expose(),
        })),
        "tokens": tokens.iter().map(token).collect::<Vec<_>>(),
    }))
}

fn token(row: &Token) -> Value {
    json!({
        "type": row.kind.name(),
        "token": row.token,
        "secret": row.secret.expose(),
        "verifier": row.verifier.as_ref().map(Secret::expose),
        "revoked": row.revoked,
    })
}
