//! The REST front, E8: method, path, route, permission, body, service, rendering, in this order (docs/protocol/rest.md#who-is-calling and docs/protocol/errors.md#rest).

mod asynchronous;
mod input;
mod problem;
mod render;
mod routes;
mod schema;
mod tokens;
mod work;

use serde_json::{Map, Value, json};

use crate::acl::ResourceId;
use crate::module::baseline::Route;
use crate::storage;
use crate::wire::Response;

pub(super) use problem::Problem;
pub use problem::sentence;
pub(super) use render::json as json_text;
pub use routes::{GUEST_ROUTES, resources_of_route};

use super::caller::{Caller, Identity};
use super::turn::Turn;
use super::{Mode, Store, front, page, services};
use render::Format;
use routes::{ANONYMOUS, Match, SELF};
pub(super) use work::with_context;

/// Answers a request below `/rest`.
pub(super) fn answer(store: &Store, turn: &Turn<'_>, path: &str) -> Response {
    // Of several the last one counts (measured 2.4.7-p3).
    let accept = turn.request.headers.all("Accept").last();
    let Some(format) = Format::asked(accept) else {
        return no_format(store, accept.unwrap_or_default());
    };
    let served = serve(store, turn, path);
    if let Err(problem) = &served {
        turn.note_reason(problem.reason());
        if problem.is_broken() {
            return broken(store, turn, &problem.reason());
        }
    }
    let mut response = match &served {
        Ok(Served::Answer(value)) => {
            Response::new(200, format.content_type(), format.render(value))
        }
        Ok(Served::Accepted(value)) => {
            Response::new(202, format.content_type(), format.render(value))
        }
        Ok(Served::Document(text)) => Response::new(200, "application/json", text.as_str()),
        Err(problem) => {
            let body = format.render(&problem.body(store.is_in_developer_mode()));
            Response::new(problem.status, format.content_type(), body)
        }
    };
    let headers = &mut response.headers;
    if turn.began_session() {
        headers.add("Set-Cookie", page::session_cookie(store, turn));
        headers.add("Expires", LONG_AGO);
        headers.add("Pragma", "no-cache");
    }
    for name in turn.ended_cookies() {
        headers.add("Set-Cookie", page::ended_cookie(turn, name));
    }
    if matches!(served, Ok(Served::Answer(_))) {
        headers.add("X-Frame-Options", "SAMEORIGIN");
    }
    headers.add("Cache-Control", "no-store");
    response
}

/// What a good call gets.
enum Served {
    /// What its service gives.
    Answer(Value),
    /// That it will be run later.
    Accepted(Value),
    /// Text in JSON, whatever the call accepts.
    Document(String),
}

/// The store broke off and nothing caught it: a line of text, in developer mode what PHP says (measured 2.4.7-p3).
fn broken(store: &Store, turn: &Turn<'_>, reason: &str) -> Response {
    let mut response = if store.is_in_developer_mode() {
        page::unhandled(&format!(
            "TypeError: {reason}\nStack trace:\n{}",
            problem::TRACE
        ))
    } else {
        page::unhandled(sentence::BROKEN)
    };
    if turn.began_session() {
        response
            .headers
            .add("Set-Cookie", page::session_cookie(store, turn));
        page::forbid_sharing(&mut response);
    }
    response
}

/// What PHP says of pages that a session must not share.
const LONG_AGO: &str = "Thu, 19 Nov 1981 08:52:00 GMT";

/// No renderer fits the `Accept` header: an error page, in developer mode a text (docs/protocol/errors.md#rest).
fn no_format(store: &Store, accept: &str) -> Response {
    if store.is_in_developer_mode() {
        let said = sentence::NO_RENDERER.replace("%1", accept);
        return page::exception(r"Magento\Framework\Webapi\Exception", &said);
    }
    page::internal_error()
}

fn serve(store: &Store, turn: &Turn<'_>, path: &str) -> Result<Served, Problem> {
    let method = turn.request.method.as_str();
    if !matches!(method, "GET" | "POST" | "PUT" | "DELETE") {
        return Err(Problem::untraced(
            405,
            sentence::METHOD.replace("%1", method),
        ));
    }
    asynchronous::take_up(store).map_err(|error| Problem::failed(store, &error))?;
    let (store_code, path) = split_store_code(path);
    let (mode, path) = asynchronous::Mode::of(path);
    if path == "/schema" {
        return schema::document(store, turn, store_code, mode).map(Served::Document);
    }
    let digits = path.strip_prefix("/V").unwrap_or_default();
    let digits_first = digits.starts_with(|first: char| first.is_ascii_digit());
    if !digits_first || (mode.is_later() && method == "GET") {
        return Err(Problem::untraced(400, sentence::CANNOT_PROCESS));
    }
    let routes = store.routes();
    let Match { route, variables } =
        routes::find(&routes, method, path, mode).ok_or_else(Problem::no_route)?;
    // The module of the second factor is off: sign-in asks for none.
    if route.url.starts_with("/V1/tfa/") {
        return Err(Problem::no_route());
    }
    if route.url == tokens::REVOCATION && !store.profile().customer_revocation {
        return Err(Problem::no_route());
    }
    let identity = Identity::new(store, turn);
    let opened = store.guest_access() && routes::welcomes_guests(route);
    let opened = match store.faults() {
        None => opened,
        Some(faults) => faults.opens(store, route, opened),
    };
    if !opened {
        authorize(store, &identity, &route.resources)?;
    }
    if route.secure && !turn.is_secure() {
        return Err(Problem::new(400, sentence::HTTPS_ONLY));
    }
    let fields = fields(turn, variables)?;
    if mode.is_later() {
        let call = asynchronous::Call {
            route,
            fields: &fields,
            mode,
        };
        return asynchronous::accept(store, &identity, call).map(Served::Accepted);
    }
    let answer = match tokens::find(method, &route.url) {
        Some(service) => service(store, &identity, &fields)?,
        None => run(store, turn, &identity, route, &fields, (store_code, path))?,
    };
    // Nothing at all is an empty list.
    Ok(Served::Answer(match answer {
        Value::Null => json!([]),
        value => value,
    }))
}

