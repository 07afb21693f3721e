//! The query parameter `fields`, which keeps the named fields of an answer: `items[sku,name],total_count` (the published guide
//! "Filter for custom fields"; corners measured on 2.4.7-p3).

use serde_json::{Map, Value};

/// Levels of brackets; a list nested deeper is taken for malformed.
const DEEPEST: usize = 32;

/// Names with what is kept below them; nothing below means all.
type Tree = Vec<(String, Option<Branch>)>;

#[derive(Clone)]
struct Branch(Tree);

/// Keeps of `value` what `fields` names, in the order of the value; a list of rows is filtered row by row. A list that is malformed keeps
/// nothing. None when `value` holds scalars where rows are looked for: real stores break there.
pub(super) fn project(value: Value, fields: &Value) -> Option<Value> {
    let tree = fields.as_str().and_then(parse);
    match tree {
        Some(tree) if value.is_array() || value.is_object() => kept(value, &tree),
        Some(_) => None,
        None => Some(Value::Array(Vec::new())),
    }
}

fn parse(text: &str) -> Option<Tree> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_[],".contains(letter);
    if text.is_empty() || !text.chars().all(fits) {
        return None;
    }
    let mut open: Vec<Tree> = Vec::new();
    let mut parents: Vec<String> = Vec::new();
    let mut current = Tree::new();
    let (mut name, mut last) = (String::new(), String::new());
    for letter in text.chars() {
        if !"[],".contains(letter) {
            name.push(letter);
            continue;
        }
        if !name.is_empty() {
            last = std::mem::take(&mut name);
            current.push((last.clone(), None));
        }
        match letter {
            '[' => {
                if open.len() >= DEEPEST {
                    return None;
                }
                parents.push(last.clone());
                open.push(std::mem::take(&mut current));
            }
            ']' => {
                let below = std::mem::replace(&mut current, open.pop().unwrap_or_default());
                current.push((parents.pop().unwrap_or_default(), Some(Branch(below))));
            }
            _ => {}
        }
    }
    if !name.is_empty() {
        current.push((name, None));
    }
    open.is_empty().then_some(current)
}

/// What is kept of rows or of one; an empty list has none at all.
fn kept(value: Value, tree: &Tree) -> Option<Value> {
    match value {
        Value::Array(rows) if rows.is_empty() => Some(Value::Null),
        Value::Array(rows) => rows
            .into_iter()
            .map(|row| kept_of_row(row, tree))
            .collect::<Option<Vec<_>>>()
            .map(Value::Array),
        row => kept_of_row(row, tree),
    }
}

fn kept_of_row(row: Value, tree: &Tree) -> Option<Value> {
    let fields = match row {
        Value::Object(fields) => fields,
        Value::Array(_) => return Some(Value::Array(Vec::new())),
        _ => return None,
    };
    let mut result = Map::new();
    for (name, field) in fields {
        // Of equal names the last one counts.
        let Some((_, below)) = tree.iter().rev().find(|(wanted, _)| *wanted == name) else {
            continue;
        };
        let field = match below {
            Some(Branch(below)) if name == "custom_attributes" => custom_attributes(&field, below),
            Some(Branch(below)) if field.is_array() || field.is_object() => kept(field, below)?,
            _ => field,
        };
        result.insert(name, field);
    }
    Some(Value::Object(result))
}

/// Whole attributes by their codes, or one of their two fields of all.
fn custom_attributes(attributes: &Value, tree: &Tree) -> Value {
    let names = |name: &str| tree.iter().any(|(wanted, _)| wanted == name);
    let mut result = Vec::new();
    for attribute in attributes.as_array().into_iter().flatten() {
        let whole = attribute["attribute_code"].as_str().is_some_and(names);
        let mut row = Map::new();
        for part in ["attribute_code", "value"] {
            if whole || names(part) {
                row.insert(part.to_owned(), attribute[part].clone());
            }
        }
        if !row.is_empty() {
            result.push(Value::Object(row));
        }
    }
    Value::Array(result)
}
