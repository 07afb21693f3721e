use std::time::Duration;

use super::{Error, Origin, Response, redact};

/// Bytes of a body that are kept.
const MOST_BODY: usize = 16 * 1024;

/// What went over the wire in one request, as text for a report: redacted when it is recorded, bytes that are not UTF-8 shown as U+FFFD, long
/// bodies cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The origin, such as `http://127.0.0.1:8080`.
    pub peer: String,
    /// Request line, fields, empty line, body.
    pub request: String,
    /// Status line, fields, empty line, body; or the sentence that says why there is none.
    pub response: String,
    /// From the start of the connection to the last byte of the answer.
    pub elapsed: Duration,
}

impl Exchange {
    /// Records a request's bytes and what came of it.
    #[must_use]
    pub fn record(
        origin: &Origin,
        request: &[u8],
        outcome: &Result<Response, Error>,
        elapsed: Duration,
    ) -> Self {
        let response = match outcome {
            Ok(response) => rendered(response),
            Err(error) => format!("({error})"),
        };
        Self {
            peer: origin.to_string(),
            request: redact(&cut(request)),
            response,
            elapsed,
        }
    }
}

fn rendered(response: &Response) -> String {
    let mut text = format!("HTTP/1.1 {}\r\n", response.status);
    for (name, value) in response.headers.iter() {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(&cut(&response.body));
    redact(&text)
}

fn cut(bytes: &[u8]) -> String {
    let kept = &bytes[..bytes.len().min(MOST_BODY)];
    let mut text = String::from_utf8_lossy(kept).into_owned();
    if kept.len() < bytes.len() {
        text.push_str("… (");
        text.push_str(&(bytes.len() - kept.len()).to_string());
        text.push_str(" bytes more)");
    }
    text
}
