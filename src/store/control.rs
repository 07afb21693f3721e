//! The control API: what a test may do to a store beside its public surface. It has a listener of its own, on the loopback interface only,
//! and gives away every secret; so each request brings the token that was made up at start.
//!
//! The endpoints are a table, [`endpoints::ENDPOINTS`], from which requests are answered and described.

mod call;
mod describe;
mod endpoints;
mod integrations;
mod settings;

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::secret::Secret;
use crate::text::percent;
use crate::wire::server::Counters;
use crate::wire::{Request, Response};

use super::{Store, front};
use call::{Answer, Call, Endpoint, Refusal};
use endpoints::ENDPOINTS;

/// The control API of a store.
#[derive(Debug)]
pub struct Control {
    store: Arc<Store>,
    token: Option<Secret>,
    counters: Option<Arc<Counters>>,
}

impl Control {
    /// The API of `store` for whoever brings `token`; for everybody on this machine without one.
    #[must_use]
    pub const fn new(store: Arc<Store>, token: Option<Secret>) -> Self {
        Self {
            store,
            token,
            counters: None,
        }
    }

    /// The same, which tells what the store's server counts too.
    #[must_use]
    pub fn watching(self, counters: Arc<Counters>) -> Self {
        Self {
            counters: Some(counters),
            ..self
        }
    }

    /// Answers one request.
    #[must_use]
    pub fn answer(&self, request: &Request) -> Response {
        self.store.follow_others();
        let admitted = self.admit(request);
        if admitted.is_ok() && is_get(request, &["/metrics"]) {
            let database = self.store.storage().setting(settings::PROBED).is_ok();
            let metrics = self.store.metrics();
            let text = metrics.shown(self.counters.as_deref(), database);
            return Response::new(200, "text/plain; version=0.0.4; charset=utf-8", text);
        }
        let answer = admitted.and_then(|()| route(&self.store, request));
        let (status, value) = match answer {
            Ok(value) => (200, value),
            Err(Refusal(status, sentence)) => (status, json!({"error": sentence})),
        };
        let mut response = Response::new(status, "application/json", format!("{value}\n"));
        response.headers.add("Cache-Control", "no-store");
        if status == 401 {
            response.headers.add("WWW-Authenticate", "Bearer");
        }
        response
    }

    /// A page of the web can reach the loopback interface through its visitor's browser, under a name of its own or with a form; neither
    /// knows the token, and the first two rules hold without one too.
    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let refused = |status, sentence: &str| Err(Refusal(status, sentence.to_owned()));
        let field = |name: &str| request.headers.first(name);
        if !field("Host").is_some_and(is_loopback) {
            let sentence = "the control API answers to 127.0.0.1, [::1] and localhost alone; ask it under one of these";
            return refused(403, sentence);
        }
        if field("Origin").or(field("Sec-Fetch-Site")).is_some() {
            return refused(403, "the control API is not for browsers");
        }
        if is_get(request, &["/health", "/ready", "/metrics"]) {
            return Ok(());
        }
        if let Some(token) = &self.token {
            let given = field("Authorization").and_then(|header| header.split_once(' '));
            let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            if given.is_none_or(|(_, given)| Secret::from(given.trim()) != *token) {
                let sentence = "the control API wants `Authorization: Bearer TOKEN`; the token is `control_token` in the ready file, or what --control-token-file holds";
                return refused(401, sentence);
            }
        }
        let json = |kind: &str| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        };
        if request.method != "GET" && !field("Content-Type").is_some_and(json) {
            let sentence = "what changes the store is sent with `Content-Type: application/json`";
            return refused(415, sentence);
        }
        Ok(())
    }
}

fn is_get(request: &Request, paths: &[&str]) -> bool {
    request.method == "GET" && paths.contains(&front::raw_path(&request.target))
}

/// Whether a `Host` names this machine by a loopback address or as `localhost`.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn route(store: &Store, request: &Request) -> Answer {
    let path = front::raw_path(&request.target);
    let fitting = ENDPOINTS
        .iter()
        .filter_map(|endpoint| Some((endpoint, names(endpoint, path)?)));
    let mut methods = Vec::new();
    for (endpoint, names) in fitting {
        if endpoint.method != request.method {
            methods.push(endpoint.method);
            continue;
        }
        let fields = if endpoint.fields.is_empty() {
            Map::new()
        } else {
            fields(request)?
        };
        let call = Call {
            names,
            fields,
            endpoints: ENDPOINTS,
            query: front::raw_query(&request.target).to_owned(),
        };
        return (endpoint.answer)(store, &call);
    }
    let method = &request.method;
    Err(if methods.is_empty() {
        let sentence =
            format!("the control API has no {method} {path}; GET /v1/ lists what it has");
        Refusal(404, sentence)
    } else {
        let known = methods.join(" and ");
        Refusal(405, format!("{path} knows {known}, not {method}"))
    })
}

/// The parts of `path` that the endpoint's template leaves open, decoded; none when the template is of another path. `{name...}` takes every
/// segment that is left, one at least.
fn names(endpoint: &Endpoint, path: &str) -> Option<Vec<String>> {
    let mut segments = path.split('/');
    let mut names = Vec::new();
    for part in endpoint.path.split('/') {
        if part.ends_with("...}") {
            let rest: Vec<&str> = segments.by_ref().collect();
            let rest = percent::decode_text(&rest.join("/")).into_owned();
            names.push(Some(rest).filter(|rest| !rest.is_empty())?);
        } else if part.starts_with('{') {
            names.push(percent::decode_text(segments.next()?).into_owned());
        } else if segments.next()? != part {
            return None;
        }
    }
    segments.next().is_none().then_some(names)
}

fn fields(request: &Request) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(&request.body)
        .map_err(|error| Refusal(400, format!("the body is no JSON object: {error}")))
}
