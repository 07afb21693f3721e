//! Reports: pure functions of the events of a run. None knows the runner, none prints.

mod causes;
mod colour;
mod curl;
mod difference;
mod formats;
mod html;
mod junit;
mod lines;
mod matrix;
mod matrix_markdown;
mod pretty;
mod summary;
mod tally;
mod timeline;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::str::FromStr;

use crate::conformance::{CaseReport, Event, Report};
use crate::text::{did_you_mean, visible};

pub use curl::curl;
pub use matrix::{Matrix, MatrixFormat, Row};
pub use pretty::Pretty;

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a person.
    Pretty,
    /// One JSON object.
    Json,
    /// One event a line.
    Ndjson,
    /// JUnit XML.
    Junit,
    /// TAP version 14.
    Tap,
    /// Annotations of a code host.
    Github,
    /// A badge as SVG.
    Badge,
    /// One self-contained page.
    Html,
    /// Markdown for the summary of a job.
    Summary,
}

impl Format {
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 9] = [
        ("pretty", Self::Pretty),
        ("json", Self::Json),
        ("ndjson", Self::Ndjson),
        ("junit", Self::Junit),
        ("tap", Self::Tap),
        ("github", Self::Github),
        ("badge", Self::Badge),
        ("html", Self::Html),
        ("summary", Self::Summary),
    ];

    /// The whole report of these events, without colours.
    #[must_use]
    pub fn render(self, events: &[Event]) -> String {
        match self {
            Self::Pretty => {
                let mut pretty = Pretty::new(true);
                let text: String = events.iter().map(|event| pretty.take(event)).collect();
                anstream::adapter::strip_str(&text).to_string()
            }
            Self::Json => json(events),
            Self::Junit => of_report(events, junit::junit),
            Self::Tap => of_report(events, formats::tap),
            Self::Github => of_report(events, formats::github),
            Self::Badge => of_report(events, formats::badge),
            Self::Html => html::html(events, &BTreeMap::new()),
            Self::Summary => of_report(events, summary::summary),
            Self::Ndjson => events.iter().fold(String::new(), |mut text, event| {
                let _ = writeln!(text, "{}", ndjson_line(event));
                text
            }),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            let meant = did_you_mean(name, names.iter().copied());
            format!(
                "there is no report kind `{name}`{meant}; choose one of {}",
                names.join(", ")
            )
        })
    }
}

/// The page of [`Format::Html`] with the sentences of these requirements beside their ids.
#[must_use]
pub fn html_with(events: &[Event], requirements: &BTreeMap<String, String>) -> String {
    html::html(events, requirements)
}

/// A format of the whole report; empty when the run never began.
fn of_report(events: &[Event], write: fn(&Report) -> String) -> String {
    Report::of(events).as_ref().map(write).unwrap_or_default()
}

/// The whole report as JSON.
fn json(events: &[Event]) -> String {
    let report = Report::of(events);
    let mut text =
        serde_json::to_string_pretty(&report).expect("a report is made of texts and numbers");
    text.push('\n');
    visible::json(text)
}

/// Why a case ended as it did, in one sentence that begins with what the baseline says of it.
fn why(case: &CaseReport) -> String {
    let found = if case.expected.is_empty() {
        case.reason.clone()
    } else {
        format!("expected {}, got {}", case.expected, case.actual)
    };
    let known = case.known.as_ref().map(|known| match tally::stale(case) {
        Some(sentence) => sentence,
        None => format!("known failure: {}", known.reason),
    });
    let mut parts: Vec<String> = known.into_iter().collect();
    parts.extend((!found.is_empty()).then_some(found));
    parts.join("; ")
}

/// One event as a line of NDJSON, without the line end.
#[must_use]
pub fn ndjson_line(event: &Event) -> String {
    visible::json(serde_json::to_string(event).expect("an event is made of texts and numbers"))
}
