//! The document that describes the routes a caller may use, in the words of OpenAPI 2 (docs/protocol/other-surfaces.md#schema).

use serde_json::{Map, Value, json};

use crate::module::baseline::Route;
use crate::store::services::contract::{self, Contract, Parameter};
use crate::store::services::operations::{self, Operation, capitalized};

use super::super::caller::Identity;
use super::super::turn::Turn;
use super::super::{Store, front};
use super::asynchronous::Mode;
use super::problem::{Problem, sentence};
use super::routes::bulk_path;
use super::{authorize, input};

/// The document for the services that the query names, or for all.
pub(super) fn document(
    store: &Store,
    turn: &Turn<'_>,
    store_code: Option<&str>,
    mode: Mode,
) -> Result<String, Problem> {
    let query = input::query(front::raw_query(&turn.request.target));
    let named = query.get("services").and_then(Value::as_str);
    let named = named.filter(|names| *names != "all");
    let known = |name: &str| operations::all().iter().any(|one| one.service == name);
    if named.is_some_and(|names| !names.split(',').all(known)) {
        return Err(Problem::untraced(400, sentence::NO_SERVICES));
    }
    let identity = Identity::new(store, turn);
    identity
        .caller()
        .map_err(|unknown| Problem::unknown_caller(store, unknown))?;
    turn.begin_session();
    let shown = |operation: &Operation| {
        named.is_none_or(|names| names.split(',').any(|name| name == operation.service))
    };
    let routes = store.routes();
    let mut paths: Map<String, Value> = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes.iter() {
        let Some(operation) = operations::of(&route.method, &route.url) else {
            continue;
        };
        let offered = !(mode.is_later() && route.method == "GET");
        if !offered || !shown(operation) || authorize(store, &identity, &route.resources).is_err() {
            continue;
        }
        if !tags.contains(&operation.service.as_str()) {
            tags.push(&operation.service);
        }
        let path = paths
            .entry(path_of(route, mode))
            .or_insert_with(|| json!({}));
        path[route.method.to_ascii_lowercase()] = described(operation, mode);
    }
    let scheme = if turn.is_secure() { "https" } else { "http" };
    let code = store_code.map_or_else(String::new, |code| format!("/{code}"));
    // Of calls that are to run later the document knows neither the store view nor the port, of bulks it is that of others.
    let (host, code) = match mode {
        Mode::Later => (turn.host_name(), "/async".to_owned()),
        Mode::Now | Mode::Bulk => (turn.host(), code),
    };
    let mut document = json!({
        "securityDefinitions": {"api_key": {"type": "apiKey", "name": "api_key", "in": "header"}},
        "swagger": "2.0",
        "info": {"version": "2.4", "title": "Magento Community"},
        "host": host,
        "basePath": format!("{}/rest{code}", store.folder()),
        "schemes": [scheme],
    });
    if !tags.is_empty() {
        document["tags"] = tags.iter().map(|name| json!({"name": name})).collect();
        document["paths"] = Value::Object(paths);
    }
    document["definitions"] = definitions();
    // Slashes stand as they are here (measured 2.4.7-p3).
    Ok(super::render::json(&document).replace("\\/", "/"))
}

fn path_of(route: &Route, mode: Mode) -> String {
    if mode == Mode::Bulk {
        return format!("/{}", bulk_path(&route.url));
    }
    let segments = route.url.split('/');
    let segments = segments.map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

fn described(operation: &Operation, mode: Mode) -> Value {
    let id: String = operation
        .url
        .split(['/', '-', '_'])
        .map(|piece| capitalized(piece.trim_start_matches(':')))
        .collect();
    let id = format!(
        "{}{id}",
        capitalized(&operation.method.to_ascii_lowercase())
    );
    let refused = |words: &str| json!({"description": words, "schema": {"$ref": "#/definitions/error-response"}});
    let (status, words) = if mode.is_later() {
        ("202", "202 Accepted.")
    } else {
        ("200", "200 Success.")
    };
    let mut described = json!({
        "tags": [operation.service],
        "operationId": id,
        "consumes": ["application/json", "application/xml"],
        "produces": ["application/json", "application/xml"],
    });
    let contract = contract::of(operation.method, operation.url);
    let parameters =
        contract.map_or_else(Vec::new, |contract| parameters(contract, operation, &id));
    if !parameters.is_empty() {
        described["parameters"] = Value::Array(parameters);
    }
    described["responses"] = json!({
        status: {"description": words},
        "401": refused("401 Unauthorized"),
        "default": refused("Unexpected error"),
    });
    described
}

/// Variables of the path, and the rest in the query or as properties of one body.
fn parameters(contract: &Contract, operation: &Operation, id: &str) -> Vec<Value> {
    let in_path = |one: &&Parameter| {
        let mut segments = operation.url.split('/');
        segments.any(|segment| segment.strip_prefix(':') == Some(one.name))
    };
    let mut parameters: Vec<Value> = contract
        .parameters
        .iter()
        .filter(in_path)
        .map(|one| json!({"name": one.name, "in": "path", "type": plain(one), "required": true}))
        .collect();
    let rest = contract.parameters.iter().filter(|one| !in_path(one));
    if matches!(operation.method, "GET" | "DELETE") {
        parameters.extend(rest.map(
            |one| json!({"name": one.name, "in": "query", "type": plain(one), "required": !one.optional}),
        ));
        return parameters;
    }
    let rest: Vec<&Parameter> = rest.collect();
    if !rest.is_empty() {
        let required = rest.iter().filter(|one| !one.optional).map(|one| one.name);
        let required: Vec<&str> = required.collect();
        let properties = rest
            .iter()
            .map(|one| (one.name.to_owned(), json!({"type": plain(one)})));
        let properties: Map<String, Value> = properties.collect();
        parameters.push(json!({
            "name": format!("{id}Body"),
            "in": "body",
            "schema": {
                "required": required,
                "properties": properties,
                "type": "object",
                "xml": {"name": "request"},
            },
        }));
    }
    parameters
}

fn plain(parameter: &Parameter) -> &'static str {
    match parameter.kind {
        "int" => "integer",
        "float" => "number",
        "bool" | "boolean" => "boolean",
        "string" => "string",
        kind if kind.ends_with("[]") => "array",
        _ => "object",
    }
}

/// What every refusal looks like.
fn definitions() -> Value {
    let message = json!({"type": "string", "description": "Error message"});
    let parameters = json!({"$ref": "#/definitions/error-parameters"});
    json!({
        "error-response": {
            "type": "object",
            "properties": {
                "message": message,
                "errors": {"$ref": "#/definitions/error-errors"},
                "code": {"type": "integer", "description": "Error code"},
                "parameters": parameters,
                "trace": {"type": "string", "description": "Stack trace"},
            },
            "required": ["message"],
        },
        "error-errors": {
            "type": "array",
            "description": "Errors list",
            "items": {"$ref": "#/definitions/error-errors-item"},
        },
        "error-errors-item": {
            "type": "object",
            "description": "Error details",
            "properties": {"message": message, "parameters": parameters},
        },
        "error-parameters": {
            "type": "array",
            "description": "Error parameters list",
            "items": {"$ref": "#/definitions/error-parameters-item"},
        },
        "error-parameters-item": {
            "type": "object",
            "description": "Error parameters item",
            "properties": {
                "resources": {"type": "string", "description": "ACL resource"},
                "fieldName": {"type": "string", "description": "Missing or invalid field name"},
                "fieldValue": {"type": "string", "description": "Incorrect field value"},
            },
        },
    })
}
