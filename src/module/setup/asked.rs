//! What a call of a script asks the store for.

use super::found::{Asks, Handed, PROCESSORS, SERVICES};
use crate::module::Spanned;
use crate::module::php::{Call, Key, Text, Value};

/// What a call asks for; none when it makes no integration.
pub(super) fn asks(call: &Call) -> Option<Asks> {
    let is = |name: &str| call.method.eq_ignore_ascii_case(name);
    let given = call.arguments.first().unwrap_or(&Value::Unknown);
    if is(PROCESSORS[0]) {
        Some(names(call, given).map_or(Asks::Unread, Asks::ForNames))
    } else if is(PROCESSORS[1]) {
        Some(data(given).map_or(Asks::Unread, Asks::ForData))
    } else if is("create")
        && call.class.as_deref().is_some_and(|class| {
            SERVICES
                .iter()
                .any(|service| service.eq_ignore_ascii_case(class))
        })
    {
        let one = one(given);
        Some(one.map_or(Asks::Unread, Asks::ForOne))
    } else {
        None
    }
}

fn names(call: &Call, given: &Value) -> Option<Vec<Spanned<String>>> {
    let Value::List(list) = given else {
        return None;
    };
    list.iter()
        .map(|(_, value)| {
            let Text { value, place } = value.string()?;
            let (source, span) = place.unwrap_or((call.source, call.span));
            Some(Spanned::new(value, source, span))
        })
        .collect()
}

fn data(given: &Value) -> Option<Vec<Handed>> {
    let Value::List(list) = given else {
        return None;
    };
    list.iter()
        .map(|(key, value)| {
            let name = match key {
                Key::Int(number) => number.to_string(),
                Key::Text(text) => text.value.clone(),
            };
            let handed = match value {
                Value::List(_) => {
                    handed(value, ["", "email", "endpoint_url", "identity_link_url"])?
                }
                Value::Unknown => return None,
                // A store asks what is no array for its members and finds none.
                _ => Handed::default(),
            };
            Some(Handed { name, ..handed })
        })
        .collect()
}

/// What a service is asked for.
fn one(given: &Value) -> Option<Handed> {
    let contact = handed(given, ["name", "email", "endpoint", "identity_link_url"])?;
    let member = |name: &str| given.member(&Key::Text(Text::made(name.to_owned())));
    let number = |name: &str| match member(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.string()?.value.parse().ok().map(Some),
    };
    let resources = match member("resource") {
        Some(Value::List(list)) => list
            .iter()
            .map(|(_, id)| Some(id.string()?.value))
            .collect::<Option<Vec<String>>>()?,
        Some(Value::Unknown) => return None,
        _ => Vec::new(),
    };
    Some(Handed {
        resources,
        all_resources: member("all_resources").is_some_and(|all| all.truth() == Some(true)),
        status: number("status")?,
        setup_type: number("setup_type")?,
        ..contact
    })
}

/// The values of an array under these keys; none when one of them is not known.
fn handed(given: &Value, keys: [&str; 4]) -> Option<Handed> {
    let Value::List(_) = given else {
        return None;
    };
    let value = |key: &str| -> Option<Option<String>> {
        let key = Key::Text(Text::made(key.to_owned()));
        match given.member(&key) {
            None | Some(Value::Null) => Some(None),
            Some(value) => value.string().map(|text| Some(text.value)),
        }
    };
    let name = match keys[0] {
        "" => String::new(),
        key => value(key)??,
    };
    Some(Handed {
        name,
        email: value(keys[1])?,
        endpoint: value(keys[2])?,
        identity_link_url: value(keys[3])?,
        ..Handed::default()
    })
}
