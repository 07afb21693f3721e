//! Signed requests against a server over kept connections: rate, latency, errors.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;

use crate::oauth::{Request as SignedRequest, SignatureMethod, SignedHeader, SigningKey};
use crate::random::{self, SystemEntropy};
use crate::time::{Clock as _, SystemClock};
use crate::wire::{Channel, Client, Error, Headers, Origin, Request, Timeouts, redact};

use super::super::credentials::Credentials;
use super::super::output::{Format, print};
use super::{Args, Exit, Failure, arguments, progress};

/// Characters of an answer that an error shows.
const SHOWN: usize = 160;

/// What every connection needs.
struct Load {
    origin: Origin,
    target: String,
    client: Client,
    credentials: Credentials,
    key: SigningKey,
    profile: &'static crate::oauth::Profile,
    method: SignatureMethod,
    requests: u64,
    time: Duration,
    interval: Option<Duration>,
    begun: Instant,
    next: AtomicU64,
}

/// What came of the requests.
#[derive(Default)]
pub(super) struct Tally {
    /// Seconds of each good answer.
    pub(super) latencies: Vec<f64>,
    /// What went wrong, and how often.
    pub(super) errors: BTreeMap<String, u64>,
}

/// A finished measurement.
pub(super) struct Measured {
    pub(super) url: String,
    pub(super) connections: u16,
    pub(super) seconds: f64,
    pub(super) tally: Tally,
}

pub(super) fn run(args: &Args, url: &str, credentials: &Path) -> Result<Exit, Failure> {
    let (origin, target) = Origin::split(url).map_err(Failure::usage)?;
    let credentials = Credentials::read(credentials)?;
    let client = Client::new(&args.trust.trust(), Timeouts::default()).map_err(Failure::usage)?;
    let client = client.through(arguments::proxies()?);
    let load = Load {
        key: SigningKey::new(
            &credentials.consumer_secret,
            &credentials.access_token_secret,
        ),
        origin,
        target,
        client,
        credentials,
        profile: args.profile,
        method: args
            .signature_method
            .first()
            .copied()
            .unwrap_or(SignatureMethod::HmacSha256),
        requests: args.requests,
        time: Duration::from_secs_f64(args.duration.unwrap_or(10.0)),
        interval: args.rate.map(|rate| Duration::from_secs_f64(1.0 / rate)),
        begun: Instant::now(),
        next: AtomicU64::new(0),
    };
    let runtime = arguments::runtime()?;
    let measured = runtime.block_on(async {
        load.probe().await?;
        Ok::<_, Failure>(load.measure(args.connections, url).await)
    })?;
    print(match args.format {
        Format::Pretty => pretty(&measured),
        Format::Json => document(&measured),
    });
    Ok(if measured.tally.errors.is_empty() {
        Exit::Success
    } else {
        Exit::NotConformant
    })
}

impl Load {
    /// One request first: what is refused or not there is not worth measuring.
    async fn probe(&self) -> Result<(), Failure> {
        let request = self.signed().map_err(Failure::usage)?;
        let response = self
            .client
            .send(&self.origin, &request)
            .await
            .map_err(|error| Failure::new(Exit::Unreachable, error))?;
        if (200..300).contains(&response.status) {
            return Ok(());
        }
        let said: String = redact(&response.text()).chars().take(SHOWN).collect();
        Err(Failure::new(
            Exit::NotConformant,
            format_args!(
                "nothing was measured, for the first signed request is answered {}: {}; check the credentials, the URL and --profile",
                response.status,
                said.escape_debug()
            ),
        ))
    }

    async fn measure(mut self, connections: u16, url: &str) -> Measured {
        self.begun = Instant::now();
        let load = Arc::new(self);
        let bar = progress(load.requests);
        let mut tasks: JoinSet<Tally> = (0..connections)
            .map(|_| {
                let (load, bar) = (Arc::clone(&load), bar.clone());
                async move { load.connection(|| bar.inc(1)).await }
            })
            .collect();
        let interrupted = arguments::told_to_stop();
        let mut interrupted = std::pin::pin!(interrupted);
        let mut tally = Tally::default();
        let mut stopping = false;
        while !tasks.is_empty() {
            tokio::select! {
                () = &mut interrupted, if !stopping => {
                    // No further request begins; what was answered still counts.
                    stopping = true;
                    load.next.store(load.requests, Ordering::Relaxed);
                }
                Some(one) = tasks.join_next() => match one {
                    Ok(one) => tally.add(one),
                    Err(_) => tally.fail("a connection's task broke off".to_owned()),
                },
            }
        }
        bar.finish_and_clear();
        Measured {
            url: url.to_owned(),
            connections,
            seconds: load.begun.elapsed().as_secs_f64(),
            tally,
        }
    }

