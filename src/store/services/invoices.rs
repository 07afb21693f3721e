//! Invoices, to read.

use serde_json::Value;

use super::call::entries;
use super::fault::sentence;
use super::orders::some_id;
use super::search::Criteria;
use super::shelf::{Shelf, seed};
use super::{Answer, Call, Context, Entry, Fault};

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/invoices", |context, call| {
        Ok(Criteria::read(call)?
            .within("sales_invoice", &[])?
            .answer(INVOICES.all(context.storage)?))
    }),
    ("GET", "/V1/invoices/:id", |context, call| {
        existing(context, call.integer("id")?)
    }),
    ("GET", "/V1/invoices/:id/comments", comments),
];

static INVOICES: Shelf = Shelf::seeded("invoice", "entity_id", || {
    seed(
        include_str!("../../../fixtures/rest/seed/invoices.json"),
        "entity_id",
    )
});

/// An invoice, or the refusal that there is none.
pub(super) fn existing(context: &Context<'_>, id: i64) -> Answer {
    let found = INVOICES.one(context.storage, some_id(id)?)?;
    found.ok_or_else(|| Fault::new(404, sentence::NO_SUCH_RECORD).into())
}

/// The comments of an invoice; one that is not there has none.
fn comments(context: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.integer("id")?;
    let invoice = INVOICES.one(context.storage, id)?.unwrap_or_default();
    let comments: Vec<Value> = entries(&invoice["comments"]).into_iter().cloned().collect();
    Ok(Criteria::equal("parent_id", id.to_string()).answer(comments))
}
