//! What a service is given: query, body and path variables as one object (docs/protocol/person-tokens.md and docs/protocol/errors.md#rest).

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value, json};

use crate::text::form;

use super::problem::{Problem, Trace, sentence};

/// Levels of brackets in a name, or of elements in a body; deeper ones are ignored or refused.
const DEEPEST: usize = 64;

/// Fields of a query as PHP's `parse_str` builds them: `a[b][]=1` nests, the last of equal names wins, everything is text.
pub(in crate::store) fn query(text: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form::pairs(text) {
        let (base, brackets) = name.split_once('[').unwrap_or((&name, ""));
        if base.is_empty() {
            continue;
        }
        let base = base.trim_start().replace(['.', ' '], "_");
        let keys: Vec<&str> = brackets
            .split('[')
            .filter_map(|piece| piece.split_once(']').map(|(key, _)| key))
            .take(DEEPEST)
            .collect();
        put(&mut fields, base, &keys, value);
    }
    fields
}

fn put(fields: &mut Map<String, Value>, name: String, keys: &[&str], value: String) {
    let Some((first, rest)) = keys.split_first() else {
        fields.insert(name, Value::String(value));
        return;
    };
    let inner = fields.entry(name).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    let inner = inner.as_object_mut().expect("it was made an object");
    let key = if first.is_empty() {
        inner.len().to_string()
    } else {
        (*first).to_owned()
    };
    put(inner, key, rest, value);
}

/// The fields of a body. An empty one has none, whatever its content type.
pub(in crate::store) fn body(
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Map<String, Value>, Problem> {
    if body.is_empty() || body == b"0" {
        return Ok(Map::new());
    }
    // PHP reads such a body itself and leaves nothing of it.
    if content_type.is_some_and(|header| header.starts_with("multipart/form-data;")) {
        return Ok(Map::new());
    }
    let kind = media_type(content_type)?;
    match kind.as_str() {
        "application/json" => from_json(body),
        "application/xml" | "application/xhtml+xml" | "text/xml" => from_xml(body),
        _ => Err(Problem::untraced(
            400,
            sentence::UNKNOWN_CONTENT_TYPE.replace("%1", &kind),
        )),
    }
}

/// The media type of a `Content-Type` header, whose one permitted parameter is `charset=utf-8`.
fn media_type(header: Option<&str>) -> Result<String, Problem> {
    let header = header.filter(|header| !header.is_empty());
    let header = header.ok_or_else(|| Problem::untraced(400, sentence::NO_CONTENT_TYPE))?;
    let invalid = || Problem::untraced(400, sentence::BAD_CONTENT_TYPE);
    let (kind, parameter) = match header.split_once(';') {
        Some((kind, "")) => (kind, None),
        Some((kind, parameter)) => (kind.trim_end_matches(' '), Some(parameter)),
        None => (header, None),
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "/-+.".contains(letter);
    if kind.is_empty() || !kind.chars().all(fits) {
        return Err(invalid());
    }
    if let Some(parameter) = parameter {
        let parameter = parameter.trim_start_matches(' ').to_ascii_lowercase();
        let charset = parameter.strip_prefix("charset=");
        let charset = charset.filter(|charset| !charset.is_empty());
        if charset.ok_or_else(invalid)?.trim_matches('"') != "utf-8" {
            return Err(Problem::untraced(400, sentence::CHARSET));
        }
    }
    Ok(kind.to_owned())
}

fn from_json(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(Value::Array(items)) => Ok(items
            .into_iter()
            .enumerate()
            .map(|(place, item)| (place.to_string(), item))
            .collect()),
        Ok(scalar) => Ok(Map::from_iter([("0".to_owned(), scalar)])),
        Err(_) => Err(Problem::undecoded(Trace::InJson)),
    }
}

/// An element that has not ended yet.
#[derive(Default)]
struct Open {
    name: String,
    attributes: Map<String, Value>,
    content: Content,
}

/// What stands in an element: children once there is one, else the last text that is not blank.
#[derive(Default)]
enum Content {
    #[default]
    Nothing,
    Text(String),
    Children(Map<String, Value>),
}

/// Children by their names; several of one name are a list. An element with attributes is an object of value and attributes, and one
/// without anything is null. Entities of a DOCTYPE are not resolved (measured 2.4.7-p3).
fn from_xml(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let wrong = || Problem::undecoded(Trace::InXml);
    let text = std::str::from_utf8(body).map_err(|_| wrong())?;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        match reader.read_event().map_err(|_| wrong())? {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(wrong());
                }
                open.push(opened(&start).ok_or_else(wrong)?);
            }
            Event::Empty(start) => {
                let element = opened(&start).ok_or_else(wrong)?;
                match open.last_mut() {
                    Some(parent) => parent.content.add(element.name.clone(), element.value()),
                    None => return Ok(Map::new()),
                }
            }
            Event::Text(piece) => add_text(&mut open, &piece),
            Event::CData(piece) => add_text(&mut open, &piece),
            Event::GeneralRef(reference) => {
                add_text(&mut open, &resolved(&reference).unwrap_or_default());
            }
            Event::End(_) => {
                let element = open.pop().ok_or_else(wrong)?;
                match open.last_mut() {
                    Some(parent) => parent.content.add(element.name.clone(), element.value()),
                    None => return Ok(element.value().as_object().cloned().unwrap_or_default()),
                }
            }
            Event::Eof => return Err(wrong()),
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn opened(start: &quick_xml::events::BytesStart<'_>) -> Option<Open> {
    let mut attributes = Map::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref().to_owned();
        attributes.insert(name, Value::from(attribute.value.as_ref()));
    }
    Some(Open {
        name: start.name().as_ref().to_owned(),
        attributes,
        content: Content::Nothing,
    })
}

fn add_text(open: &mut [Open], piece: &str) {
    let Some(element) = open.last_mut() else {
        return;
    };
    match &mut element.content {
        Content::Text(text) => text.push_str(piece),
        Content::Nothing => element.content = Content::Text(piece.to_owned()),
        Content::Children(_) => {}
    }
}

impl Content {
    fn add(&mut self, name: String, value: Value) {
        if !matches!(self, Self::Children(_)) {
            *self = Self::Children(Map::new());
        }
        let Self::Children(children) = self else {
            return;
        };
        match children.get_mut(&name) {
            None => {
                children.insert(name, value);
            }
            Some(Value::Array(list)) if !value.is_array() => list.push(value),
            Some(old) => {
                let first = old.take();
                *old = Value::Array(vec![first, value]);
            }
        }
    }
}

impl Open {
    fn value(self) -> Value {
        let value = match self.content {
            Content::Nothing => Value::Null,
            Content::Text(text) => Value::String(text),
            Content::Children(children) => Value::Object(children),
        };
        if self.attributes.is_empty() {
            return value;
        }
        json!({"_value": value, "_attribute": self.attributes})
    }
}

fn resolved(reference: &str) -> Option<String> {
    let known = match reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => {
            let digits = reference.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            return char::from_u32(code).map(String::from);
        }
    };
    Some(known.to_owned())
}
