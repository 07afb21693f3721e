//! What a proxy writes down: HAR and JSON lines, both redacted.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::Failure;
use crate::doctor::{Diagnosis, ReceivedRequest};
use crate::wire::redact;

/// The files that are written.
pub(super) struct Recorder {
    har: Option<File>,
    ndjson: Option<File>,
    entries: usize,
}

/// Characters of an answer that are kept.
const KEPT: usize = 8_192;

impl Recorder {
    pub(super) fn new(har: Option<&Path>, ndjson: Option<&Path>) -> Result<Self, Failure> {
        let mut recorder = Self {
            har: har.map(create).transpose()?,
            ndjson: ndjson.map(create).transpose()?,
            entries: 0,
        };
        let version = env!("CARGO_PKG_VERSION");
        recorder.write_har(&format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"magespec\",\"version\":\"{version}\"}},\"entries\":["));
        Ok(recorder)
    }

    pub(super) fn add(&mut self, request: &ReceivedRequest, diagnosis: Option<&Diagnosis>) {
        let entry = har_entry(request, diagnosis);
        let comma = if self.entries > 0 { "," } else { "" };
        self.write_har(&format!("{comma}\n{entry}"));
        self.entries += 1;
        if let Some(file) = &mut self.ndjson {
            // A full disk must not stop the proxy.
            let _ = writeln!(file, "{}", line(request, diagnosis));
        }
    }

    /// Ends the HAR.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.write_har("\n]}}\n");
        let mut files = self.har.iter().chain(&self.ndjson);
        files
            .try_for_each(File::sync_all)
            .map_err(|error| Failure::usage(format_args!("cannot write the record: {error}")))
    }

    fn write_har(&mut self, text: &str) {
        if let Some(file) = &mut self.har {
            let _ = file.write_all(text.as_bytes());
        }
    }
}

fn create(path: &Path) -> Result<File, Failure> {
    File::create(path).map_err(|error| {
        Failure::usage(format_args!(
            "cannot write `{}`: {error}; choose a file in an existing folder",
            path.display()
        ))
    })
}

fn answer(request: &ReceivedRequest) -> (u16, String) {
    let response = request.response.clone().unwrap_or_default();
    let body: String = response.body.chars().take(KEPT).collect();
    (response.status, redact(&body))
}

fn line(request: &ReceivedRequest, diagnosis: Option<&Diagnosis>) -> Value {
    let (status, answer) = answer(request);
    json!({
        "method": request.method,
        "scheme": request.scheme,
        "host": request.host,
        "uri": redact(&request.target),
        "authorization": request.authorization.as_deref().map(authorization),
        "content_type": request.content_type,
        "headers": agent(request),
        "body": redact(&String::from_utf8_lossy(&request.body)),
        "received": request.received,
        "status": status,
        "answer": answer,
        "verdict": diagnosis.map(|one| one.verdict.name()),
        "headline": diagnosis.map(Diagnosis::headline),
    })
}

/// What tells the client.
fn agent(request: &ReceivedRequest) -> Vec<(&str, &str)> {
    request
        .header("user-agent")
        .map(|agent| ("user-agent", agent))
        .into_iter()
        .collect()
}

/// A header's value without what opens anything.
fn authorization(value: &str) -> String {
    let field = redact(&format!("Authorization: {value}"));
    field
        .strip_prefix("Authorization: ")
        .unwrap_or(&field)
        .to_owned()
}

fn har_entry(request: &ReceivedRequest, diagnosis: Option<&Diagnosis>) -> Value {
    let (status, answer) = answer(request);
    let started = request
        .received
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let headers: Vec<Value> = request
        .headers
        .iter()
        .map(|(name, value)| {
            let field = redact(&format!("{name}: {value}"));
            let (name, value) = field.split_once(": ").unwrap_or((name, ""));
            json!({"name": name, "value": value})
        })
        .collect();
    let scheme = request.scheme.as_deref().unwrap_or("http");
    let body = redact(&String::from_utf8_lossy(&request.body));
    let post = (!body.is_empty()).then(
        || json!({"mimeType": request.content_type.clone().unwrap_or_default(), "text": body}),
    );
    json!({
        "startedDateTime": started.map(|time| time.to_string()).unwrap_or_default(),
        "time": 0,
        "request": {
            "method": request.method,
            "url": redact(&format!("{scheme}://{}{}", request.host, request.target)),
            "httpVersion": "HTTP/1.1",
            "cookies": [], "queryString": [],
            "headers": headers,
            "headersSize": -1, "bodySize": request.body.len(),
            "postData": post,
        },
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
            "content": {"size": answer.len(), "mimeType": "", "text": answer},
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
        },
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": diagnosis.map(Diagnosis::headline).unwrap_or_default(),
    })
}
