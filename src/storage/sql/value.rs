//! What goes into a column and comes out of one.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Done, Failure};
use crate::secret::Secret;
use crate::storage::cipher::{self, Cipher};

/// The content of a column.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// Stands sealed in its column, where there is a key.
    Secret(Secret),
}

/// The values as a database takes them.
pub(crate) fn at_rest<'v>(values: &'v [Value], cipher: Option<&Cipher>) -> Cow<'v, [Value]> {
    if !values.iter().any(|value| matches!(value, Value::Secret(_))) {
        return Cow::Borrowed(values);
    }
    let sealed = values.iter().map(|value| match value {
        Value::Secret(secret) => Value::Text(match cipher {
            Some(cipher) => cipher.seal(secret.expose()),
            None => secret.expose().to_owned(),
        }),
        other => other.clone(),
    });
    Cow::Owned(sealed.collect())
}

impl From<&Secret> for Value {
    fn from(secret: &Secret) -> Self {
        Self::Secret(secret.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u8> for Value {
    fn from(number: u8) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(truth.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The parameters `?1`, `?2`, … of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// A row, read column by column from the left.
#[derive(Debug)]
pub(crate) struct Record {
    columns: std::vec::IntoIter<Value>,
    cipher: Option<Arc<Cipher>>,
}

impl Record {
    pub(crate) fn new(columns: Vec<Value>, cipher: Option<&Arc<Cipher>>) -> Self {
        Self {
            columns: columns.into_iter(),
            cipher: cipher.cloned(),
        }
    }

    /// The next column.
    pub(crate) fn take<T: Column>(&mut self) -> Done<T> {
        let value = self.columns.next();
        value.and_then(T::from_value).ok_or(Failure::Malformed)
    }

    /// The next column, opened if it is sealed.
    pub(crate) fn take_secret(&mut self) -> Done<Secret> {
        self.take_optional_secret()?.ok_or(Failure::Malformed)
    }

    /// The next column, if it holds something.
    pub(crate) fn take_optional_secret(&mut self) -> Done<Option<Secret>> {
        let Some(text) = self.take::<Option<String>>()? else {
            return Ok(None);
        };
        let text = match &self.cipher {
            Some(cipher) if cipher::is_sealed(&text) => {
                cipher.open(&text).ok_or(Failure::OtherKey)?
            }
            None if cipher::is_sealed(&text) => return Err(Failure::NoKey),
            _ => text,
        };
        Ok(Some(Secret::new(text)))
    }
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

impl Column for i64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            Value::Null | Value::Secret(_) | Value::Text(_) => None,
        }
    }
}

impl Column for u32 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl Column for u8 {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl Column for bool {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl Column for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Integer(_) | Value::Secret(_) => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}
