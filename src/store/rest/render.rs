//! JSON and XML as stores write them, and which of the two an `Accept` header asks for (docs/protocol/errors.md#rest).

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde_json::{Number, Value};

/// What a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Format {
    /// `application/json; charset=utf-8`
    Json,
    /// `application/xml; charset=utf-8`
    Xml,
}

/// Media types that a format is offered under, in the order in which they are tried.
const OFFERS: [(&str, Format); 5] = [
    ("*/*", Format::Json),
    ("application/json", Format::Json),
    ("text/xml", Format::Xml),
    ("application/xml", Format::Xml),
    ("application/xhtml+xml", Format::Xml),
];

impl Format {
    /// The format that an `Accept` header asks for; none when it names only types that nobody renders. A missing, empty or unreadable
    /// header asks for JSON.
    pub(in crate::store) fn asked(accept: Option<&str>) -> Option<Self> {
        let accepted = accepted_types(accept.unwrap_or_default());
        if accepted.is_empty() {
            return Some(Self::Json);
        }
        accepted.iter().find_map(|asked| {
            OFFERS
                .iter()
                .find(|(offered, _)| matches_offer(asked, offered))
                .map(|(_, format)| *format)
        })
    }

    /// The content type.
    pub(in crate::store) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "application/xml; charset=utf-8",
        }
    }

    /// The body for a value.
    pub(in crate::store) fn render(self, value: &Value) -> String {
        match self {
            Self::Json => json(value),
            Self::Xml => xml(value),
        }
    }
}

/// The types of a list, best first; equal weights keep their order. The weight is what stands behind `=` in the first parameter, whatever
/// its name.
fn accepted_types(header: &str) -> Vec<&str> {
    let mut types: Vec<(&str, &str)> = header
        .split(',')
        .filter_map(|piece| {
            let mut parts = piece.split(';');
            let name = parts.next()?.trim();
            let weight = parts
                .next()
                .and_then(|first| first.split_once('='))
                .map(|(_, weight)| weight)
                .filter(|weight| !weight.contains('='));
            is_media_range(name).then_some((name, weight.unwrap_or("1.0")))
        })
        .collect();
    types.sort_by(|(_, left), (_, right)| by_weight(right, left));
    types.into_iter().map(|(name, _)| name).collect()
}

/// Two weights as PHP orders the keys of an array: as numbers when both are, else as text.
fn by_weight(left: &str, right: &str) -> Ordering {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        _ => left.cmp(right),
    }
}

/// What counts as a media type: `garbage` does, `text/html level` does not and is passed over.
fn is_media_range(name: &str) -> bool {
    let fits = |part: &str, more: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || more.contains(letter);
        !part.is_empty() && part.chars().all(known)
    };
    match name.split_once('/') {
        None => fits(name, "*+-"),
        Some((kind, rest)) => fits(kind, "*+-") && fits(rest, "*+-."),
    }
}

fn matches_offer(asked: &str, offered: &str) -> bool {
    if asked == offered {
        return true;
    }
    asked
        .strip_suffix("/*")
        .is_some_and(|kind| kind != "*" && offered.split('/').next() == Some(kind))
}

/// JSON as PHP encodes it: slashes escaped, everything but ASCII as `\uXXXX`.
pub(in crate::store) fn json(value: &Value) -> String {
    let mut output = String::new();
    write_json(&mut output, value);
    output
}

fn write_json(output: &mut String, value: &Value) {
    match value {
        Value::Null => output.push_str("null"),
        Value::Bool(flag) => output.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => output.push_str(&php_number(number)),
        Value::String(text) => write_json_text(output, text),
        Value::Array(items) => {
            output.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    output.push(',');
                }
                write_json(output, item);
            }
            output.push(']');
        }
        // PHP tells no empty object from an empty list.
        Value::Object(fields) if fields.is_empty() => output.push_str("[]"),
        Value::Object(fields) => {
            output.push('{');
            for (place, (name, field)) in fields.iter().enumerate() {
                if place > 0 {
                    output.push(',');
                }
                write_json_text(output, name);
                output.push(':');
                write_json(output, field);
            }
            output.push('}');
        }
    }
}

/// A number without a zero fraction.
fn php_number(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn write_json_text(output: &mut String, text: &str) {
    output.push('"');
    for letter in text.chars() {
        match letter {
            '"' => output.push_str("\\\""),
            '\\' => output.push_str("\\\\"),
            '/' => output.push_str("\\/"),
            '\u{8}' => output.push_str("\\b"),
            '\u{c}' => output.push_str("\\f"),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            ' '..='~' => output.push(letter),
            _ => {
                let mut units = [0_u16; 2];
                for unit in letter.encode_utf16(&mut units) {
                    write!(output, "\\u{unit:04x}").expect("writing to a string cannot fail");
                }
            }
        }
    }
    output.push('"');
}

/// XML with `response` as root, `item` for list entries, two blanks of indentation and a trailing newline.
fn xml(value: &Value) -> String {
    let mut output = String::from("<?xml version=\"1.0\"?>\n");
    write_xml(&mut output, "response", value, 0);
    output
}

fn write_xml(output: &mut String, name: &str, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    let children: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| ("item".to_owned(), item)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (element_name(name), field))
            .collect(),
        // Nothing is an element with nothing in it, an empty text one that is closed at once (measured 2.4.7-p3).
        Value::Null => {
            writeln!(output, "{indent}<{name}></{name}>").expect("writing to a string cannot fail");
            return;
        }
        Value::String(text) if text.is_empty() => Vec::new(),
        scalar => {
            let text = match scalar {
                Value::String(text) => xml_text(text),
                Value::Number(number) => php_number(number),
                other => other.to_string(),
            };
            writeln!(output, "{indent}<{name}>{text}</{name}>")
                .expect("writing to a string cannot fail");
            return;
        }
    };
    if children.is_empty() {
        writeln!(output, "{indent}<{name}/>").expect("writing to a string cannot fail");
        return;
    }
    writeln!(output, "{indent}<{name}>").expect("writing to a string cannot fail");
    for (child, field) in children {
        write_xml(output, &child, field, depth + 1);
    }
    writeln!(output, "{indent}</{name}>").expect("writing to a string cannot fail");
}

/// A field's name as an element: what XML does not allow becomes `_`, a leading digit makes it an `item_…`.
fn element_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.') {
                letter
            } else {
                '_'
            }
        })
        .collect();
    if clean.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        clean
    } else {
        format!("item_{clean}")
    }
}

fn xml_text(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '\r' => "&#13;".to_owned(),
            '\t' | '\n' => letter.to_string(),
            control if control < ' ' => "?".to_owned(),
            other => other.to_string(),
        })
        .collect()
}
