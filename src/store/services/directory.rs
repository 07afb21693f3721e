//! Countries and currencies: the same for everybody.

use std::sync::LazyLock;

use serde_json::Value;

use super::call::entries;
use super::fault::sentence;
use super::shelf::fixture;
use super::{Answer, Call, Context, Entry, Fault};

pub(super) const SERVICES: &[Entry] = &[
    ("GET", "/V1/directory/countries", |_, _| {
        Ok(DIRECTORY["countries"].clone())
    }),
    ("GET", "/V1/directory/countries/:countryId", country),
    ("GET", "/V1/directory/currency", |_, _| {
        Ok(DIRECTORY["currency"].clone())
    }),
];

static DIRECTORY: LazyLock<Value> =
    LazyLock::new(|| fixture(include_str!("../../../fixtures/rest/seed/directory.json")));

fn country(_: &Context<'_>, call: &Call<'_>) -> Answer {
    let id = call.text("countryId")?;
    let found = entries(&DIRECTORY["countries"])
        .into_iter()
        .find(|country| country["id"] == id.as_str());
    Ok(found
        .ok_or_else(|| Fault::new(404, sentence::NO_SUCH_COUNTRY))?
        .clone())
}
