//! What the service of every stock route takes, and what it answers where the store keeps no data for it (measured 2.4.7-p3).
//!
//! `fixtures/rest/parameters.tsv` names the parameters in order; `?` marks an optional one, `@customer` and `@cart` one that the store fills
//! in with the caller's. Its last column is what a call gets for which no data are kept: a refusal, a value or rows to search as JSON (`:name`
//! in it stands for a parameter, `known` gives values by one, `empty` refusals for one that PHP calls empty; `internal` and `broken` say why the
//! store fails), `list:TABLE` for an empty search, or `KIND:PARAMETER` (`there` in JSON) for something that must be there before the store can say that it keeps
//! nothing more. The column after it tells when a session begins. Types are those of [`super::kinds`].

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::call::{integer, plain};
use super::fault::sentence;
use super::search::Criteria;
use super::{
    Answer, Call, Caller, Context, Failure, Fault, Parameters, attributes, carts, customers,
    documents, kinds, orders, products,
};

/// The contract of one route.
pub(in crate::store) struct Contract {
    method: &'static str,
    pub(in crate::store) parameters: Vec<Parameter>,
    outcome: &'static str,
    session: Option<Session>,
}

/// When a call begins a customer's session although nothing asks who calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Session {
    /// Before the parameters are looked at.
    WithParameters,
    /// When the service is made.
    WithService,
}

/// A parameter of a service.
pub(in crate::store) struct Parameter {
    pub(in crate::store) name: &'static str,
    pub(in crate::store) kind: &'static str,
    pub(in crate::store) optional: bool,
    filled: Option<Filled>,
}

/// What the store fills in, whatever was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filled {
    Customer,
    Cart,
    /// A property of it: it is there, whatever was sent.
    Within,
}

/// By template, then method.
static CONTRACTS: LazyLock<HashMap<&'static str, Vec<Contract>>> = LazyLock::new(|| {
    let table = include_str!("../../../fixtures/rest/parameters.tsv");
    let mut contracts: HashMap<_, Vec<_>> = HashMap::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (method, template, parameters) = (cell(), cell(), cell());
        let (outcome, session) = (cell(), cell());
        contracts.entry(template).or_default().push(Contract {
            method,
            parameters: parameters
                .split_ascii_whitespace()
                .filter_map(Parameter::parse)
                .collect(),
            outcome,
            session: match session {
                "parameters" => Some(Session::WithParameters),
                "service" => Some(Session::WithService),
                _ => None,
            },
        });
    }
    contracts
});

impl Parameter {
    fn parse(cell: &'static str) -> Option<Self> {
        let (name, kind) = cell.split_once(':')?;
        let (kind, filled) = match kind.split_once('@') {
            Some((kind, "cart")) => (kind, Some(Filled::Cart)),
            Some((kind, "within")) => (kind, Some(Filled::Within)),
            Some((kind, _)) => (kind, Some(Filled::Customer)),
            None => (kind, None),
        };
        Some(Self {
            name,
            kind: kind.trim_end_matches('?'),
            optional: kind.ends_with('?'),
            filled,
        })
    }
}

/// The contract of a method and a template; routes of modules have none.
pub(in crate::store) fn of(method: &str, template: &str) -> Option<&'static Contract> {
    let contracts = CONTRACTS.get(template)?;
    contracts.iter().find(|one| one.method == method)
}

impl Contract {
    /// Refuses a parameter of a wrong type, then the ones that are missing: all in the order of the service.
    pub(super) fn check(&self, context: &Context<'_>, call: &Call<'_>) -> Answer {
        if self.session == Some(Session::WithParameters) {
            (context.begin_session)();
        }
        let mut missing = Vec::new();
        let filled = |kind| self.parameters.iter().any(|one| one.filled == Some(kind));
        let filled_cart = filled(Filled::Cart);
        let customer = (filled_cart || filled(Filled::Customer))
            && matches!((call.caller)(), Some(Caller::Customer(_)));
        if customer && filled_cart {
            carts::mine(context, call).map_err(|_| Fault::new(404, sentence::NO_ACTIVE_CART))?;
        }
        for parameter in &self.parameters {
            let within = parameter.filled == Some(Filled::Within);
            if parameter.filled.is_some() && !within {
                if !customer {
                    missing.push(parameter.name);
                }
                continue;
            }
            match call.parameter(parameter.name) {
                Some(value) => {
                    kinds::check(value, parameter.kind)?;
                    if kinds::is_nothing_for(value, parameter.kind) {
                        let sentence = sentence::NO_LIST.replace("%1", parameter.name);
                        return Err(Failure::Broken(sentence));
                    }
                }
                None if parameter.optional || within => {}
                None => missing.push(parameter.name),
            }
        }
        if missing.is_empty() {
            if self.session == Some(Session::WithService) {
                (context.begin_session)();
            }
            return Ok(Value::Null);
        }
        Err(Fault::required(&missing).into())
    }

    /// Refuses a call that lacks a parameter which the store does not fill in: all that is looked at of one that is to run later.
    pub(in crate::store) fn check_presence(&self, call: &Call<'_>) -> Result<(), Fault> {
        let missing: Vec<&str> = self
            .parameters
            .iter()
            .filter(|one| !one.optional && one.filled.is_none())
            .map(|one| one.name)
            .filter(|name| call.parameter(name).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Fault::required(&missing))
    }

