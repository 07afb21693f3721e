//! GraphQL at the depth of docs/protocol/other-surfaces.md#graphql: who is told what, and with which status. Two queries have data,
//! `storeConfig` and `customer`; the others are known by name and answered with 501.

mod syntax;

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::oauth::GraphQlErrors;
use crate::text::{form, hex};
use crate::wire::Response;

use super::caller::{Caller, Identity};
use super::turn::Turn;
use super::{Store, front, page, rest, services};
use syntax::{Field, Kind, Operation, Place};

/// The fields of the types that are looked at, in Magento Open Source 2.4.7-p3.
static FIELDS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let table = include_str!("../../../fixtures/graphql/fields.tsv");
    table
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// Sentences of GraphQL answers.
pub(super) mod sentence {
    /// `customer` asked by anybody else.
    pub(crate) const NO_CUSTOMER: &str = "The current customer isn't authorized.";
    /// A mutation that came by another method.
    pub(crate) const ONLY_POST: &str = "Mutation requests allowed only for POST requests";
    /// Another content type, or none.
    pub(crate) const CONTENT_TYPE: &str = "Request content type must be application/json";
    /// A bearer token that nobody reads, from 2.4.8 on.
    pub(crate) const NO_TOKEN: &str = "Composite reader could not read a token";
    /// A body that is no JSON, from 2.4.8 on.
    pub(crate) const NOT_PARSED: &str = "Unable to parse the request.";
    /// A currency in the field `Content-Currency` that the store does not sell in.
    pub(crate) const NO_CURRENCY: &str = "Please correct the target currency";
    /// An unknown store view in the field `Store`; the placeholder is filled in.
    pub(crate) const NO_STORE: &str = "Requested store is not found (%1)";
    /// magespec's own: a field without data; the placeholder is filled in.
    pub(crate) const NO_DATA: &str =
        "This reference store knows the field `%1` but keeps no data for it.";
}

/// An answer that is not the data.
struct Refused {
    status: u16,
    error: Value,
}

/// What a request that cannot be read gets.
enum Ended {
    Refused(Refused),
    /// Nothing catches the fault.
    Page,
    /// Nothing catches it, and it is a fault of types.
    Text,
}

impl From<Refused> for Ended {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Answers a request at `/graphql`.
pub(super) fn answer(store: &Store, turn: &Turn<'_>) -> Response {
    let errors = store.profile().graphql_errors;
    if turn.request.method == "OPTIONS" && errors == GraphQlErrors::Strict {
        return page::graphql(store, turn, &looked_for(turn), (204, String::new()));
    }
    let mut cached = looked_for(turn);
    let done = read(store, turn).and_then(|query| run(store, turn, &query, &mut cached));
    let (status, body) = match done {
        Ok((status, body)) => (status, body),
        Err(Ended::Refused(Refused { status, error })) => {
            cached.keeps = false;
            turn.note_reason(error["message"].as_str().unwrap_or_default());
            (status, json!({"errors": [error]}))
        }
        Err(Ended::Page) => {
            turn.note_reason("the body is no JSON object");
            return page::internal_error_in_session(store, turn);
        }
        Err(Ended::Text) => {
            turn.note_reason("the query is no text");
            return page::unhandled_in_session(store, turn, rest::sentence::BROKEN);
        }
    };
    page::graphql(store, turn, &cached, (status, rest::json_text(&body)))
}

fn looked_for(turn: &Turn<'_>) -> page::GraphQlCache {
    let digest = Sha256::digest(turn.host().as_bytes());
    page::GraphQlCache {
        id: Some(hex(&digest)),
        keeps: false,
    }
}

/// The status of a request that cannot be carried out.
const fn bad_request(errors: GraphQlErrors) -> u16 {
    match errors {
        GraphQlErrors::Strict => 400,
        GraphQlErrors::Failing | GraphQlErrors::Forgiving => 500,
    }
}

fn input_error(store: &Store, message: impl Into<String>) -> Refused {
    let message: String = message.into();
    Refused {
        status: bad_request(store.profile().graphql_errors),
        error: json!({"message": message, "extensions": {"category": "graphql-input"}}),
    }
}

/// The document that a request brings: in its body by POST, in its query by any other method.
fn read(store: &Store, turn: &Turn<'_>) -> Result<String, Ended> {
    let request = turn.request;
    let strict = store.profile().graphql_errors == GraphQlErrors::Strict;
    if request.method != "POST" {
        // Only what is got brings a query in the address (measured 2.4.7-p3).
        let brings = strict || matches!(request.method.as_str(), "GET" | "HEAD");
        let query = front::raw_query(&request.target);
        let query = if brings { query } else { "" };
        let named = form::pairs(query).find(|(name, _)| name == "query");
        return Ok(named.map(|(_, value)| value).unwrap_or_default());
    }
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(body) => body,
        Err(_) if strict => return Err(input_error(store, sentence::NOT_PARSED).into()),
        Err(_) => return Err(Ended::Page),
    };
    if !strict && (body.is_string() || !is_map_or_nothing(body.get("variables"))) {
        return Err(Ended::Text);
    }
    match body.get("query") {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) if strict => Err(input_error(store, sentence::NOT_PARSED).into()),
        Some(_) => Err(Ended::Text),
    }
}

