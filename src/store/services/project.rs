//! The query parameter `fields`, which keeps the named fields of an answer: `items[sku,name],total_count` (the published guide
//! "Filter for custom fields").

use serde_json::{Map, Value};

/// Levels of brackets; a list nested deeper is taken for malformed.
const DEEPEST: usize = 32;

/// Names with what is kept below them; nothing below means all.
type Tree = Vec<(String, Option<Branch>)>;

struct Branch(Tree);

/// Keeps of `value` what `fields` names, in the order of the list; a list of rows is filtered row by row. A malformed list keeps nothing.
pub(super) fn project(value: Value, fields: &str) -> Value {
    match parse(fields) {
        Some(tree) => kept(value, &tree),
        None => Value::Array(Vec::new()),
    }
}

fn parse(text: &str) -> Option<Tree> {
    let mut open: Vec<Tree> = vec![Vec::new()];
    let mut name = String::new();
    for letter in text.chars().chain([',']) {
        match letter {
            '[' => {
                if name.is_empty() || open.len() > DEEPEST {
                    return None;
                }
                open.last_mut()?.push((std::mem::take(&mut name), None));
                open.push(Vec::new());
            }
            ',' | ']' => {
                let level = open.last_mut()?;
                if !name.is_empty() {
                    level.push((std::mem::take(&mut name), None));
                }
                if letter == ']' {
                    let done = open.pop()?;
                    open.last_mut()?.last_mut()?.1 = Some(Branch(done));
                }
            }
            other => name.push(other),
        }
    }
    let tree = open.pop()?;
    (open.is_empty() && !tree.is_empty()).then_some(tree)
}

fn kept(value: Value, tree: &Tree) -> Value {
    match value {
        Value::Array(rows) => rows.into_iter().map(|row| kept(row, tree)).collect(),
        Value::Object(mut fields) => {
            let mut result = Map::new();
            for (name, below) in tree {
                if let Some(field) = fields.remove(name) {
                    let field = match below {
                        Some(Branch(below)) => kept(field, below),
                        None => field,
                    };
                    result.insert(name.clone(), field);
                }
            }
            Value::Object(result)
        }
        scalar => scalar,
    }
}
