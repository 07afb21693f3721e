//! What the app shows: pages for people, `/status` for programs. None of it holds a secret but [`secrets`].

use askama::Template;
use serde_json::json;

use super::session::Session;
use super::{ConnectedStore, Options, Outcome, SentRequest, Step, StepRecord, Trouble};
use crate::text::form;
use crate::wire::Response;

#[derive(Template)]
#[template(path = "app/templates/dashboard.html")]
struct Dashboard<'a> {
    exchange: &'a str,
    profile: &'a str,
    method: &'a str,
    account: &'a str,
    form_token: &'a str,
    changes: u64,
    stores: Vec<Row>,
    requests: Vec<RequestRow>,
}

/// A store on the dashboard.
struct Row {
    address: String,
    base_url: String,
    consumer_key: String,
    received: String,
    posts: u32,
    state: &'static str,
    is_connected: bool,
    ended: String,
    steps: Vec<Cell>,
    timeline: Vec<Cell>,
}

/// A step on the dashboard; `mark` is also its CSS class.
struct Cell {
    title: &'static str,
    mark: &'static str,
    at: String,
    sentence: String,
}

/// A signed request on the dashboard.
struct RequestRow {
    at: String,
    method: String,
    url: String,
    status: String,
    mark: &'static str,
    took: u128,
    sentence: String,
    explanation: String,
}

#[derive(Template)]
#[template(path = "app/templates/login.html")]
struct Login<'a> {
    store: String,
    consumer_key: &'a str,
    success_callback: &'a str,
    form_token: &'a str,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "app/templates/sign_in.html")]
struct SignIn<'a> {
    form_token: &'a str,
    trouble: Option<String>,
}

#[derive(Template)]
#[template(path = "app/templates/secrets.html")]
struct Secrets<'a> {
    base_url: String,
    values: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "app/templates/message.html")]
struct Message<'a> {
    heading: &'a str,
    sentence: String,
}

pub(super) fn dashboard(
    options: &Options,
    stores: &[ConnectedStore],
    requests: &[SentRequest],
    changes: u64,
    session: &Session,
) -> Response {
    page(
        200,
        &Dashboard {
            exchange: options.exchange.name(),
            profile: options.profile.name,
            method: options.method.name(),
            account: session.account.as_deref().unwrap_or_default(),
            form_token: &session.form_token,
            changes,
            stores: stores.iter().map(row).collect(),
            requests: requests.iter().map(request_row).collect(),
        },
    )
}

/// `{"schema", "exchange", "profile", "stores": [{"consumer_key", "store_base_url", "received", "posts", "state", "connected", "steps":
/// [{"step", "outcome", "at", "sentence"}]}], "requests": [{"at", "method", "url", "status", "milliseconds", "sentence", "explanation"}]}`
pub(super) fn status(
    options: &Options,
    stores: &[ConnectedStore],
    requests: &[SentRequest],
) -> Response {
    let stores: Vec<serde_json::Value> = stores
        .iter()
        .map(|store| {
            json!({
                "consumer_key": store.consumer_key,
                "store_base_url": store.base_url(),
                "received": store.received.to_string(),
                "posts": store.posts,
                "state": store.state(),
                "connected": store.is_connected(),
                "steps": Step::ALL.map(|step| step_as_json(store, step)),
            })
        })
        .collect();
    let requests: Vec<serde_json::Value> = requests
        .iter()
        .map(|request| {
            json!({
                "at": request.at.to_string(),
                "method": request.method,
                "url": request.url,
                "status": request.status,
                "milliseconds": u64::try_from(request.took.as_millis()).unwrap_or(u64::MAX),
                "sentence": request.sentence,
                "explanation": request.explanation,
            })
        })
        .collect();
    let status = json!({
        "schema": "magespec-app/1",
        "exchange": options.exchange.name(),
        "profile": options.profile.name,
        "stores": stores,
        "requests": requests,
    });
    let mut response = Response::new(200, "application/json", format!("{status:#}\n"));
    response.headers.add("Cache-Control", "no-store");
    response
}

