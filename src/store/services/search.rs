//! `searchCriteria`: filter groups, sort orders and pages over rows (the published guide "Search using REST endpoints").
//!
//! Groups must all fit, one filter of a group is enough. A field that no row has fits nothing.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::call::{entries, integer, plain};
use super::fault::sentence;
use super::{Call, Failure, Fault};

/// The columns of tables by name, from the published database schema.
static COLUMNS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let table = include_str!("../../../fixtures/rest/columns.tsv");
    table
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// What a search asks for, as it is echoed in the answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Criteria {
    groups: Vec<Vec<Filter>>,
    orders: Vec<Order>,
    page_size: Option<i64>,
    current_page: Option<i64>,
}

#[derive(Clone, Debug)]
struct Filter {
    field: Option<String>,
    value: Value,
    /// As it was given; one that no store knows fits nothing.
    condition: String,
}

#[derive(Clone, Debug)]
struct Order {
    field: Option<String>,
    direction: Option<String>,
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

impl Criteria {
    /// Reads the parameter `searchCriteria`, which must be there; empty asks for everything.
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Fault> {
        let [criteria] = call.require(["searchCriteria"])?;
        Self::of(criteria)
    }

    /// Reads the parameter `searchCriteria`, which may be left out.
    pub(super) fn given(call: &Call<'_>) -> Result<Self, Fault> {
        let criteria = call.parameter("searchCriteria");
        criteria.map_or_else(|| Ok(Self::default()), Self::of)
    }

    /// Refuses a filter by a field that is neither listed nor in any of the rows: for resources whose fields are attributes, of which `id` is
    /// none. An order by one counts for nothing.
    pub(super) fn among(self, known: &[&str], rows: &[Value]) -> Result<Self, Fault> {
        for filter in self.groups.iter().flatten() {
            let field = filter.field.as_deref();
            let is_attribute = |field: &str| {
                known.contains(&field)
                    || field != "id" && rows.iter().any(|row| is_known(row, field))
            };
            if !field.is_some_and(is_attribute) {
                let values = [Value::from(field)];
                return Err(Fault::with(400, sentence::INVALID_ATTRIBUTE, values));
            }
        }
        Ok(self)
    }

    /// Fails on a filter or order by what is no column of the table: for resources that are rows of one. `more` are names that the resource
    /// has beside its columns.
    pub(super) fn within(self, table: &str, more: &[&str]) -> Result<Self, Failure> {
        let columns = COLUMNS.get(table).copied().unwrap_or_default();
        let has =
            |field: &str| more.contains(&field) || columns.split(' ').any(|column| column == field);
        let filters = self.groups.iter().flatten().map(|filter| &filter.field);
        let orders = self.orders.iter().map(|order| &order.field);
        // An order by nothing counts for nothing, a filter by nothing does not.
        for field in filters.chain(orders.filter(|field| field.is_some())) {
            let field = field.as_deref().unwrap_or_default();
            if !has(field) {
                let sentence = sentence::UNKNOWN_COLUMN.replace("%1", field);
                return Err(Failure::Internal(sentence));
            }
        }
        Ok(self)
    }

    /// The criteria that a service makes itself.
    pub(super) fn equal(field: &str, value: impl Into<Value>) -> Self {
        let filter = Filter {
            field: Some(field.to_owned()),
            value: value.into(),
            condition: "eq".to_owned(),
        };
        Self {
            groups: vec![vec![filter]],
            ..Self::default()
        }
    }

    fn of(criteria: &Value) -> Result<Self, Fault> {
        let group = |group: &Value| {
            let filters = group.get("filters").unwrap_or(&Value::Null);
            entries(filters).into_iter().map(Filter::read).collect()
        };
        Ok(Self {
            groups: entries(either(criteria, "filter_groups", "filterGroups"))
                .into_iter()
                .map(group)
                .collect(),
            orders: entries(either(criteria, "sort_orders", "sortOrders"))
                .into_iter()
                .map(Order::read)
                .collect::<Result<_, _>>()?,
            page_size: count(criteria, ["page_size", "pageSize"])?,
            current_page: count(criteria, ["current_page", "currentPage"])?,
        })
    }

