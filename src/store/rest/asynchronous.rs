//! Calls that are to run later, below `async` and `async/bulk` (docs/protocol/other-surfaces.md#asynchronous-and-bulk-calls).
//!
//! They are checked as far as a store checks them and filed; the store's consumer takes them up a minute later, as cron would: see
//! [`super::super::services::bulk`].

use std::sync::atomic::Ordering;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::module::baseline::Route;
use crate::storage;
use crate::store::services::operations::{self, Operation};
use crate::store::services::{self, bulk, contract};
use crate::text::hex;

use super::super::Store;
use super::super::caller::{Caller, Identity};
use super::problem::Problem;
use super::work::with_context;

/// When a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// At once.
    Now,
    /// Later.
    Later,
    /// Later, and many of them.
    Bulk,
}

impl Mode {
    /// The mode that a path below the store code asks for, and the rest of the path.
    pub(super) fn of(path: &str) -> (Self, &str) {
        let below = |front: &str| {
            path.strip_prefix(front)
                .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if let Some(rest) = below("/async/bulk") {
            return (Self::Bulk, rest);
        }
        below("/async").map_or((Self::Now, path), |rest| (Self::Later, rest))
    }

    /// Whether the call is not run at once.
    pub(super) const fn is_later(self) -> bool {
        matches!(self, Self::Later | Self::Bulk)
    }
}

/// A call whose caller may make it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) route: &'a Route,
    pub(super) fields: &'a Map<String, Value>,
    pub(super) mode: Mode,
}

/// Files a call, or a list of them, and tells the id.
pub(super) fn accept(
    store: &Store,
    identity: &Identity<'_>,
    call: Call<'_>,
) -> Result<Value, Problem> {
    let route = call.route;
    let operation = operations::of(&route.method, &route.url);
    // The service of a module's route is not known.
    let operation = operation.ok_or_else(|| Problem::no_data(&route.method, &route.url))?;
    let calls = match call.mode {
        Mode::Bulk => list(store, call.fields)?,
        Mode::Now | Mode::Later => vec![call.fields],
    };
    for fields in &calls {
        check(operation, fields)?;
    }
    let caller = identity
        .caller()
        .map_err(|unknown| Problem::unknown_caller(store, unknown))?;
    // A bearer token begins no session (measured 2.4.7-p3).
    if !matches!(caller, Caller::Admin(_) | Caller::Customer(_)) {
        identity.turn().begin_session();
    }
    let filed = with_context(store, &|| identity.turn().begin_session(), |context| {
        bulk::file(context, caller, operation, &calls)
    });
    let uuid = filed.map_err(|error| Problem::internal(store, &error.to_string()))?;
    let due = store.now().0.saturating_add(WAIT);
    store.next_run().fetch_min(due, Ordering::AcqRel);
    tracing::info!(
        bulk = uuid,
        "asynchronous calls are filed, and run in a minute"
    );
    let items: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(id, fields)| json!({"id": id, "data_hash": hash(fields), "status": "accepted"}))
        .collect();
    Ok(json!({"bulk_uuid": uuid, "request_items": items, "errors": false}))
}

/// Seconds after which the consumer takes up what was filed.
const WAIT: i64 = 60;

/// Runs the operations that have waited long enough. One that breaks the consumer stays open (measured 2.4.7-p3).
pub(super) fn take_up(store: &Store) -> storage::Result<()> {
    let (now, next) = (store.now().0, store.next_run());
    if next.load(Ordering::Acquire) > now {
        return Ok(());
    }
    // Of several requests that come at once, one takes them up.
    let due = next.swap(i64::MAX, Ordering::AcqRel);
    if due > now {
        next.fetch_min(due, Ordering::AcqRel);
        return Ok(());
    }
    run_waiting(store, now).inspect_err(|_| {
        next.fetch_min(now, Ordering::AcqRel);
    })
}

fn run_waiting(store: &Store, now: i64) -> storage::Result<()> {
    // The consumer has no visitor whose session could begin.
    with_context(store, &|| (), |context| {
        for waiting in bulk::waiting(context)? {
            let due = waiting.since.saturating_add(WAIT);
            if due > now {
                store.next_run().fetch_min(due, Ordering::AcqRel);
                continue;
            }
            let operation = waiting.operation;
            let call = services::Call {
                method: operation.method,
                template: operation.url,
                fields: &waiting.parameters,
                caller: &|| Some(waiting.caller),
                store_code: None,
            };
            let answer =
                services::call(context, &call).or_else(|| services::without_data(context, &call));
            let outcome = match answer {
                Some(Ok(value)) => Ok(value),
                Some(Err(failure)) => Err(Problem::of_service(store, failure)),
                None => Err(Problem::no_data(operation.method, operation.url)),
            };
            if outcome.as_ref().is_err_and(Problem::is_broken) {
                continue;
            }
            bulk::finish(
                context,
                &waiting,
                &outcome.map_err(|problem| problem.reason()),
            )?;
        }
        Ok(())
    })
}

/// The entries of a list, each the parameters of one call.
fn list<'a>(
    store: &Store,
    fields: &'a Map<String, Value>,
) -> Result<Vec<&'a Map<String, Value>>, Problem> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    let broken = || {
        let reason = "an entry of the list is no object".to_owned();
        Problem::of_service(store, services::Failure::Broken(reason))
    };
    fields
        .values()
        .map(|entry| match entry {
            Value::Object(fields) => Ok(fields),
            Value::Array(entries) if entries.is_empty() => Ok(&*NONE),
            _ => Err(broken()),
        })
        .collect()
}

fn check(operation: &Operation, fields: &Map<String, Value>) -> Result<(), Problem> {
    let Some(contract) = contract::of(operation.method, operation.url) else {
        return Ok(());
    };
    let call = services::Call {
        method: operation.method,
        template: operation.url,
        fields,
        caller: &|| None,
        store_code: None,
    };
    contract.check_presence(&call)?;
    Ok(contract.check_kinds(&call)?)
}

fn hash(fields: &Map<String, Value>) -> String {
    let text = Value::Object(fields.clone()).to_string();
    let digest = Sha256::digest(text.as_bytes());
    hex(&digest)
}
