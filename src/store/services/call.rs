use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use super::Fault;
use crate::integration::IntegrationId;
use crate::random::Entropy;
use crate::secret::Secret;
use crate::storage::Storage;
use crate::time::UnixTime;

/// What services work with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Where changes are kept.
    pub storage: &'a dyn Storage,
    /// For the public ids of guest carts.
    pub entropy: &'a dyn Entropy,
    /// For the times of changes.
    pub now: UnixTime,
    /// The base URL with one trailing slash, for HTTPS or not; read when it is shown, in `store/storeConfigs`.
    pub base_url: &'a dyn Fn(bool) -> String,
    /// Modules beside those of a stock store, shown in `modules`.
    pub modules: &'a [String],
    /// Whether `customers/isEmailAvailable` says `true` for every address unless the setting
    /// `checkout/options/enable_guest_checkout_login` is on (2.4.7 and later; from the release notes, not measured).
    pub hides_emails: bool,
    /// A customer's session begins.
    pub begin_session: &'a dyn Fn(),
    /// A change reads, decides and writes: one at a time.
    pub changing: &'a Mutex<()>,
    /// Makes the password hash of a new customer's account.
    pub hash: &'a dyn Fn(&Secret) -> String,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Context")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl Context<'_> {
    /// Waits for whoever changes something; until the guard is dropped nobody else does.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody.
    Guest,
    /// A customer, by account.
    Customer(i64),
    /// An administrator, by account.
    Admin(i64),
    /// An integration.
    Integration(IntegrationId),
}

/// One call of a service.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// The path template as the route table has it, such as `/V1/orders/:id`.
    pub template: &'a str,
    /// The decoded variables of the path, over the query with its brackets nested, over the body: as stores merge them.
    pub fields: &'a Map<String, Value>,
    /// Tells who calls, `None` when that fails. Asked only by services that want to know (docs/protocol/rest.md#who-is-calling).
    pub caller: &'a dyn Fn() -> Option<Caller>,
    /// The code of the store view in the path; none stands for the default one.
    pub store_code: Option<&'a str>,
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Call")
            .field("method", &self.method)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

impl<'a> Call<'a> {
    /// A parameter under its name, or under its name in snake case; null counts as absent.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a Value> {
        self.fields
            .get(name)
            .or_else(|| self.fields.get(&snake(name)))
            .filter(|value| !value.is_null())
    }

    /// Every one of these parameters must be there.
    pub(super) fn require<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[&'a Value; N], Fault> {
        let missing: Vec<&str> = names
            .into_iter()
            .filter(|name| self.parameter(name).is_none())
            .collect();
        if !missing.is_empty() {
            return Err(Fault::required(&missing));
        }
        Ok(names.map(|name| {
            self.parameter(name)
                .expect("a missing parameter was refused above")
        }))
    }

    /// A parameter that must be a text; numbers and flags are cast.
    pub(super) fn text(&self, name: &str) -> Result<String, Fault> {
        let [value] = self.require([name])?;
        plain(value).ok_or_else(|| Fault::wrong_type("array", "string"))
    }

    /// A parameter that must be a whole number.
    pub(super) fn integer(&self, name: &str) -> Result<i64, Fault> {
        let [value] = self.require([name])?;
        integer(value)
    }

    /// A parameter that must be an object; anything else counts as one without properties.
    pub(super) fn object(&self, name: &str) -> Result<&'a Map<String, Value>, Fault> {
        static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        let [value] = self.require([name])?;
        Ok(value.as_object().unwrap_or(&NOTHING))
    }
}

/// A scalar as text, as stores cast it.
pub(in crate::store) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(flag) => Some(if *flag { "1" } else { "" }.to_owned()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
        }
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A scalar as a number: everything that reads as one. A flag does not.
pub(super) fn number(value: &Value) -> Result<f64, Fault> {
    numeric(value).ok_or_else(|| Fault::wrong_type(&plain(value).unwrap_or_default(), "float"))
}

/// A scalar as a whole number; a fraction is cut.
pub(super) fn integer(value: &Value) -> Result<i64, Fault> {
    if let Some(number) = value.as_i64() {
        return Ok(number);
    }
    let text = plain(value).unwrap_or_default();
    let number = numeric(value).ok_or_else(|| Fault::wrong_type(&text, "int"))?;
    let trimmed = text.trim();
    let whole = trimmed.split_once('.').map_or(trimmed, |(whole, _)| whole);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates; only `1e3` and numbers beyond 64 bits come here"
    )]
    Ok(whole.parse().unwrap_or(number as i64))
}

pub(super) fn numeric(value: &Value) -> Option<f64> {
    if value.is_boolean() {
        return None;
    }
    let number = plain(value)?.trim().parse::<f64>().ok();
    number.filter(|number| number.is_finite())
}

/// Whether a scalar means yes.
pub(super) fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(
            text.to_ascii_lowercase().as_str(),
            "1" | "true" | "yes" | "on"
        ),
        other => other.as_f64().is_some_and(|number| number != 0.0),
    }
}

/// The entries of a list however it was sent: a JSON array, or an array of a query, whose keys are numbers.
pub(super) fn entries(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        // XML has its entries in elements of this name.
        Value::Object(fields) => match fields.get("item") {
            Some(Value::Array(items)) => items.iter().collect(),
            _ => fields.values().collect(),
        },
        _ => Vec::new(),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The known fields in this order, then the others.
pub(super) fn in_order(row: &Value, order: &[&str]) -> Value {
    let Some(fields) = row.as_object() else {
        return row.clone();
    };
    let known = order
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), fields.get(*name)?.clone())));
    let others = fields
        .iter()
        .filter(|(name, _)| !order.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()));
    Value::Object(known.chain(others).collect())
}