/// Bulk calls bring the variables of their paths in the body, whatever the method.
fn takes_body(turn: &Turn<'_>) -> bool {
    let method = turn.request.method.as_str();
    matches!(method, "POST" | "PUT") || !turn.request.body.is_empty()
}

/// Path variables over the query over the body.
fn fields(
    turn: &Turn<'_>,
    variables: Vec<(String, String)>,
) -> Result<Map<String, Value>, Problem> {
    let request = turn.request;
    let mut fields = if takes_body(turn) {
        input::body(request.headers.first("Content-Type"), &request.body)?
    } else {
        Map::new()
    };
    fields.extend(input::query(front::raw_query(&request.target)));
    fields.extend(
        variables
            .into_iter()
            .map(|(name, value)| (name, Value::String(value))),
    );
    Ok(fields)
}

fn run(
    store: &Store,
    turn: &Turn<'_>,
    identity: &Identity<'_>,
    route: &Route,
    fields: &Map<String, Value>,
    (store_code, path): (Option<&str>, &str),
) -> Result<Value, Problem> {
    with_context(store, &|| turn.begin_session(), |context| {
        answered(store, context, identity, route, fields, (store_code, path))
    })
}

fn answered(
    store: &Store,
    context: &services::Context<'_>,
    identity: &Identity<'_>,
    route: &Route,
    fields: &Map<String, Value>,
    (store_code, path): (Option<&str>, &str),
) -> Result<Value, Problem> {
    let call = services::Call {
        method: &route.method,
        template: &route.url,
        fields,
        caller: &|| identity.caller().ok(),
        store_code,
    };
    if let Some(answer) = services::call(context, &call) {
        return answer.map_err(|failure| Problem::of_service(store, failure));
    }
    if let Some(given) = store.options().rest_answers.find(&route.method, path) {
        return Ok(given.clone());
    }
    let answer = services::without_data(context, &call)
        .ok_or_else(|| Problem::no_data(&route.method, &route.url))?;
    answer.map_err(|failure| Problem::of_service(store, failure))
}

/// The store view's code when the path begins with one, and the rest of the path. The admin's view has no REST of its own.
fn split_store_code(path: &str) -> (Option<&str>, &str) {
    let trimmed = path.trim_start_matches('/');
    let (first, rest) = trimmed.split_at(trimmed.find('/').unwrap_or(trimmed.len()));
    if first == "all" || (first != "admin" && services::is_store_code(first)) {
        return (Some(first), rest);
    }
    let start = path.len() - trimmed.len();
    (None, &path[start.saturating_sub(1)..])
}

/// Every resource of the route must be allowed. `anonymous` is, without asking who calls; `self` is to a customer.
pub(super) fn authorize(
    store: &Store,
    identity: &Identity<'_>,
    resources: &[ResourceId],
) -> Result<(), Problem> {
    let internal = |error: storage::Error| Problem::failed(store, &error);
    for resource in resources {
        if resource.as_str() == ANONYMOUS {
            continue;
        }
        let caller = identity
            .caller()
            .map_err(|unknown| Problem::unknown_caller(store, unknown))?;
        let allowed = match caller {
            Caller::Guest => false,
            Caller::Customer(_) => resource.as_str() == SELF,
            Caller::Admin(_) | Caller::Integration(_) => {
                let grant = identity.grant(caller).map_err(internal)?;
                grant.allows(&store.tree(), resource.as_str())
            }
        };
        let allowed = match store.faults() {
            None => allowed,
            Some(faults) => {
                faults.decided(store, identity.turn(), caller, resource.as_str(), allowed)
            }
        };
        if !allowed {
            let names: Vec<&str> = resources.iter().map(ResourceId::as_str).collect();
            return Err(Problem::not_authorized(&names.join(", ")));
        }
    }
    Ok(())
}

impl Store {
    /// Whether errors carry a trace.
    pub(super) fn is_in_developer_mode(&self) -> bool {
        self.options().mode == Mode::Developer
    }
}
