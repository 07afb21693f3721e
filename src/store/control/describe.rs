//! What the control API says of itself.

use serde_json::{Map, Value, json};

use crate::store::Store;

use super::call::{Endpoint, Field};

/// A line for each endpoint.
pub(super) fn index(store: &Store, endpoints: &[Endpoint]) -> Value {
    let endpoints = endpoints.iter().map(|endpoint| {
        json!({
            "request": format!("{} {}", endpoint.method, endpoint.path),
            "does": endpoint.says,
        })
    });
    json!({
        "magespec": env!("CARGO_PKG_VERSION"),
        "profile": store.profile().name,
        "store": store.options().base_url,
        "endpoints": endpoints.collect::<Vec<_>>(),
    })
}

/// An OpenAPI 3.1 document.
pub(super) fn openapi(endpoints: &[Endpoint]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in endpoints {
        let path = endpoint.path.replace("...}", "}");
        let path = paths.entry(path).or_insert_with(|| json!({}));
        path[endpoint.method.to_ascii_lowercase()] = operation(endpoint);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Control API of the magespec reference store",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "security": [{"token": []}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": {
                "type": "object",
                "required": ["error"],
                "properties": {"error": {"type": "string"}},
            }},
        },
        "paths": paths,
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let refused = json!({
        "description": "refused, with a sentence",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    });
    let mut operation = json!({
        "summary": endpoint.says,
        "responses": {
            "200": {"description": "done", "content": {"application/json": {}}},
            "4XX": refused,
        },
    });
    let names = endpoint.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(name.trim_end_matches('.'))
    });
    let parameters: Vec<Value> = names
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if endpoint.path.matches('/').count() == 1 {
        operation["security"] = json!([]);
    }
    if !endpoint.fields.is_empty() {
        operation["requestBody"] = json!({
            "required": true,
            "content": {"application/json": {"schema": schema(endpoint.fields)}},
        });
    }
    operation
}

fn schema(fields: &[Field]) -> Value {
    let properties = fields.iter().map(|field| {
        let mut property = json!({"description": field.says});
        if field.kind != "any" {
            property["type"] = field.kind.into();
        }
        (field.name.to_owned(), property)
    });
    let required = fields.iter().filter(|field| field.required);
    let required: Vec<&str> = required.map(|field| field.name).collect();
    json!({
        "type": "object",
        "properties": properties.collect::<Map<_, _>>(),
        "required": required,
    })
}
