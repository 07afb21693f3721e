//! The control API: what a test may do to a store beside its public surface (DESIGN section 6). It has a listener of its own, on the
//! loopback interface only, and gives away every secret.
//!
//! Beyond that section: `DELETE /v1/integrations/ID`, which is the only way to be rid of what a module declared (quirk Q6: a store leaves it
//! to SQL), and `POST /v1/cache/flush`. Setting or unsetting a configuration value flushes too, as a deployment script does, so
//! that a switch set here is in force with the next request; `{"value": "…", "flush": false}` leaves the caches as they are, as saving in
//! the panel does (spec config-acl-admin.md §6: guest access stays as it was until the cache is flushed). Whoever is signed in to the panel
//! stays so when the clock is moved, so that one session serves a test from end to end; with `"idle": true` beside `now` or `advance` the
//! time that was skipped counts against `admin/security/session_lifetime`.

use serde_json::{Map, Value, json};

use crate::integration::{Integration, IntegrationId, Status, Token};
use crate::secret::Secret;
use crate::storage;
use crate::text::percent;
use crate::time::UnixTime;
use crate::wire::{Request, Response};

use super::{Error, Store, front};

/// A refusal: status and sentence.
struct Refusal(u16, String);

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        Self(500, error.to_string())
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(500, error.to_string())
    }
}

type Answer = Result<Value, Refusal>;

impl Store {
    /// Answers a request of the control API.
    #[must_use]
    pub fn control(&self, request: &Request) -> Response {
        let answer = if from_browser(request) {
            let sentence = "the control API is not for browsers";
            Err(Refusal(403, sentence.to_owned()))
        } else {
            route(self, request)
        };
        let (status, value) = match answer {
            Ok(value) => (200, value),
            Err(Refusal(status, sentence)) => (status, json!({"error": sentence})),
        };
        Response::new(status, "application/json", format!("{value}\n"))
    }
}

/// A page of the web could reach the loopback interface through its visitor's browser, which would say so.
fn from_browser(request: &Request) -> bool {
    ["Origin", "Sec-Fetch-Site"]
        .into_iter()
        .any(|name| request.headers.first(name).is_some())
}

fn route(store: &Store, request: &Request) -> Answer {
    let path = front::raw_path(&request.target);
    let segments: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|segment| percent::decode_text(segment).into_owned())
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["v1", "config", path @ ..]) => setting(store, &path.join("/")),
        ("PUT", ["v1", "config", path @ ..]) => {
            let fields = fields(request)?;
            let value = text(&fields, "value")?;
            let flush = fields.get("flush").is_none_or(|flush| flush != false);
            set(store, &path.join("/"), Some(&value), flush)
        }
        ("DELETE", ["v1", "config", path @ ..]) => set(store, &path.join("/"), None, true),
        ("GET", ["v1", "clock"]) => Ok(clock(store)),
        ("POST", ["v1", "clock"]) => move_clock(store, &fields(request)?),
        ("GET", ["v1", "integrations"]) => {
            let rows = store.storage().integrations()?;
            rows.iter().map(|row| integration(store, row)).collect()
        }
        ("GET", ["v1", "integrations", id]) => integration(store, &stored(store, id)?),
        ("PATCH", ["v1", "integrations", id]) => {
            let mut row = stored(store, id)?;
            row.status = status(&fields(request)?)?;
            store.storage().replace_integration(&row)?;
            integration(store, &row)
        }
        ("DELETE", ["v1", "integrations", id]) => delete(store, &stored(store, id)?),
        ("POST", ["v1", "tokens", token, "revoke"]) => revoke(store, token),
        ("POST", ["v1", "modules", "apply"]) => apply(store),
        ("POST", ["v1", "cache", "flush"]) => {
            store.flush_cache()?;
            Ok(json!({}))
        }
        ("POST", ["v1", "reset"]) => {
            store.reset()?;
            Ok(json!({}))
        }
        (method, _) => Err(Refusal(
            404,
            format!("the control API has no {method} {path}"),
        )),
    }
}

fn fields(request: &Request) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(&request.body)
        .map_err(|error| Refusal(400, format!("the body is no JSON object: {error}")))
}

/// A value that counts as text.
fn text(fields: &Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match fields.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(flag)) => Ok(u8::from(*flag).to_string()),
        _ => Err(Refusal(400, format!("`{name}` must be a text"))),
    }
}

fn setting(store: &Store, path: &str) -> Answer {
    match store.storage().setting(path)? {
        Some(value) => Ok(json!({"path": path, "value": value})),
        None => Err(Refusal(404, format!("`{path}` is not set"))),
    }
}

fn set(store: &Store, path: &str, value: Option<&str>, flush: bool) -> Answer {
    if path.is_empty() {
        return Err(Refusal(400, "name a configuration path".to_owned()));
    }
    store.storage().set_setting(path, value)?;
    if flush {
        store.flush_cache()?;
    }
    Ok(json!({"path": path, "value": value}))
}

fn clock(store: &Store) -> Value {
    json!({"now": store.now().0})
}

fn move_clock(store: &Store, fields: &Map<String, Value>) -> Answer {
    let before = store.now();
    let number = |name: &str| fields.get(name).and_then(Value::as_i64);
    match (number("now"), number("advance")) {
        (Some(now), None) => store.clock().set(UnixTime(now)),
        (None, Some(seconds)) => store.clock().advance(seconds),
        _ => {
            let sentence = "give either `now`, seconds since 1970, or `advance`, seconds";
            return Err(Refusal(400, sentence.to_owned()));
        }
    }
    if fields.get("idle").is_none_or(|idle| idle != true) {
        store.panel().keep_signed_in(store.now().since(before));
    }
    Ok(clock(store))
}

fn stored(store: &Store, id: &str) -> Result<Integration, Refusal> {
    let unknown = || Refusal(404, format!("no integration has the id `{id}`"));
    let number = id.parse().map_err(|_| unknown())?;
    let found = store.storage().integration(IntegrationId(number))?;
    found.ok_or_else(unknown)
}

fn status(fields: &Map<String, Value>) -> Result<Status, Refusal> {
    fields
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|code| u8::try_from(code).ok())
        .and_then(Status::from_code)
        .ok_or_else(|| Refusal(400, "`status` must be 0, 1 or 2".to_owned()))
}

fn integration(store: &Store, row: &Integration) -> Answer {
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

/// The row with its grant, consumer and tokens, whatever declared it.
fn delete(store: &Store, row: &Integration) -> Answer {
    if let Some(consumer) = row.consumer_id {
        store.storage().remove_consumer(consumer)?;
    }
    store.storage().remove_integration(row.id)?;
    Ok(json!({"id": row.id.0, "name": row.name}))
}

fn revoke(store: &Store, value: &str) -> Answer {
    let mut row = store
        .storage()
        .token(value)?
        .ok_or_else(|| Refusal(404, "no such token".to_owned()))?;
    row.revoked = true;
    store.storage().replace_token(&row)?;
    Ok(token(&row))
}

fn apply(store: &Store) -> Answer {
    let applied = store.apply_modules().map_err(Error::from)?;
    Ok(json!({
        "created": applied.created,
        "updated": applied.updated,
        "reset": applied.reset,
        "kept": applied.kept,
        "switched_off": applied.switched_off,
    }))
}
