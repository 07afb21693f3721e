//! JSON with the place of every name and value. `serde_json` decides what is JSON; this only walks what it accepted.

use crate::text::{Excerpt, Span};

/// A JSON value with spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: JsonValue,
}

/// What a JSON value is.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonValue {
    /// `null`, a number, `true` or `false`.
    Plain,
    /// A string.
    String(Excerpt),
    /// An array.
    Array(Vec<Json>),
    /// Names with their places, and values, in order.
    Object(Vec<(Excerpt, Span, Json)>),
}

/// Bytes of one text that are read at most.
const MAX_BYTES: usize = 1024 * 1024;
/// Values inside each other, as PHP has it.
const MAX_DEPTH: usize = 512;

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// Where.
    pub span: Span,
    /// What was expected, in the parser's words.
    pub message: String,
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is no JSON, or breaks a limit.
    pub fn parse(text: &Excerpt) -> Result<Self, JsonFault> {
        if text.len() > MAX_BYTES {
            let message = format!(
                "it is larger than the {} MiB that are read",
                MAX_BYTES >> 20
            );
            return Err(JsonFault {
                span: Span::default(),
                message,
            });
        }
        if let Some(at) = too_deep(text) {
            return Err(JsonFault {
                span: Span::new(at, at + 1),
                message: format!("values are nested deeper than {MAX_DEPTH}"),
            });
        }
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            return Err(fault(text, &error));
        }
        let mut walker = Walker { text, at: 0 };
        Ok(walker.value())
    }

    /// The member of this name and where the name stands.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<(Span, &Self)> {
        let JsonValue::Object(members) = &self.value else {
            return None;
        };
        members
            .iter()
            .rev()
            .find(|(known, _, _)| *known == *name)
            .map(|(_, span, value)| (*span, value))
    }

    /// The members of an object; none of anything else.
    pub fn members(&self) -> impl Iterator<Item = (&Excerpt, Span, &Self)> + Clone {
        let members = match &self.value {
            JsonValue::Object(members) => members.as_slice(),
            _ => &[],
        };
        members
            .iter()
            .map(|(name, span, value)| (name, *span, value))
    }

    /// The items of an array; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.value {
            JsonValue::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn excerpt(&self) -> Option<Excerpt> {
        match &self.value {
            JsonValue::String(text) => Some(text.clone()),
            _ => None,
        }
    }
}

/// The first bracket that opens more values than are read.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    text.bytes().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

fn fault(text: &str, error: &serde_json::Error) -> JsonFault {
    let line_start = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let mut at = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let width = text[at..].chars().next().map_or(0, char::len_utf8);
    let message = error.to_string();
    let message = message
        .split_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    JsonFault {
        span: Span::new(at, at + width),
        message: message.to_owned(),
    }
}

struct Walker<'text> {
    text: &'text Excerpt,
    at: usize,
}

impl Walker<'_> {
    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte` if it is next, after blanks.
    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    fn value(&mut self) -> Json {
        self.blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => JsonValue::String(self.string().0),
            Some(b'[') => JsonValue::Array(self.array()),
            Some(b'{') => JsonValue::Object(self.object()),
            _ => {
                let rest = &self.text[self.at..];
                self.at += rest
                    .find(|letter: char| {
                        matches!(letter, ',' | ']' | '}') || letter.is_whitespace()
                    })
                    .unwrap_or(rest.len());
                JsonValue::Plain
            }
        };
        Json {
            span: Span::new(start, self.at),
            value,
        }
    }

    /// A string, and the span between its quotes.
    fn string(&mut self) -> (Excerpt, Span) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += match byte {
                b'"' => break,
                b'\\' => 2,
                _ => 1,
            };
        }
        self.at = (self.at + 1).min(self.text.len());
        let span = Span::new(start + 1, self.at - 1);
        let text = if self.text[span.range()].contains('\\') {
            let text: String = serde_json::from_str(&self.text[start..self.at]).unwrap_or_default();
            text.into()
        } else {
            self.text.part(span)
        };
        (text, span)
    }

    fn array(&mut self) -> Vec<Json> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.take(b']') && self.at < self.text.len() {
            items.push(self.value());
            self.take(b',');
        }
        items
    }

    fn object(&mut self) -> Vec<(Excerpt, Span, Json)> {
        let mut members = Vec::new();
        self.at += 1;
        while !self.take(b'}') && self.at < self.text.len() {
            let (name, span) = self.string();
            self.take(b':');
            members.push((name, span, self.value()));
            self.take(b',');
        }
        members
    }
}