fn is_map_or_nothing(variables: Option<&Value>) -> bool {
    variables.is_none_or(|given| given.is_null() || given.is_object() || given.is_array())
}

fn run(
    store: &Store,
    turn: &Turn<'_>,
    query: &str,
    cached: &mut page::GraphQlCache,
) -> Result<(u16, Value), Ended> {
    let request = turn.request;
    let errors = store.profile().graphql_errors;
    let kind = request.headers.first("Content-Type").unwrap_or_default();
    if request.method == "POST" && !kind.starts_with("application/json") {
        return Err(input_error(store, sentence::CONTENT_TYPE).into());
    }
    if let Some(code) = request.headers.first("Store")
        && !code.is_empty()
        && (code == "admin" || !services::is_store_code(code))
    {
        return Err(input_error(store, sentence::NO_STORE.replace("%1", code)).into());
    }
    let currency = request.headers.first("Content-Currency");
    if currency.is_some_and(|code| !code.eq_ignore_ascii_case("USD")) {
        return Err(input_error(store, sentence::NO_CURRENCY).into());
    }
    let identity = Identity::new(store, turn);
    let scheme = request.headers.first("Authorization").unwrap_or_default();
    let bears = scheme.to_ascii_lowercase().starts_with("bearer ");
    let caller = identity.caller().unwrap_or(Caller::Guest);
    if errors == GraphQlErrors::Strict && bears && caller == Caller::Guest {
        let extensions = json!({"category": "graphql-authentication"});
        let error = json!({"message": sentence::NO_TOKEN, "extensions": extensions});
        return Err(Refused { status: 401, error }.into());
    }
    if query.trim().is_empty() && request.method != "POST" && errors == GraphQlErrors::Forgiving {
        let error = located(
            "Syntax Error: Unexpected <EOF>",
            Place { line: 1, column: 1 },
        );
        return Ok((200, json!({"errors": [error]})));
    }
    let operations = syntax::read(query).map_err(|error| Refused {
        status: bad_request(errors),
        error: located(&error.sentence, error.place),
    })?;
    let mutates = operations.iter().any(|one| one.kind == Kind::Mutation);
    if mutates && request.method != "POST" {
        return Err(input_error(store, sentence::ONLY_POST).into());
    }
    if mutates {
        cached.id = None;
    }
    let invalid = |error| (200, json!({"errors": [error]}));
    let operation = match chosen(&operations) {
        Ok(operation) => operation,
        Err(error) => return Ok(invalid(error)),
    };
    if let Err(error) = fits(&operation.fields, operation.kind.root()) {
        return Ok(invalid(error));
    }
    let execution = Execution {
        store,
        turn,
        caller,
        errors: Vec::new(),
        status: 200,
    };
    let (status, body) = execution.run(operation);
    let is_kept = |field: &Field| field.name == "storeConfig";
    cached.keeps = request.method == "GET"
        && body.get("errors").is_none()
        && operation.fields.iter().all(is_kept);
    Ok((status, body))
}

