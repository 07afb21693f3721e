use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::diagnostic::SourceId;
use crate::text::Span;

/// What an expression gives.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Only a running store knows.
    #[default]
    Unknown,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string.
    Text(Text),
    /// An array, in order.
    List(Vec<(Key, Value)>),
    /// An object; of a class that is not at hand only the name is known.
    Object(Rc<Object>),
}

/// A string, and where it is written as one literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The bytes as text.
    pub value: String,
    /// Between the quotes; none for what was put together.
    pub place: Option<(SourceId, Span)>,
}

/// A key of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A number, which a string of digits becomes.
    Int(i64),
    /// A string.
    Text(Text),
}

impl Key {
    /// As PHP casts a key; none for what is no key or not known.
    #[must_use]
    pub fn of(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(match text.value.parse::<i64>() {
                Ok(number) if number.to_string() == text.value => Self::Int(number),
                _ => Self::Text(text),
            }),
            Value::Int(number) => Some(Self::Int(number)),
            Value::Bool(truth) => Some(Self::Int(i64::from(truth))),
            Value::Null => Some(Self::Text(Text::made(String::new()))),
            Value::Unknown | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// As a value.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Self::Int(number) => Value::Int(number),
            Self::Text(text) => Value::Text(text),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one.value == other.value,
            _ => false,
        }
    }
}

impl Text {
    /// A string that stands nowhere as such.
    #[must_use]
    pub const fn made(value: String) -> Self {
        Self { value, place: None }
    }
}

impl Value {
    /// A string that stands nowhere as such.
    #[must_use]
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(Text::made(value.into()))
    }

    /// Whether PHP takes it for true; none when it is not known.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Null => Some(false),
            Self::Bool(truth) => Some(*truth),
            Self::Int(number) => Some(*number != 0),
            Self::Text(text) => Some(!matches!(text.value.as_str(), "" | "0")),
            Self::List(list) => Some(!list.is_empty()),
            Self::Object(_) => Some(true),
        }
    }

    /// As PHP casts it to a string; none for what is none or not known.
    #[must_use]
    pub fn string(&self) -> Option<Text> {
        match self {
            Self::Null | Self::Bool(false) => Some(Text::made(String::new())),
            Self::Bool(true) => Some(Text::made("1".to_owned())),
            Self::Int(number) => Some(Text::made(number.to_string())),
            Self::Text(text) => Some(text.clone()),
            Self::Unknown | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// Whether PHP's `===` holds; none when it is not known.
    #[must_use]
    pub fn is_identical(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Unknown, _)
            | (_, Self::Unknown)
            | (Self::List(_), Self::List(_))
            | (Self::Object(_), Self::Object(_)) => None,
            (Self::Null, Self::Null) => Some(true),
            (Self::Bool(one), Self::Bool(other)) => Some(one == other),
            (Self::Int(one), Self::Int(other)) => Some(one == other),
            (Self::Text(one), Self::Text(other)) => Some(one.value == other.value),
            _ => Some(false),
        }
    }

    /// What is true of both: the value itself when they are equal.
    #[must_use]
    pub fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::List(one), Self::List(other))
                if one.len() == other.len()
                    && one
                        .iter()
                        .zip(&other)
                        .all(|(one, other)| one.0.is(&other.0)) =>
            {
                let both = one.into_iter().zip(other);
                Self::List(
                    both.map(|((key, one), (_, other))| (key, one.either(other)))
                        .collect(),
                )
            }
            (Self::Object(one), Self::Object(other)) if Rc::ptr_eq(&one, &other) => {
                Self::Object(one)
            }
            (one, other) if one.is_identical(&other) == Some(true) => one,
            _ => Self::Unknown,
        }
    }

    /// The member of an array; none when it has none, unknown when it is no array that is known.
    #[must_use]
    pub fn member(&self, key: &Key) -> Option<Self> {
        let Self::List(list) = self else {
            return Some(Self::Unknown);
        };
        let found = list.iter().rev().find(|(known, _)| known.is(key));
        found.map(|(_, value)| value.clone())
    }

    /// An array with a member set; without a key it comes after the largest number.
    #[must_use]
    pub fn with_member(self, key: Option<Key>, value: Self) -> Self {
        let mut list = match self {
            Self::List(list) => list,
            Self::Null => Vec::new(),
            _ => return Self::Unknown,
        };
        insert(&mut list, key, value);
        Self::List(list)
    }
}

/// Sets a member as PHP does: a known key keeps its place.
pub(super) fn insert(list: &mut Vec<(Key, Value)>, key: Option<Key>, value: Value) {
    let key = key.unwrap_or_else(|| {
        let largest = list.iter().filter_map(|(key, _)| match key {
            Key::Int(number) => Some(*number),
            Key::Text(_) => None,
        });
        Key::Int(largest.max().map_or(0, |number| number.saturating_add(1)))
    });
    match list.iter_mut().find(|(known, _)| known.is(&key)) {
        Some((_, known)) => *known = value,
        None => list.push((key, value)),
    }
}

/// An object and what is known of its properties.
#[derive(Debug)]
pub struct Object {
    /// The whole name of its class.
    pub class: String,
    pub(super) properties: RefCell<HashMap<String, Value>>,
    /// Whether its constructor was followed.
    pub(super) is_built: RefCell<bool>,
}

impl Object {
    pub(super) fn new(class: impl Into<String>) -> Rc<Self> {
        Rc::new(Self {
            class: class.into(),
            properties: RefCell::default(),
            is_built: RefCell::new(false),
        })
    }
}
