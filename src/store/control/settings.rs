//! Configuration, clock, modules, caches and the state after start.
//!
//! Setting or unsetting a configuration value flushes too, as a deployment script does, so that a switch set here is in force with the next
//! request; `{"value": "…", "flush": false}` leaves the caches as they are, as saving in the panel does. Whoever is signed in to the panel
//! stays so when the clock is moved, so that one session serves a test from end to end; with `"idle": true` beside `now` or `advance` the
//! time that was skipped counts against `admin/security/session_lifetime`.

use serde_json::{Value, json};

use crate::store::{Error, Store, check_setting};
use crate::time::UnixTime;

use super::call::{Answer, Call, Refusal};

/// A setting that is read to see whether the database answers.
pub(super) const PROBED: &str = "web/unsecure/base_url";

pub(super) fn read(store: &Store, call: &Call) -> Answer {
    let path = &call.names[0];
    match store.storage().setting(path)? {
        Some(value) => Ok(json!({"path": path, "value": value})),
        None => Err(Refusal(404, format!("`{path}` is not set"))),
    }
}

pub(super) fn write(store: &Store, call: &Call) -> Answer {
    let value = match call.fields.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => u8::from(*flag).to_string(),
        _ => return Err(Refusal(400, "`value` must be a text".to_owned())),
    };
    let flush = call.fields.get("flush").is_none_or(|flush| flush != false);
    set(store, &call.names[0], Some(&value), flush)
}

pub(super) fn unset(store: &Store, call: &Call) -> Answer {
    set(store, &call.names[0], None, true)
}

fn set(store: &Store, path: &str, value: Option<&str>, flush: bool) -> Answer {
    let check = match value {
        Some(_) => check_setting(path).map_err(|unknown| Refusal(400, unknown.to_string()))?,
        None => None,
    };
    store.storage().set_setting(path, value)?;
    if flush {
        store.flush_cache()?;
    }
    let mut answer = json!({"path": path, "value": value});
    if let Some(why) = check {
        tracing::warn!(path, why, "setting");
        answer["warning"] = json!(why);
    }
    Ok(answer)
}

pub(super) fn clock(store: &Store) -> Value {
    json!({"now": store.now().0})
}

pub(super) fn move_clock(store: &Store, call: &Call) -> Answer {
    let before = store.clock().offset();
    let number = |name: &str| call.fields.get(name).and_then(Value::as_i64);
    let offset = match (number("now"), number("advance")) {
        (Some(now), None) => store.clock().offset_at(UnixTime(now)),
        (None, Some(seconds)) => before.saturating_add(seconds),
        _ => {
            let sentence = "give either `now`, seconds since 1970, or `advance`, seconds";
            return Err(Refusal(400, sentence.to_owned()));
        }
    };
    if call.fields.get("idle").is_none_or(|idle| idle != true) {
        store
            .panel()
            .keep_signed_in(offset.saturating_sub(before))?;
    }
    store.move_clock(offset)?;
    Ok(clock(store))
}

pub(super) fn apply_modules(store: &Store, _: &Call) -> Answer {
    let applied = store.apply_modules().map_err(Error::from)?;
    Ok(json!({
        "created": applied.created,
        "updated": applied.updated,
        "reset": applied.reset,
        "kept": applied.kept,
        "switched_off": applied.switched_off,
    }))
}

pub(super) fn flush_cache(store: &Store, _: &Call) -> Answer {
    store.flush_cache()?;
    Ok(json!({}))
}

pub(super) fn reset(store: &Store, _: &Call) -> Answer {
    store.reset()?;
    Ok(json!({}))
}

pub(super) fn restart(store: &Store, _: &Call) -> Answer {
    store.restart()?;
    Ok(json!({}))
}

pub(super) fn health() -> Value {
    json!({"status": "ok"})
}

pub(super) fn ready(store: &Store, _: &Call) -> Answer {
    match store.storage().setting(PROBED) {
        Ok(_) => Ok(json!({"status": "ready"})),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let sentence = "the database does not answer; the log says why";
            Err(Refusal(503, sentence.to_owned()))
        }
    }
}

/// The last requests to the store, the newest first; `?last=N` asks for fewer.
pub(super) fn requests(store: &Store, call: &Call) -> Answer {
    let last = match call.query.strip_prefix("last=") {
        Some(number) => number
            .parse()
            .map_err(|_| Refusal(400, "`last` must be a number".to_owned()))?,
        None => usize::MAX,
    };
    Ok(store.journal().last(last))
}
