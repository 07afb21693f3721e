//! One filter of a search, and how it compares.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::store::services::call::{entries, plain};

#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) field: Option<String>,
    pub(super) value: Value,
    /// As it was given; one that no store knows fits nothing.
    pub(super) condition: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Equal,
    NotEqual,
    Like,
    NotLike,
    In,
    NotIn,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Null,
    NotNull,
    InSet,
    NotInSet,
}

const CONDITIONS: [(&str, Condition); 17] = [
    ("eq", Condition::Equal),
    ("neq", Condition::NotEqual),
    ("like", Condition::Like),
    ("nlike", Condition::NotLike),
    ("in", Condition::In),
    ("nin", Condition::NotIn),
    ("gt", Condition::Greater),
    ("gteq", Condition::GreaterOrEqual),
    ("moreq", Condition::GreaterOrEqual),
    ("from", Condition::GreaterOrEqual),
    ("lt", Condition::Less),
    ("lteq", Condition::LessOrEqual),
    ("to", Condition::LessOrEqual),
    ("null", Condition::Null),
    ("notnull", Condition::NotNull),
    ("finset", Condition::InSet),
    ("nfinset", Condition::NotInSet),
];

impl Filter {
    pub(super) fn read(value: &Value) -> Self {
        let word = plain(either(value, "condition_type", "conditionType")).unwrap_or_default();
        Self {
            field: value
                .get("field")
                .filter(|field| !field.is_null())
                .and_then(plain),
            value: value.get("value").cloned().unwrap_or_default(),
            condition: if word.is_empty() {
                "eq".to_owned()
            } else {
                word
            },
        }
    }

    pub(super) fn echo(&self) -> Value {
        json!({"field": self.field, "value": self.value, "condition_type": self.condition})
    }

    pub(super) fn fits(&self, row: &Value) -> bool {
        let Some(field) = self.field.as_deref() else {
            return false;
        };
        // A condition that nobody knows is a value to be equal to (measured 2.4.7-p3).
        let known = CONDITIONS.iter().find(|(name, _)| *name == self.condition);
        let condition = known.map_or(&Condition::Equal, |(_, condition)| condition);
        let found = values(row, field);
        let wanted = plain(&self.value).unwrap_or_default();
        let is = |wanted: &str| found.iter().any(|one| compare(one, wanted).is_eq());
        let any = |test: fn(Ordering) -> bool| found.iter().any(|one| test(compare(one, &wanted)));
        let known = !found.is_empty();
        match condition {
            Condition::Equal => is(&wanted),
            Condition::NotEqual => known && !is(&wanted),
            Condition::Like => found.iter().any(|one| like(one, &wanted)),
            Condition::NotLike => known && !found.iter().any(|one| like(one, &wanted)),
            Condition::In => self.list().iter().any(|one| is(one)),
            Condition::NotIn => known && !self.list().iter().any(|one| is(one)),
            Condition::Greater => any(Ordering::is_gt),
            Condition::GreaterOrEqual => any(Ordering::is_ge),
            Condition::Less => any(Ordering::is_lt),
            Condition::LessOrEqual => any(Ordering::is_le),
            Condition::Null => !known,
            Condition::NotNull => known,
            Condition::InSet => has_entry(&found, &wanted),
            Condition::NotInSet => !has_entry(&found, &wanted),
        }
    }

    fn list(&self) -> Vec<String> {
        match &self.value {
            Value::Array(_) | Value::Object(_) => {
                entries(&self.value).into_iter().filter_map(plain).collect()
            }
            scalar => {
                let text = plain(scalar).unwrap_or_default();
                text.split(',').map(str::to_owned).collect()
            }
        }
    }
}

/// The values of a field as text: of the row itself, of a custom attribute, or of its category links. Nulls are none.
pub(super) fn values(row: &Value, field: &str) -> Vec<String> {
    let field = match field {
        "entity_id" | "page_id" | "block_id" | "customer_group_id" if row.get(field).is_none() => {
            "id"
        }
        "customer_group_code" => "code",
        "is_active" if row.get(field).is_none() => "active",
        "category_ids" => "category_id",
        other => other,
    };
    if field == "category_id" {
        let links = &row["extension_attributes"]["category_links"];
        let links = entries(links).into_iter();
        return links
            .filter_map(|link| plain(&link["category_id"]))
            .collect();
    }
    let custom = || {
        entries(&row["custom_attributes"])
            .into_iter()
            .find(|custom| custom["attribute_code"] == field)
            .and_then(|custom| custom.get("value"))
    };
    let extension = || row["extension_attributes"].get(field);
    match row.get(field).or_else(custom).or_else(extension) {
        None | Some(Value::Null) => Vec::new(),
        Some(list @ (Value::Array(_) | Value::Object(_))) => {
            entries(list).into_iter().filter_map(plain).collect()
        }
        Some(scalar) => vec![match scalar {
            Value::Bool(flag) => u8::from(*flag).to_string(),
            other => plain(other).unwrap_or_default(),
        }],
    }
}

/// Whether a row has a field, be it null.
pub(super) fn is_known(row: &Value, field: &str) -> bool {
    row.get(field).is_some() || !values(row, field).is_empty()
}

/// As numbers when both are, else as text without regard to case.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.total_cmp(&right),
        _ => left.to_lowercase().cmp(&right.to_lowercase()),
    }
}

fn has_entry(found: &[String], wanted: &str) -> bool {
    found
        .iter()
        .flat_map(|text| text.split(','))
        .any(|piece| piece == wanted)
}

/// SQL's LIKE: `%` for anything, `_` for one character, without regard to case.
fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(place) {
            Some('%') => {
                retry = Some((place, at));
                place += 1;
            }
            Some(letter) if *letter == '_' || *letter == text[at] => {
                at += 1;
                place += 1;
            }
            _ => match retry {
                Some((percent, from)) => {
                    retry = Some((percent, from + 1));
                    at = from + 1;
                    place = percent + 1;
                }
                None => return false,
            },
        }
    }
    pattern[place..].iter().all(|letter| *letter == '%')
}

/// The value under the first of two names that is there.
pub(super) fn either<'v>(value: &'v Value, snake: &str, camel: &str) -> &'v Value {
    value
        .get(snake)
        .or_else(|| value.get(camel))
        .unwrap_or(&Value::Null)
}