    /// Refuses a parameter of a wrong type.
    pub(in crate::store) fn check_kinds(&self, call: &Call<'_>) -> Result<(), Fault> {
        self.parameters.iter().try_for_each(|one| {
            let value = call.parameter(one.name);
            value.map_or(Ok(()), |value| kinds::check(value, one.kind))
        })
    }

    /// What a call gets for which no data are kept; none when the store does not know.
    pub(super) fn outcome(&self, context: &Context<'_>, call: &Call<'_>) -> Option<Answer> {
        match self.outcome {
            "" => None,
            json if json.starts_with('{') => self.spoken(context, call, json),
            needed => refused_without(context, call, needed),
        }
    }

    /// What the table says in JSON.
    fn spoken(&self, context: &Context<'_>, call: &Call<'_>, json: &'static str) -> Option<Answer> {
        let row: Map<String, Value> = super::shelf::fixture(json);
        let text = |name: &str| row.get(name).and_then(Value::as_str);
        if let Some(value) = row.get("value") {
            let refusal = text("there").and_then(|needed| refused_without(context, call, needed));
            return Some(refusal.unwrap_or_else(|| Ok(value.clone())));
        }
        if let (Some(Value::Array(rows)), Some(table)) = (row.get("list"), text("table")) {
            let criteria = Criteria::given(call).map_err(Failure::from);
            let found = criteria.and_then(|criteria| criteria.within(table, &[]));
            return Some(found.map(|criteria| criteria.answer(rows.clone())));
        }
        let given = |name: &str| call.parameter(name).and_then(plain).unwrap_or_default();
        for (name, known) in by_parameter(&row, "known") {
            if let Some(value) = known.get(given(name)) {
                return Some(Ok(value.clone()));
            }
        }
        for (name, refusal) in by_parameter(&row, "empty") {
            let is_empty = matches!(given(name).as_str(), "" | "0");
            if let Some(refusal) = refusal.as_object().filter(|_| is_empty) {
                return Some(self.refused(call, refusal));
            }
        }
        if let Some(reason) = text("broken") {
            return Some(Err(Failure::Broken(reason.to_owned())));
        }
        if let Some(reason) = text("internal") {
            let read = Criteria::given(call).map_err(Failure::from);
            return Some(read.and(Err(Failure::Internal(reason.to_owned()))));
        }
        text("there").map_or_else(
            || Some(self.refused(call, &row)),
            |needed| refused_without(context, call, needed),
        )
    }

    /// A refusal of the table.
    fn refused(&self, call: &Call<'_>, row: &Map<String, Value>) -> Answer {
        let status = row["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok());
        let message = row["message"].as_str().unwrap_or_default().to_owned();
        let parameters = match row.get("parameters") {
            Some(Value::Array(values)) => {
                Parameters::Positional(values.iter().map(|value| self.named(call, value)).collect())
            }
            Some(Value::Object(values)) => Parameters::Named(
                values
                    .iter()
                    .map(|(name, value)| (name.clone().into(), self.named(call, value)))
                    .collect(),
            ),
            _ => Parameters::Absent,
        };
        Err(Fault {
            message: message.into(),
            parameters,
            ..Fault::new(status.unwrap_or(404), sentence::NO_SUCH_RECORD)
        }
        .into())
    }

    /// A value of the table, or the parameter that it stands for.
    fn named(&self, call: &Call<'_>, value: &Value) -> Value {
        let name = value.as_str().and_then(|text| text.strip_prefix(':'));
        let Some(name) = name else {
            return value.clone();
        };
        let given = call.parameter(name).cloned().unwrap_or_default();
        let parameter = self.parameters.iter().find(|one| one.name == name);
        match parameter.map(|parameter| parameter.kind) {
            Some("int") => integer(&given).map_or(given, Value::from),
            _ => plain(&given).map_or(given, Value::from),
        }
    }
}

/// What a row of the table says by parameter.
fn by_parameter<'r>(
    row: &'r Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'r String, &'r Value)> {
    row.get(name)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The refusal of a call about something that is not there.
fn refused_without(context: &Context<'_>, call: &Call<'_>, needed: &str) -> Option<Answer> {
    let (kind, name) = needed.split_once(':')?;
    if kind == "list" {
        return Some(empty_search(call, name));
    }
    let found = must_be_there(context, call, kind, name)?;
    found.err().map(Err)
}

/// A search among rows of a table that is empty.
fn empty_search(call: &Call<'_>, table: &str) -> Answer {
    let criteria = Criteria::read(call)?;
    Ok(criteria.within(table, &[])?.answer(Vec::new()))
}

/// Looks for what a route is about; none for a kind that is not kept.
fn must_be_there(context: &Context<'_>, call: &Call<'_>, kind: &str, name: &str) -> Option<Answer> {
    let number = || call.integer(name);
    let text = || call.text(name);
    let found = |run: &dyn Fn() -> Answer| Some(run());
    match kind {
        "cart" => found(&|| carts::existing(context, number()?)),
        "customer" => found(&|| customers::one(context, number()?)),
        "guest-cart" => found(&|| carts::guest_with(context, &text()?)),
        "invoice" => found(&|| documents::invoice(context, number()?)),
        "order" => found(&|| orders::existing(context, number()?)),
        "product" => found(&|| products::existing(context, &text()?)),
        "product-attribute" => found(&|| attributes::existing(&text()?)),
        _ => None,
    }
}
