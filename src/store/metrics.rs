//! Numbers for whoever watches a store, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::wire::server::Counters;

use super::Route;

/// What is asked of a store.
const KINDS: [&str; 5] = ["token_request", "token_access", "rest", "panel", "page"];

/// Classes of statuses.
const CLASSES: usize = 5;

/// Upper ends of the times that are told apart, in microseconds and as they are printed in seconds.
const TIMES: [(u64, &str); 7] = [
    (500, "0.0005"),
    (2_000, "0.002"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

/// Answers so far.
#[derive(Debug, Default)]
pub(super) struct Metrics([Kind; KINDS.len()]);

#[derive(Debug, Default)]
struct Kind {
    by_class: [AtomicU64; CLASSES],
    by_time: [AtomicU64; TIMES.len()],
    microseconds: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn count(&self, route: &Route, status: u16, took: Duration) {
        let place = match route {
            Route::TokenRequest => 0,
            Route::TokenAccess => 1,
            Route::Rest(_) => 2,
            Route::Admin(_) => 3,
            Route::GraphQl
            | Route::Soap(_)
            | Route::Version
            | Route::Robots
            | Route::HealthCheck
            | Route::Form
            | Route::Home
            | Route::NotFound => 4,
        };
        let kind = &self.0[place];
        let class = usize::from(status / 100).clamp(1, CLASSES) - 1;
        kind.by_class[class].fetch_add(1, Ordering::Relaxed);
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        kind.microseconds.fetch_add(took, Ordering::Relaxed);
        let slot = TIMES.iter().position(|(end, _)| took <= *end);
        if let Some(slot) = slot {
            kind.by_time[slot].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All of them, with what the server counts and whether the database answers.
    pub(super) fn shown(&self, counters: Option<&Counters>, database: bool) -> String {
        let mut text = String::new();
        let number = |count: &AtomicU64| count.load(Ordering::Relaxed);
        head(
            &mut text,
            "magespec_requests_total",
            "counter",
            "Answers, by what was asked and class of status.",
        );
        for (name, kind) in KINDS.iter().zip(&self.0) {
            for (class, count) in kind.by_class.iter().enumerate() {
                let (class, count) = (class + 1, number(count));
                let _ = writeln!(
                    text,
                    "magespec_requests_total{{kind=\"{name}\",status=\"{class}xx\"}} {count}"
                );
            }
        }
        head(
            &mut text,
            "magespec_request_seconds",
            "histogram",
            "How long answers took.",
        );
        for (name, kind) in KINDS.iter().zip(&self.0) {
            let mut sum = 0;
            for ((_, end), count) in TIMES.iter().zip(&kind.by_time) {
                sum += number(count);
                let _ = writeln!(
                    text,
                    "magespec_request_seconds_bucket{{kind=\"{name}\",le=\"{end}\"}} {sum}"
                );
            }
            let all: u64 = kind.by_class.iter().map(number).sum();
            let micros = number(&kind.microseconds);
            let _ = writeln!(
                text,
                "magespec_request_seconds_bucket{{kind=\"{name}\",le=\"+Inf\"}} {all}\n\
                 magespec_request_seconds_sum{{kind=\"{name}\"}} {}.{:06}\n\
                 magespec_request_seconds_count{{kind=\"{name}\"}} {all}",
                micros / 1_000_000,
                micros % 1_000_000
            );
        }
        let mut single = |name: &str, kind: &str, says: &str, value: u64| {
            head(&mut text, name, kind, says);
            let _ = writeln!(text, "{name} {value}");
        };
        single(
            "magespec_database_up",
            "gauge",
            "Whether the database answers.",
            database.into(),
        );
        if let Some(counters) = counters {
            single(
                "magespec_connections_open",
                "gauge",
                "Connections that are open.",
                counters.open(),
            );
            single(
                "magespec_connections_total",
                "counter",
                "Connections that were accepted.",
                counters.connections(),
            );
            single(
                "magespec_connections_closed_idle_total",
                "counter",
                "Idle connections that were closed to make room.",
                counters.closed_idle(),
            );
            single(
                "magespec_overloaded_total",
                "counter",
                "Requests that were answered 503 because there was too much to do.",
                counters.overloaded(),
            );
        }
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, says: &str) {
    let _ = writeln!(text, "# HELP {name} {says}\n# TYPE {name} {kind}");
}
