//! The documents of orders, to read and to comment on: invoices, shipments with their tracks, credit memos.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{entries, flag, integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Failure, Fault, printed};
use crate::storage;

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/creditmemo/:id", |context, call| {
        one(context, call, &CREDIT_MEMOS)
    }),
    ("GET", "/V1/creditmemo/:id/comments", |context, call| {
        comments(context, call, &CREDIT_MEMOS)
    }),
    ("POST", "/V1/creditmemo/:id/comments", |context, call| {
        comment(context, call, &CREDIT_MEMOS)
    }),
    ("POST", "/V1/creditmemo/:id/emails", |context, call| {
        unsent(context, call, &CREDIT_MEMOS)
    }),
    ("GET", "/V1/creditmemos", |context, call| {
        list(context, call, &CREDIT_MEMOS, "sales_creditmemo")
    }),
    ("GET", "/V1/invoices", |context, call| {
        list(context, call, &INVOICES, "sales_invoice")
    }),
    ("GET", "/V1/invoices/:id", |context, call| {
        one(context, call, &INVOICES)
    }),
    ("POST", "/V1/invoices/:id/capture", |context, call| {
        refused(context, call, sentence::NO_CAPTURE)
    }),
    ("GET", "/V1/invoices/:id/comments", |context, call| {
        comments(context, call, &INVOICES)
    }),
    ("POST", "/V1/invoices/:id/emails", |context, call| {
        unsent(context, call, &INVOICES)
    }),
    ("POST", "/V1/invoices/:id/void", |context, call| {
        refused(context, call, sentence::NO_VOID)
    }),
    ("POST", "/V1/invoices/comments", |context, call| {
        comment(context, call, &INVOICES)
    }),
    ("GET", "/V1/shipment/:id", |context, call| {
        one(context, call, &SHIPMENTS)
    }),
    ("GET", "/V1/shipment/:id/comments", |context, call| {
        comments(context, call, &SHIPMENTS)
    }),
    ("POST", "/V1/shipment/:id/comments", |context, call| {
        comment(context, call, &SHIPMENTS)
    }),
    ("POST", "/V1/shipment/:id/emails", |context, call| {
        unsent(context, call, &SHIPMENTS)
    }),
    ("GET", "/V1/shipment/:id/label", |context, call| {
        one(context, call, &SHIPMENTS).map(|_| json!(""))
    }),
    ("POST", "/V1/shipment/track", add_track),
    ("DELETE", "/V1/shipment/track/:id", remove_track),
    ("GET", "/V1/shipments", |context, call| {
        list(context, call, &SHIPMENTS, "sales_shipment")
    }),
];

pub(super) static CREDIT_MEMOS: Shelf = Shelf::seeded("creditmemo", "entity_id", BTreeMap::new);
pub(super) static SHIPMENTS: Shelf = Shelf::seeded("shipment", "entity_id", BTreeMap::new);
/// Invoices, of which some are there from the start.
pub(super) static INVOICES: Shelf = Shelf::seeded("invoice", "entity_id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/invoices.json"),
        "entity_id",
    )
});

/// A document, or the refusal that there is none.
pub(super) fn existing(context: &Context<'_>, id: i64, shelf: &Shelf) -> Answer {
    let found = shelf.one(context.storage, some_id(id)?)?;
    found.ok_or_else(|| Fault::new(404, sentence::NO_SUCH_RECORD).into())
}

fn one(context: &Context<'_>, call: &Call<'_>, shelf: &Shelf) -> Answer {
    existing(context, call.integer("id")?, shelf)
}

fn list(context: &Context<'_>, call: &Call<'_>, shelf: &Shelf, table: &str) -> Answer {
    let criteria = Criteria::read(call)?.within(table, &[])?;
    Ok(criteria.answer(shelf.all(context.storage)?))
}

/// No mail is sent, and that is said.
fn unsent(context: &Context<'_>, call: &Call<'_>, shelf: &Shelf) -> Answer {
    one(context, call, shelf).map(|_| Value::Bool(false))
}

/// What the payment of a paid invoice does not offer.
fn refused(context: &Context<'_>, call: &Call<'_>, sentence: &'static str) -> Answer {
    one(context, call, &INVOICES)?;
    Err(Fault::new(400, sentence).into())
}

fn comments(context: &Context<'_>, call: &Call<'_>, shelf: &Shelf) -> Answer {
    comments_in(context, call, shelf, "comments")
}

