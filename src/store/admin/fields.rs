//! The parameters of a request to the panel: path pairs, query, form body.

use crate::store::settings;
use crate::text::form;

/// Most fields of one form that count; a real store drops what is beyond its `max_input_vars` as silently.
const MOST_FIELDS: usize = 10_000;

/// Every parameter, in the order in which they count: path, query, body.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    posted: Vec<(String, String)>,
}

impl Fields {
    pub(super) fn new(path: Vec<(String, String)>, query: &str, body: &[u8]) -> Self {
        Self {
            path,
            query: form::pairs(query).collect(),
            posted: form::pairs(&String::from_utf8_lossy(body))
                .take(MOST_FIELDS)
                .collect(),
        }
    }

    /// The value of a name wherever it stands. As in PHP the last of equal names counts, path before query before body.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        last(&self.path, name)
            .or_else(|| last(&self.query, name))
            .or_else(|| last(&self.posted, name))
    }

    /// The value of a name in the body.
    pub(super) fn posted(&self, name: &str) -> Option<&str> {
        last(&self.posted, name)
    }

    /// Whether the body has the name, as a value or as the start of a list.
    pub(super) fn has_posted(&self, name: &str) -> bool {
        self.posted.iter().any(|(field, value)| {
            let rest = field.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with('[') || (rest.is_empty() && is_true(value)))
        })
    }

    /// Whether the query has the name with a value that PHP takes for true.
    pub(super) fn queried_flag(&self, name: &str) -> bool {
        last(&self.query, name).is_some_and(is_true)
    }

    /// Everything in the body, in order.
    pub(super) fn all_posted(&self) -> &[(String, String)] {
        &self.posted
    }

    /// A parameter as PHP casts it to an integer: a sign and leading digits, else 0; a list is 1.
    pub(super) fn integer(&self, name: &str) -> i64 {
        match self.value(name) {
            Some(value) => settings::integer(value),
            None => i64::from(self.is_list(name)),
        }
    }

    /// Whether the body has the name as a list.
    pub(super) fn is_list(&self, name: &str) -> bool {
        !list(&self.posted, name).is_empty()
    }

    /// A parameter as PHP casts it to a truth value.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(is_true)
    }
}

/// Every text but the empty one and `0`.
pub(super) fn is_true(value: &str) -> bool {
    !matches!(value, "" | "0")
}

/// The values of a list field, written `name[]` or with any index.
pub(super) fn list<'a>(posted: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    posted
        .iter()
        .filter(|(field, _)| {
            field
                .strip_prefix(name)
                .is_some_and(|index| index.starts_with('[') && index.ends_with(']'))
        })
        .map(|(_, value)| value.as_str())
        .collect()
}

fn last<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .rev()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.as_str())
}