/// The one operation of a document.
fn chosen(operations: &[Operation]) -> Result<&Operation, Value> {
    match operations {
        [one] if one.kind == Kind::Subscription => Err(located(
            "Schema is not configured for subscriptions.",
            one.place,
        )),
        [one] => Ok(one),
        [] => Err(json!({"message": "Must provide an operation."})),
        several => match several.iter().find(|one| one.name.is_none()) {
            Some(one) => Err(located(
                "This anonymous operation must be the only defined operation.",
                one.place,
            )),
            None => Err(json!({
                "message": "Must provide operation name if query contains multiple operations.",
            })),
        },
    }
}

fn located(message: &str, place: Place) -> Value {
    json!({"message": message, "locations": [{"line": place.line, "column": place.column}]})
}

/// Whether the type has these fields; types that are not looked at have any.
fn fits(fields: &[Field], kind: &str) -> Result<(), Value> {
    let known = |name: &str| FIELDS.contains(&(kind, name));
    for field in fields {
        if field.name.starts_with("__") {
            continue;
        }
        if !known(&field.name) {
            let message = format!("Cannot query field \"{}\" on type \"{kind}\".", field.name);
            return Err(located(&message, field.place));
        }
        let inner = match (kind, field.name.as_str()) {
            ("Query", "storeConfig") => "StoreConfig",
            ("Query", "customer") => "Customer",
            _ => continue,
        };
        if field.fields.is_empty() && !field.spreads {
            let name = &field.name;
            let message =
                format!("Field \"{name}\" of type \"{inner}\" must have a sub selection.");
            return Err(located(&message, field.place));
        }
        fits(&field.fields, inner)?;
    }
    Ok(())
}

struct Execution<'a> {
    store: &'a Store,
    turn: &'a Turn<'a>,
    caller: Caller,
    errors: Vec<Value>,
    status: u16,
}

impl Execution<'_> {
    fn run(mut self, operation: &Operation) -> (u16, Value) {
        let mut data = Map::new();
        for field in &operation.fields {
            let value = match field.name.as_str() {
                "__typename" => json!(operation.kind.root()),
                "storeConfig" => self.of_service("/V1/store/storeConfigs", field, "StoreConfig"),
                "customer" => self.customer(field),
                _ => self.without_data(field),
            };
            data.insert(field.alias.clone(), value);
        }
        let mut body = Map::new();
        if !self.errors.is_empty() {
            body.insert("errors".to_owned(), Value::Array(self.errors));
        }
        body.insert("data".to_owned(), Value::Object(data));
        (self.status, Value::Object(body))
    }

    fn fail(&mut self, field: &Field, message: &str, category: Option<&str>) -> Value {
        let mut error = located(message, field.place);
        error["path"] = json!([field.alias]);
        if let Some(category) = category {
            error["extensions"] = json!({"category": category});
        }
        self.errors.push(error);
        Value::Null
    }

    fn customer(&mut self, field: &Field) -> Value {
        if matches!(self.caller, Caller::Customer(_)) {
            return self.of_service("/V1/customers/me", field, "Customer");
        }
        if self.store.profile().graphql_errors == GraphQlErrors::Strict {
            self.status = 403;
        }
        self.fail(field, sentence::NO_CUSTOMER, Some("graphql-authorization"))
    }

    fn without_data(&mut self, field: &Field) -> Value {
        self.status = 501;
        let message = sentence::NO_DATA.replace("%1", &field.name);
        self.turn.note_reason(message.clone());
        self.fail(field, &message, None)
    }

    /// The fields of what a REST service gives: of a list, its first entry.
    fn of_service(&self, template: &str, field: &Field, kind: &str) -> Value {
        let caller = self.caller;
        let call = services::Call {
            method: "GET",
            template,
            fields: &Map::new(),
            caller: &|| Some(caller),
            store_code: None,
        };
        let given = rest::with_context(self.store, &|| self.turn.begin_session(), |context| {
            services::call(context, &call)
        });
        let given = given.and_then(Result::ok).unwrap_or_default();
        let row = given.get(0).unwrap_or(&given);
        let fields = field.fields.iter().map(|one| {
            let value = match one.name.as_str() {
                "__typename" => json!(kind),
                "store_code" => row["code"].clone(),
                "store_name" => json!("Default Store View"),
                name => row[name].clone(),
            };
            if value.is_null() {
                let reason = sentence::NO_DATA.replace("%1", &one.name);
                self.turn.note_reason(reason);
            }
            (one.alias.clone(), value)
        });
        Value::Object(fields.collect())
    }
}