/// The login form of the identity link, with what was wrong with the last attempt.
pub(super) fn login(
    store: &ConnectedStore,
    success_callback: &str,
    session: &Session,
    trouble: Option<&Trouble>,
) -> Response {
    page(
        trouble.map_or(200, Trouble::status),
        &Login {
            store: store.base_url(),
            consumer_key: &store.consumer_key,
            success_callback,
            form_token: &session.form_token,
            trouble: trouble.map(sentence),
        },
    )
}

/// The form that leads to the dashboard.
pub(super) fn sign_in(session: &Session, trouble: Option<&Trouble>) -> Response {
    page(
        trouble.map_or(200, Trouble::status),
        &SignIn {
            form_token: &session.form_token,
            trouble: trouble.map(sentence),
        },
    )
}

/// What the app holds of a store, for whoever asked for it.
pub(super) fn secrets(store: &ConnectedStore) -> Response {
    let mut values = vec![("Consumer key", store.consumer_key.as_str())];
    if let Some(credentials) = store.credentials() {
        values.push(("Consumer secret", credentials.consumer_secret.expose()));
    }
    if let Some(working) = &store.working {
        values.push(("Access token", &working.access.token));
        values.push(("Access token secret", working.access.secret.expose()));
    }
    page(
        200,
        &Secrets {
            base_url: store.base_url(),
            values,
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
    if let Some(seconds) = trouble.retry_after() {
        response.headers.add("Retry-After", seconds.to_string());
    }
    response
}

/// Sends the browser to `url`, byte for byte.
pub(super) fn redirect(url: &str) -> Response {
    moved(302, url)
}

/// Sends the browser to another page of the app, with GET.
pub(super) fn see_other(path: &str) -> Response {
    moved(303, path)
}

fn moved(status: u16, to: &str) -> Response {
    let mut response = Response::new(status, "text/html; charset=UTF-8", "");
    response.headers.add("Location", to);
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Referrer-Policy", "no-referrer");
    response
}

/// One server-sent event: how often something has changed. The browser asks again soon.
pub(super) fn event(changes: u64) -> Response {
    let body = format!("retry: 200\nid: {changes}\ndata: {changes}\n\n");
    let mut response = Response::new(200, "text/event-stream", body);
    response.headers.add("Cache-Control", "no-store");
    response
}

/// The dashboard's script.
pub(super) fn script() -> Response {
    let mut response = Response::new(
        200,
        "text/javascript; charset=UTF-8",
        include_str!("templates/app.js"),
    );
    response.headers.add("Cache-Control", "max-age=3600");
    response.headers.add("X-Content-Type-Options", "nosniff");
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
        address: format!("/stores/{}", form::encode(&store.consumer_key)),
        base_url: store.base_url(),
        consumer_key: store.consumer_key.clone(),
        received: store.received.to_string(),
        posts: store.posts,
        state: store.state(),
        is_connected: store.is_connected(),
        ended: store.ended.clone().unwrap_or_default(),
        steps: Step::ALL.map(|step| cell(step, store.outcome(step))).into(),
        timeline: store
            .timeline
            .iter()
            .map(|record| cell(record.step, Some(record)))
            .collect(),
    }
}

fn cell(step: Step, record: Option<&StepRecord>) -> Cell {
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

fn request_row(request: &SentRequest) -> RequestRow {
    RequestRow {
        at: request.at.to_string(),
        method: request.method.clone(),
        url: request.url.clone(),
        status: request
            .status
            .map_or("no answer".to_owned(), |status| status.to_string()),
        mark: if request.status == Some(200) {
            "done"
        } else {
            "failed"
        },
        took: request.took.as_millis(),
        sentence: request.sentence.clone(),
        explanation: request.explanation.clone().unwrap_or_default(),
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
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response
}
