use serde::Deserialize;

use super::raw;
use crate::oauth::Request;

/// A request as a server received it or a client says it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// What to call it in the output.
    pub label: Option<String>,
    /// Method as sent.
    pub method: String,
    /// `http` or `https`; none when the input does not say.
    pub scheme: Option<String>,
    /// The `Host` header, port included.
    pub host: String,
    /// Path and query as on the request line.
    pub target: String,
    /// The `Authorization` header's value.
    pub authorization: Option<String>,
    /// The `Content-Type` header's value.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// The request as the signature code takes it, seen over `scheme`.
    #[must_use]
    pub fn over<'a>(&'a self, scheme: &'a str) -> Request<'a> {
        Request {
            method: &self.method,
            scheme,
            host: &self.host,
            target: &self.target,
            authorization: self.authorization.as_deref(),
            content_type: self.content_type.as_deref(),
            body: &self.body,
        }
    }
}

/// Why an input is not understood; fits after the name of the input and a colon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// There is nothing.
    #[error("it is empty; expected a raw HTTP request or one JSON object per line")]
    Empty,
    /// A JSON line is not as it should be.
    #[error(
        "line {line}: {reason}; expected an object with `method`, `scheme`, `host`, `uri` and `authorization`"
    )]
    Line {
        /// Line number from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The first line of a raw request is none.
    #[error("`{0}` is no request line; expected `METHOD TARGET HTTP/1.1`")]
    RequestLine(String),
    /// A raw request lacks the field.
    #[error(
        "the request has no `Host` header and its target is no absolute URL; the host is signed, so it must be there"
    )]
    NoHost,
}

#[derive(Deserialize)]
struct Line {
    label: Option<String>,
    case: Option<String>,
    method: String,
    scheme: Option<String>,
    host: String,
    uri: String,
    authorization: Option<String>,
    content_type: Option<String>,
    body: Option<String>,
}

/// Reads requests: what begins with `{` or `[` is JSON (one object, an array, or one object per line), everything else one raw HTTP request.
///
/// # Errors
/// [`InputError`] that says where and what was expected.
pub fn read(input: &[u8]) -> Result<Vec<ReceivedRequest>, InputError> {
    match input.trim_ascii_start().first() {
        None => Err(InputError::Empty),
        Some(b'{' | b'[') => read_json(&String::from_utf8_lossy(input)),
        Some(_) => raw::read(input).map(|request| vec![request]),
    }
}

fn read_json(text: &str) -> Result<Vec<ReceivedRequest>, InputError> {
    let whole: Result<serde_json::Value, _> = serde_json::from_str(text);
    let values = match whole {
        Ok(serde_json::Value::Array(values)) => {
            values.into_iter().map(|value| (1, value)).collect()
        }
        Ok(value) => vec![(1, value)],
        Err(_) => lines(text)?,
    };
    values
        .into_iter()
        .map(|(line, value)| request(line, value))
        .collect()
}

fn lines(text: &str) -> Result<Vec<(usize, serde_json::Value)>, InputError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let value = serde_json::from_str(line).map_err(|error| InputError::Line {
                line: at + 1,
                reason: format!("it is no JSON from column {} on", error.column()),
            })?;
            Ok((at + 1, value))
        })
        .collect()
}

fn request(line: usize, value: serde_json::Value) -> Result<ReceivedRequest, InputError> {
    let wrong = |reason: String| InputError::Line { line, reason };
    let fields: Line = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
    if let Some(scheme) = fields.scheme.as_deref()
        && !matches!(scheme, "http" | "https")
    {
        return Err(wrong(format!(
            "the scheme `{scheme}` is neither http nor https"
        )));
    }
    Ok(ReceivedRequest {
        label: fields.label.or(fields.case),
        method: fields.method,
        scheme: fields.scheme,
        host: fields.host,
        target: fields.uri,
        authorization: fields.authorization,
        content_type: fields.content_type,
        body: fields.body.unwrap_or_default().into_bytes(),
    })
}
