//! The types of parameters and of their properties, and what a value of another type is told (measured 2.4.7-p3).
//!
//! A type is `int`, `float`, `bool`, `string`, `mixed`, `array` or a row of `fixtures/rest/types.tsv`, the published schema; `[]` behind it
//! makes a list. A property is named in upper camel case; `-` behind its type marks one that cannot be set.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::call::{numeric, plain};
use super::fault::{Fault, sentence};

type Properties = Vec<(&'static str, &'static str)>;

static TYPES: LazyLock<HashMap<&'static str, Properties>> = LazyLock::new(|| {
    let table = include_str!("../../../fixtures/rest/types.tsv");
    table
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let name = cells.next()?;
            let properties = cells.filter_map(|cell| cell.split_once(':')).collect();
            Some((name, properties))
        })
        .collect()
});

/// Refuses a value that is not of this type.
pub(super) fn check(value: &Value, kind: &str) -> Result<(), Fault> {
    let (item, is_list) = match kind.strip_suffix("[]") {
        Some(item) => (item, true),
        None => (kind, false),
    };
    let value = match value.get("item").filter(|_| is_list) {
        Some(value) => value,
        None => value,
    };
    match (item, is_list) {
        ("array", _) | ("mixed", false) => Ok(()),
        ("int" | "float" | "bool" | "string" | "mixed", true) => simple_list(value, kind),
        ("int" | "float" | "bool" | "string", false) => simple(value, kind),
        _ if is_list => items(value).try_for_each(|(_, value)| object(value, item)),
        _ => object(value, item),
    }
}

/// Whether a store makes nothing of a value where a list of objects is wanted: it breaks on that.
pub(super) fn is_nothing_for(value: &Value, kind: &str) -> bool {
    let item = kind.strip_suffix("[]");
    item.is_some_and(|item| TYPES.contains_key(item)) && !value.is_array() && !value.is_object()
}

/// The entries of whatever PHP takes for an array, with their keys; nothing else has any.
fn items(value: &Value) -> Box<dyn Iterator<Item = (String, &Value)> + '_> {
    match value {
        Value::Array(items) => Box::new((0..).map(|place: usize| place.to_string()).zip(items)),
        Value::Object(fields) => Box::new(fields.iter().map(|(name, value)| (name.clone(), value))),
        _ => Box::new(std::iter::empty()),
    }
}

fn simple(value: &Value, kind: &str) -> Result<(), Fault> {
    let Some(text) = plain(value) else {
        return Err(Fault::wrong_type("array", kind));
    };
    let is_number = value.is_null() || numeric(value).is_some();
    if matches!(kind, "int" | "float") && !is_number {
        return Err(Fault::wrong_type(&text, kind));
    }
    Ok(())
}

/// The entries of a list of simple values are cast, whatever they are.
fn simple_list(value: &Value, kind: &str) -> Result<(), Fault> {
    let found = match value {
        Value::Null | Value::Array(_) | Value::Object(_) => return Ok(()),
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "double",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
    };
    Err(Fault::wrong_type(found, kind))
}

/// An object whose every property is known and of its type. What is no array counts as one without properties.
fn object(value: &Value, kind: &str) -> Result<(), Fault> {
    let Some(properties) = TYPES.get(kind) else {
        return Ok(());
    };
    for (name, value) in items(value) {
        let wanted = upper_camel(&name);
        let unknown = || {
            let values = [("fieldName", Value::from(wanted.as_str()))];
            Fault::named(400, sentence::NOT_SUPPORTED, values)
        };
        let property = properties
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&wanted));
        let (_, kind) = property.ok_or_else(unknown)?;
        match kind.strip_suffix('-') {
            Some(_) if is_empty(value) => {}
            Some(_) => return Err(unknown()),
            None if wanted == "CustomAttributes" => {
                custom_attributes(value).map_err(|fault| fault.during(&name))?;
            }
            None => check(value, kind).map_err(|fault| match fault.parameters {
                super::Parameters::Absent => fault.during(&name),
                _ => fault,
            })?,
        }
    }
    Ok(())
}

/// Attributes by code, or as objects with code and value.
fn custom_attributes(value: &Value) -> Result<(), Fault> {
    for (_, attribute) in items(value) {
        if !attribute.is_object() && !attribute.is_array() {
            return Err(Fault::new(400, sentence::CUSTOM_WITHOUT_CODE));
        }
        let code = ["attribute_code", "attributeCode"]
            .into_iter()
            .find_map(|name| attribute.get(name).and_then(plain))
            .filter(|code| !matches!(code.as_str(), "" | "0"));
        let given = attribute.get("value");
        let has_value = given.is_some_and(|value| !value.is_null());
        match code {
            None if !has_value => return Err(Fault::new(400, sentence::EMPTY_CUSTOM)),
            None => return Err(Fault::new(400, sentence::CUSTOM_WITHOUT_CODE)),
            Some(code) if given.is_none() => {
                return Err(Fault::filled(sentence::CUSTOM_WITHOUT_VALUE, [&code, ""]));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// What PHP calls empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        scalar => matches!(plain(scalar).as_deref(), Some("" | "0")),
    }
}

/// `tax_class_id` as `TaxClassId`.
fn upper_camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut upper = true;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            camel.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            camel.push(letter);
        }
    }
    camel
}