    /// Sends one request after the other until time or number is used up.
    async fn connection(&self, done: impl Fn()) -> Tally {
        let mut tally = Tally::default();
        let mut channel: Option<Channel> = None;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.requests || self.begun.elapsed() >= self.time {
                return tally;
            }
            let due = self.due(number);
            if due > self.begun + self.time {
                return tally;
            }
            tokio::time::sleep_until(due.into()).await;
            // Without a rate a request is due when the one before is answered.
            let due = if self.interval.is_some() {
                due
            } else {
                Instant::now()
            };
            match self.one(&mut channel).await {
                Ok(200..300) => tally.latencies.push(due.elapsed().as_secs_f64()),
                Ok(status) => tally.fail(format!("answered {status}")),
                Err(sentence) => {
                    channel = None;
                    tally.fail(sentence);
                    // A server that is down is not hammered.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            done();
        }
    }

    fn due(&self, number: u64) -> Instant {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.interval
            .and_then(|interval| interval.checked_mul(number))
            .map_or(self.begun, |offset| self.begun + offset)
    }

    async fn one(&self, kept: &mut Option<Channel>) -> Result<u16, String> {
        let sentence = |error: Error| error.to_string();
        if let Some(channel) = kept.take() {
            match self.over(channel, kept).await? {
                // A kept connection may be closed by the server at any time; that is no fault, and a new one gets the request.
                Err(Error::Closed { received: 0, .. }) => {}
                other => return other.map_err(sentence),
            }
        }
        let channel = self.client.connect(&self.origin).await.map_err(sentence)?;
        self.over(channel, kept).await?.map_err(sentence)
    }

    /// Sends a request over `channel` and keeps it in `kept` when it can carry another. The outer error is that it cannot be signed.
    async fn over(
        &self,
        mut channel: Channel,
        kept: &mut Option<Channel>,
    ) -> Result<Result<u16, Error>, String> {
        let request = self.signed()?;
        Ok(match channel.send(&request).await {
            Err(error) => Err(error),
            Ok(response) => {
                if channel.is_reusable() {
                    *kept = Some(channel);
                }
                Ok(response.status)
            }
        })
    }

    fn signed(&self) -> Result<Request, String> {
        let nonce = random::value(&SystemEntropy);
        let signer = SignedHeader {
            dialect: self.profile.dialect,
            method: self.method,
            consumer_key: &self.credentials.consumer_key,
            token: Some(&self.credentials.access_token),
            key: &self.key,
            verifier: None,
            nonce: &nonce,
            timestamp: SystemClock.now(),
        };
        let host = self.origin.authority();
        let authorization = signer
            .authorization(&SignedRequest {
                method: "GET",
                scheme: self.origin.scheme.name(),
                host: &host,
                target: &self.target,
                ..SignedRequest::default()
            })
            .map_err(|error| format!("the request cannot be signed: {error}"))?;
        Ok(Request {
            method: "GET".to_owned(),
            target: self.target.clone(),
            headers: Headers::from_iter([
                ("Host", host.as_str()),
                ("Accept", "application/json"),
                ("Authorization", authorization.as_str()),
            ]),
            body: Vec::new(),
        })
    }
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
    }

    fn fail(&mut self, kind: String) {
        *self.errors.entry(kind).or_default() += 1;
    }

    fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }
}

impl Measured {
    /// Good answers per second.
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    fn rate(&self) -> f64 {
        self.tally.latencies.len() as f64 / self.seconds.max(f64::MIN_POSITIVE)
    }

    /// Milliseconds within which 50, 90 and 99 of a hundred good answers came; none without one.
    fn percentiles(&self) -> Option<[f64; 3]> {
        let mut sorted = self.tally.latencies.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let rank = |hundredths: usize| sorted[((last + 1) * hundredths).div_ceil(100) - 1] * 1000.0;
        Some([rank(50), rank(90), rank(99)])
    }
}

fn pretty(measured: &Measured) -> String {
    let good = measured.tally.latencies.len();
    let latency = measured.percentiles().map_or_else(
        || "no good answer".to_owned(),
        |[p50, p90, p99]| format!("p50 {p50:.2} ms, p90 {p90:.2} ms, p99 {p99:.2} ms"),
    );
    let mut text = format!(
        "GET {}\n  answers  {good} good, {} errors, in {:.2} s over {} connections\n  rate     {:.1}/s\n  latency  {latency}\n",
        measured.url,
        measured.tally.error_count(),
        measured.seconds,
        measured.connections,
        measured.rate(),
    );
    for (kind, count) in &measured.tally.errors {
        writeln!(text, "  {count:>8} × {kind}").expect("a string takes every text");
    }
    text
}

fn document(measured: &Measured) -> String {
    let thousandth = |number: f64| (number * 1000.0).round() / 1000.0;
    let percentiles = measured.percentiles();
    let at = |place: usize| percentiles.map(|all| thousandth(all[place]));
    let document = json!({
        "schema": "magespec-bench/1",
        "url": measured.url,
        "requests": measured.tally.latencies.len() as u64 + measured.tally.error_count(),
        "connections": measured.connections,
        "seconds": thousandth(measured.seconds),
        "rate": thousandth(measured.rate()),
        "p50_ms": at(0),
        "p90_ms": at(1),
        "p99_ms": at(2),
        "errors": measured.tally.error_count(),
        "error_kinds": measured.tally.errors,
    });
    format!("{document:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(latencies: Vec<f64>) -> Measured {
        Measured {
            url: "http://shop.example/x".to_owned(),
            connections: 4,
            seconds: 2.0,
            tally: Tally {
                latencies,
                errors: BTreeMap::from([("answered 503".to_owned(), 3)]),
            },
        }
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let hundred = (1..=100).rev().map(|n| f64::from(n) / 1000.0).collect();
        let rounded = measured(hundred)
            .percentiles()
            .map(|all| all.map(f64::round));
        assert_eq!(rounded, Some([50.0, 90.0, 99.0]));
        assert_eq!(measured(vec![0.25]).percentiles(), Some([250.0; 3]));
        assert_eq!(measured(Vec::new()).percentiles(), None);
    }

    #[test]
    fn a_measurement_reads_well() {
        assert_eq!(
            pretty(&measured(vec![0.001, 0.002, 0.003, 0.004])),
            "GET http://shop.example/x\n  answers  4 good, 3 errors, in 2.00 s over 4 connections\n  rate     2.0/s\n  latency  p50 2.00 ms, p90 4.00 ms, p99 4.00 ms\n         3 × answered 503\n"
        );
    }
}
