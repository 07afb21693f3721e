//! What the app shows: pages for people, `/status` for programs. None of it holds a secret.

use askama::Template;
use serde_json::json;

use super::{ConnectedStore, Options, Outcome, Step, Trouble};
use crate::wire::Response;

#[derive(Template)]
#[template(path = "app/templates/dashboard.html")]
struct Dashboard<'a> {
    exchange: &'a str,
    profile: &'a str,
    method: &'a str,
    stores: Vec<Row>,
}

/// A store on the dashboard.
struct Row {
    base_url: String,
    consumer_key: String,
    received: String,
    posts: u32,
    state: &'static str,
    steps: Vec<Cell>,
}

/// A step on the dashboard; `mark` is also its CSS class.
struct Cell {
    title: &'static str,
    mark: &'static str,
    at: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "app/templates/login.html")]
struct Login<'a> {
    store: &'a str,
    consumer_key: &'a str,
    success_callback: &'a str,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "app/templates/message.html")]
struct Message<'a> {
    heading: &'a str,
    sentence: String,
}

pub(super) fn dashboard(options: &Options, stores: &[ConnectedStore]) -> Response {
    page(
        200,
        &Dashboard {
            exchange: options.exchange.name(),
            profile: options.profile.name,
            method: options.method.name(),
            stores: stores.iter().map(row).collect(),
        },
    )
}

/// `{"schema", "exchange", "stores": [{"consumer_key", "store_base_url", "received", "posts", "state", "steps": [{"step", "outcome", "at", "sentence"}]}]}`
pub(super) fn status(options: &Options, stores: &[ConnectedStore]) -> Response {
    let stores: Vec<serde_json::Value> = stores
        .iter()
        .map(|store| {
            json!({
                "consumer_key": store.credentials.consumer_key,
                "store_base_url": store.credentials.store_base_url.as_str(),
                "received": store.received.to_string(),
                "posts": store.posts,
                "state": store.state(),
                "steps": Step::ALL.map(|step| step_as_json(store, step)),
            })
        })
        .collect();
    let status = json!({
        "schema": "magespec-app/1",
        "exchange": options.exchange.name(),
        "profile": options.profile.name,
        "stores": stores,
    });
    let mut response = Response::new(200, "application/json", format!("{status:#}\n"));
    response.headers.add("Cache-Control", "no-store");
    response
}

/// The login form, with what was wrong with the last attempt.
pub(super) fn login(
    store: &ConnectedStore,
    success_callback: &str,
    trouble: Option<&Trouble>,
) -> Response {
    page(
        trouble.map_or(200, Trouble::status),
        &Login {
            store: store.credentials.store_base_url.as_str(),
            consumer_key: &store.credentials.consumer_key,
            success_callback,
            trouble: trouble.map(sentence),
        },
    )
}

/// Shown when there is no `success_call_back` to return through.
pub(super) fn connected(store: &ConnectedStore) -> Response {
    page(
        200,
        &Message {
            heading: "Connected",
            sentence: format!(
                "The store {} is connected. You can close this window.",
                store.credentials.store_base_url
            ),
        },
    )
}

pub(super) fn trouble(trouble: &Trouble) -> Response {
    let mut response = page(
        trouble.status(),
        &Message {
            heading: "That did not work",
            sentence: sentence(trouble),
        },
    );
    if let Trouble::Method { allowed, .. } = trouble {
        let methods = allowed.replace(" and ", ", ");
        response.headers.add("Allow", methods);
    }
    response
}

/// Sends the browser to `url`, byte for byte.
pub(super) fn redirect(url: &str) -> Response {
    let mut response = Response::new(302, "text/html; charset=UTF-8", "");
    response.headers.add("Location", url);
    response.headers.add("Cache-Control", "no-store");
    response
}

fn step_as_json(store: &ConnectedStore, step: Step) -> serde_json::Value {
    match store.outcome(step) {
        None => json!({"step": step.id(), "outcome": "pending"}),
        Some(record) => {
            let (outcome, sentence) = match &record.outcome {
                Outcome::Done(detail) => ("done", detail),
                Outcome::Failed(sentence) => ("failed", sentence),
            };
            json!({
                "step": step.id(),
                "outcome": outcome,
                "at": record.at.to_string(),
                "sentence": sentence,
            })
        }
    }
}

fn row(store: &ConnectedStore) -> Row {
    Row {
        base_url: store.credentials.store_base_url.to_string(),
        consumer_key: store.credentials.consumer_key.clone(),
        received: store.received.to_string(),
        posts: store.posts,
        state: store.state(),
        steps: Step::ALL.iter().map(|&step| cell(store, step)).collect(),
    }
}

fn cell(store: &ConnectedStore, step: Step) -> Cell {
    let record = store.outcome(step);
    let (mark, sentence) = match record.map(|record| &record.outcome) {
        None => ("pending", ""),
        Some(Outcome::Done(detail)) => ("done", detail.as_str()),
        Some(Outcome::Failed(sentence)) => ("failed", sentence.as_str()),
    };
    Cell {
        title: step.title(),
        mark,
        at: record
            .map(|record| record.at.to_string())
            .unwrap_or_default(),
        sentence: sentence.to_owned(),
    }
}

/// The sentence as a page shows it: upper-case beginning, full stop.
fn sentence(trouble: &Trouble) -> String {
    let text = trouble.to_string();
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).chain(['.']).collect())
        .unwrap_or_default()
}

fn page(status: u16, template: &impl Template) -> Response {
    let body = template
        .render()
        .expect("writing to a string does not fail");
    let mut response = Response::new(status, "text/html; charset=UTF-8", body);
    // No `form-action`: browsers hold it against the redirect to the store as well.
    response.headers.add(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    );
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response
}
