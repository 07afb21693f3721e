//! The data behind the REST routes: what each answers, independent of HTTP.
//!
//! [`find`] gives the service of a method and a route template; [`call`] runs it on the merged parameters of a request and gives the JSON
//! value of a good answer or a [`Fault`]. Data begins with the fixtures of `fixtures/rest/seed/` and is overlaid by the store's own documents.
//! Shapes and sentences are those of Magento's public REST schema. One file per family of resources.
//!
//! Deliberately absent: routing, authentication, permissions, parsing of bodies, rendering: the REST front does them.

mod answers;
mod attribute_sets;
mod attributes;
pub(super) mod bulk;
mod call;
mod carts;
mod categories;
mod cms;
pub(super) mod contract;
mod customer_check;
mod customer_groups;
mod customers;
mod directory;
mod documents;
mod fault;
mod fulfilment;
mod kinds;
pub(super) mod operations;
mod orders;
mod product_parts;
mod products;
mod project;
mod registration;
mod search;
mod shelf;
mod stock;
mod stock_items;
mod stores;

pub use answers::{Answers, AnswersError};
pub(super) use call::plain;
pub use call::{Call, Caller, Context};
pub use fault::{Failure, Fault, Parameters, sentence};
pub use registration::check_password;
pub use stores::is_store_code;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

/// What a service gives.
pub type Answer = Result<Value, Failure>;

/// A service: what answers one method and template.
pub type Service = fn(&Context<'_>, &Call<'_>) -> Answer;

/// Method, template as the route table has it, service.
type Entry = (&'static str, &'static str, Service);

const FAMILIES: [&[Entry]; 17] = [
    attribute_sets::SERVICES,
    attributes::SERVICES,
    bulk::SERVICES,
    carts::SERVICES,
    categories::SERVICES,
    cms::SERVICES,
    customer_groups::SERVICES,
    customers::SERVICES,
    registration::SERVICES,
    directory::SERVICES,
    documents::SERVICES,
    fulfilment::SERVICES,
    orders::SERVICES,
    product_parts::SERVICES,
    products::SERVICES,
    stock::SERVICES,
    stores::SERVICES,
];

/// Every method and template that a service answers.
pub fn served() -> impl Iterator<Item = (&'static str, &'static str)> {
    FAMILIES
        .into_iter()
        .flatten()
        .map(|(method, template, _)| (*method, *template))
}

/// The service of a method and a template; none when the store keeps no data for it.
#[must_use]
pub fn find(method: &str, template: &str) -> Option<Service> {
    static BY_ROUTE: LazyLock<HashMap<(&str, &str), Service>> = LazyLock::new(|| {
        // Of two for one route the first counts.
        let every = FAMILIES.into_iter().flatten().rev();
        every
            .map(|(method, template, service)| ((*method, *template), *service))
            .collect()
    });
    BY_ROUTE.get(&(method, template)).copied()
}

/// Runs the service of a call and keeps the fields that its parameter `fields` names; none when the store keeps no data for the route and
/// the call is as it should be.
#[must_use]
pub fn call(context: &Context<'_>, call: &Call<'_>) -> Option<Answer> {
    if let Some(contract) = contract::of(call.method, call.template)
        && let Err(refused) = contract.check(context, call)
    {
        return Some(Err(refused));
    }
    let service = find(call.method, call.template)?;
    let changing = (call.method != "GET").then(|| context.alone());
    let answer = service(context, call);
    drop(changing);
    Some(answer.and_then(|value| project_fields(call, value)))
}

/// What a call gets that is as it should be and for which no data are kept; none when the store does not know.
#[must_use]
pub fn without_data(context: &Context<'_>, call: &Call<'_>) -> Option<Answer> {
    let answer = contract::of(call.method, call.template)?.outcome(context, call)?;
    Some(answer.and_then(|value| project_fields(call, value)))
}

/// Keeps the fields that the parameter `fields` names; an empty one names all.
fn project_fields(call: &Call<'_>, value: Value) -> Answer {
    let fields = call.fields.get("fields");
    let Some(fields) = fields.filter(|fields| fields.as_str() != Some("")) else {
        return Ok(value);
    };
    project::project(value, fields)
        .ok_or_else(|| Failure::Broken(sentence::FIELDS_OF_SCALARS.to_owned()))
}

/// A time as stores print it: `2026-01-31 08:15:00`, UTC.
fn printed(now: crate::time::UnixTime) -> String {
    let time = jiff::Timestamp::from_second(now.0).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
