//! JSON and XML as stores write them, and which of the two an `Accept` header asks for (spec oauth.md §3.3).

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

/// The types of a list, best first; equal weights keep their order. The weight is compared as text, as stores do.
fn accepted_types(header: &str) -> Vec<String> {
    let mut types: Vec<(String, String)> = header
        .split(',')
        .filter_map(|piece| {
            let mut parts = piece.trim().split(';');
            let name = parts.next()?.trim();
            if name.is_empty() {
                return None;
            }
            let weight = parts
                .next()
                .and_then(|first| first.trim().strip_prefix("q="))
                .unwrap_or("1");
            Some((name.to_owned(), weight.trim().to_owned()))
        })
        .collect();
    types.sort_by(|(_, left), (_, right)| right.cmp(left));
    types.into_iter().map(|(name, _)| name).collect()
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
        Value::Null => Vec::new(),
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