/// The comments of a document, which stand in this list; one that is not there has none.
pub(super) fn comments_in(
    context: &Context<'_>,
    call: &Call<'_>,
    shelf: &Shelf,
    list: &str,
) -> Answer {
    let id = call.integer("id")?;
    let document = shelf.one(context.storage, id)?.unwrap_or_default();
    let comments = entries(&document[list]).into_iter().cloned();
    Ok(Criteria::equal("parent_id", id.to_string()).answer(comments.collect()))
}

/// The id of the next comment on documents of a kind.
pub(super) fn next_comment(context: &Context<'_>, shelf: &Shelf) -> storage::Result<i64> {
    next(context, shelf, "comments")
}

/// The id of the next track.
pub(super) fn next_track(context: &Context<'_>) -> storage::Result<i64> {
    next(context, &SHIPMENTS, "tracks")
}

/// The id of the next row of a list that documents of a kind have.
pub(super) fn next(context: &Context<'_>, shelf: &Shelf, list: &str) -> storage::Result<i64> {
    let documents = shelf.all(context.storage)?;
    let ids = documents
        .iter()
        .flat_map(|document| entries(&document[list]))
        .filter_map(|row| row["entity_id"].as_i64());
    Ok(ids.max().unwrap_or_default() + 1)
}

fn comment(context: &Context<'_>, call: &Call<'_>, shelf: &Shelf) -> Answer {
    let given = call.object("entity")?;
    let parent = given.get("parent_id").map(integer).transpose()?;
    let Some(parent) = parent.filter(|parent| *parent != 0) else {
        let sentence = match shelf.kind() {
            "invoice" => sentence::INVOICE_COMMENT_NOT_SAVED,
            "shipment" => sentence::SHIPMENT_COMMENT_NOT_SAVED,
            _ => sentence::CREDIT_MEMO_COMMENT_NOT_SAVED,
        };
        return Err(Fault::new(400, sentence).into());
    };
    let mut document = existing(context, parent, shelf)?;
    let said = |name: &str| i32::from(given.get(name).is_some_and(flag));
    let comment = json!({
        "is_customer_notified": said("is_customer_notified"),
        "parent_id": document["entity_id"],
        "comment": given.get("comment").and_then(plain),
        "is_visible_on_front": said("is_visible_on_front"),
        "entity_id": next_comment(context, shelf)?,
    });
    let mut kept = comment.clone();
    kept["created_at"] = json!(printed(context.now));
    if let Some(comments) = document["comments"].as_array_mut() {
        comments.push(kept);
    }
    shelf.put(context.storage, &document)?;
    Ok(comment)
}

/// A track as it is kept.
pub(super) fn track(
    context: &Context<'_>,
    given: &Value,
    order: &Value,
    shipment: i64,
    id: i64,
) -> Value {
    let now = printed(context.now);
    json!({
        "order_id": order,
        "created_at": now,
        "entity_id": id,
        "parent_id": shipment,
        "updated_at": now,
        "weight": given["weight"],
        "qty": given["qty"],
        "description": given["description"],
        "track_number": given["track_number"],
        "title": given["title"],
        "carrier_code": given["carrier_code"],
    })
}

fn add_track(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let given = Value::Object(call.object("entity")?.clone());
    let parent = integer(&given["parent_id"]).unwrap_or_default();
    if parent == 0 {
        return Err(Fault::new(400, sentence::TRACK_NOT_SAVED).into());
    }
    let mut shipment = existing(context, parent, &SHIPMENTS)?;
    let id = next_track(context)?;
    let track = track(context, &given, &shipment["order_id"], parent, id);
    if let Some(tracks) = shipment["tracks"].as_array_mut() {
        tracks.push(track.clone());
    }
    SHIPMENTS.put(context.storage, &shipment)?;
    Ok(track)
}

/// A track that is not there is gone as well.
fn remove_track(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("id")?;
    for mut shipment in SHIPMENTS.all(context.storage)? {
        let Some(tracks) = shipment["tracks"].as_array_mut() else {
            continue;
        };
        let before = tracks.len();
        tracks.retain(|track| track["entity_id"] != id);
        if tracks.len() < before {
            SHIPMENTS.put(context.storage, &shipment)?;
        }
    }
    Ok(Value::Bool(true))
}

/// An invoice, or the refusal that there is none.
pub(super) fn invoice(context: &Context<'_>, id: i64) -> Result<Value, Failure> {
    existing(context, id, &INVOICES)
}

/// Refuses the id 0, which stands for none.
pub(super) fn some_id(id: i64) -> Result<i64, Fault> {
    if id == 0 {
        return Err(Fault::new(400, sentence::NO_ID));
    }
    Ok(id)
}