    /// The rows that fit, on the page that was asked for, with the criteria and the number of all that fit. A page past the last is empty
    /// (measured 2.4.7-p3).
    pub(super) fn answer(&self, rows: Vec<Value>) -> Value {
        let mut found: Vec<Value> = rows.into_iter().filter(|row| self.fits(row)).collect();
        found.sort_by(|left, right| self.compare(left, right));
        let total = found.len();
        // A page of less than nothing has one row, a page of nothing has all.
        if let Some(size) = self.page_size.filter(|size| *size != 0) {
            let size = usize::try_from(size).unwrap_or(1);
            let asked = self
                .current_page
                .and_then(|page| usize::try_from(page).ok());
            let page = asked.unwrap_or(1).max(1);
            found = found
                .into_iter()
                .skip((page - 1).saturating_mul(size))
                .take(size)
                .collect();
        }
        json!({"items": found, "search_criteria": self.echo(), "total_count": total})
    }

    fn fits(&self, row: &Value) -> bool {
        self.groups
            .iter()
            .all(|group| group.is_empty() || group.iter().any(|filter| filter.fits(row)))
    }

    fn compare(&self, left: &Value, right: &Value) -> Ordering {
        for order in &self.orders {
            let field = order.field.as_deref().unwrap_or_default();
            let first = |row| values(row, field).into_iter().next();
            let found = match (first(left), first(right)) {
                (Some(left), Some(right)) => compare(&left, &right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            };
            if found.is_ne() {
                return match order.direction.as_deref() {
                    Some("ASC") => found,
                    _ => found.reverse(),
                };
            }
        }
        Ordering::Equal
    }

    fn echo(&self) -> Value {
        let mut echo = Map::new();
        let groups = self.groups.iter().map(|group| {
            let filters: Vec<Value> = group.iter().map(Filter::echo).collect();
            json!({"filters": filters})
        });
        echo.insert("filter_groups".to_owned(), groups.collect());
        if !self.orders.is_empty() {
            let orders = self
                .orders
                .iter()
                .map(|order| json!({"field": order.field, "direction": order.direction}));
            echo.insert("sort_orders".to_owned(), orders.collect());
        }
        let numbers = [
            ("page_size", self.page_size),
            ("current_page", self.current_page),
        ];
        for (name, number) in numbers {
            echo.extend(number.map(|number| (name.to_owned(), json!(number))));
        }
        Value::Object(echo)
    }
}

fn either<'v>(value: &'v Value, snake: &str, camel: &str) -> &'v Value {
    value
        .get(snake)
        .or_else(|| value.get(camel))
        .unwrap_or(&Value::Null)
}

/// A number under the first of two names that is there.
fn count(criteria: &Value, names: [&str; 2]) -> Result<Option<i64>, Fault> {
    let mut given = names
        .into_iter()
        .filter_map(|name| Some((name, criteria.get(name).filter(|value| !value.is_null())?)));
    given
        .next()
        .map(|(name, value)| integer(value).map_err(|fault| fault.during(name)))
        .transpose()
}

impl Order {
    fn read(value: &Value) -> Result<Self, Fault> {
        let text = |name: &str| {
            let value = value.get(name).filter(|value| !value.is_null());
            value.and_then(plain)
        };
        let direction = text("direction").map(|direction| direction.to_ascii_uppercase());
        if direction
            .as_deref()
            .is_some_and(|word| !matches!(word, "ASC" | "DESC"))
        {
            let words = [Value::from("ASC"), Value::from("DESC")];
            return Err(Fault::with(400, sentence::DIRECTION, words));
        }
        let field = text("field");
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if let Some(field) = field.as_deref().filter(|field| !field.chars().all(fits)) {
            let values = [Value::from(field)];
            return Err(Fault::with(400, sentence::RESTRICTED_SYMBOLS, values));
        }
        Ok(Self { field, direction })
    }
}

impl Filter {
    fn read(value: &Value) -> Self {
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

    fn echo(&self) -> Value {
        json!({"field": self.field, "value": self.value, "condition_type": self.condition})
    }

    fn fits(&self, row: &Value) -> bool {
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
fn values(row: &Value, field: &str) -> Vec<String> {
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
fn is_known(row: &Value, field: &str) -> bool {
    row.get(field).is_some() || !values(row, field).is_empty()
}

/// As numbers when both are, else as text without regard to case.
fn compare(left: &str, right: &str) -> Ordering {
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
