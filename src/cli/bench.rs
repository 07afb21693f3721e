//! `magespec bench`: verification throughput in this process, or latency and rate of signed requests against a server.

mod local;
mod remote;

use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::oauth::sample::Shape;
use crate::oauth::{Dialect, Profile, SignatureMethod};

use super::arguments::{self, TrustArgs};
use super::output::{Format, print};
use super::{CountAllocations, Exit, Failure};

/// Measure verifications in this process, or with URL signed requests against a server.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec bench
  magespec bench --shape small-get --dialect laminas --signature-method HMAC-SHA256 --duration 2
  magespec bench https://shop.example/rest/V1/store/storeViews --credentials integration.toml --rate 50 --duration 30
  magespec bench http://127.0.0.1:8080/rest/V1/store/storeViews --credentials integration.toml --requests 10000 --connections 8 --format json

Without URL nothing is sent: each row verifies 256 signed requests in turn, beside a bare HMAC over the same base strings with a cached key,
and counts heap allocations if it was built to. With URL, signed GET requests go over kept connections; with --rate the latency counts from the moment at
which a request was due. Only measure a server that is yours.")]
pub(super) struct Args {
    /// Where to send signed GET requests
    #[arg(requires = "credentials")]
    url: Option<String>,
    /// Credentials file of an activated integration
    #[arg(
        long,
        value_name = "FILE",
        requires = "url",
        env = "MAGESPEC_CREDENTIALS"
    )]
    credentials: Option<PathBuf>,
    /// Requests per second at most (as fast as the answers come when left out)
    #[arg(long, value_name = "N", requires = "url", value_parser = rate, env = "MAGESPEC_BENCH_RATE")]
    rate: Option<f64>,
    /// Seconds to measure (6 in this process, 10 against a server)
    #[arg(long, value_name = "SECONDS", value_parser = seconds, env = "MAGESPEC_BENCH_DURATION")]
    duration: Option<f64>,
    /// Requests to send at most
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100_000,
        value_parser = clap::value_parser!(u64).range(1..),
        env = "MAGESPEC_BENCH_REQUESTS"
    )]
    requests: u64,
    /// Connections at a time
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4,
        value_parser = clap::value_parser!(u16).range(1..=1024),
        env = "MAGESPEC_BENCH_CONNECTIONS"
    )]
    connections: u16,
    /// Whose base string to build for a server
    #[arg(
        long,
        value_name = "NAME",
        default_value = "magento-2.4.7",
        value_parser = arguments::profile,
        env = "MAGESPEC_PROFILE"
    )]
    profile: &'static Profile,
    /// Shape to verify (small-get, form-post, search-get, search-get-raw); may be repeated, the first three when left out
    #[arg(long, value_name = "SHAPE", value_parser = shape, conflicts_with = "url")]
    shape: Vec<Shape>,
    /// Dialect to verify; may be repeated, all when left out
    #[arg(long, value_name = "DIALECT", value_parser = dialect, conflicts_with = "url")]
    dialect: Vec<Dialect>,
    /// Signature method; may be repeated, both when left out (against a server the first, HMAC-SHA256 when left out)
    #[arg(
        long,
        value_name = "METHOD",
        value_parser = arguments::signature_method
    )]
    signature_method: Vec<SignatureMethod>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
    #[command(flatten)]
    trust: TrustArgs,
}

pub(super) fn run(args: &Args, allocations: CountAllocations) -> Result<Exit, Failure> {
    match (&args.url, &args.credentials) {
        (Some(url), Some(credentials)) => remote::run(args, url, credentials),
        _ => throughput(args, allocations),
    }
}

fn throughput(args: &Args, allocations: CountAllocations) -> Result<Exit, Failure> {
    let plan = local::Plan {
        shapes: or_all(&args.shape, &Shape::ALL[..3]),
        dialects: or_all(&args.dialect, &Dialect::ALL),
        methods: or_all(&args.signature_method, &SignatureMethod::ALL),
        time: Duration::from_secs_f64(args.duration.unwrap_or(6.0)),
    };
    let bar = progress(plan.rows() as u64);
    let measurement = local::measure(&plan, allocations, || bar.inc(1))
        .map_err(|error| Failure::new(Exit::Harness, error))?;
    bar.finish_and_clear();
    print(match args.format {
        Format::Pretty => local::pretty(&measurement),
        Format::Json => local::json(&measurement),
    });
    Ok(Exit::Success)
}

/// A bar on stderr that a pipe does not see.
fn progress(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let style = ProgressStyle::with_template("measuring {wide_bar} {pos}/{len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}

fn or_all<T: Copy>(chosen: &[T], all: &[T]) -> Vec<T> {
    if chosen.is_empty() { all } else { chosen }.to_vec()
}

fn shape(name: &str) -> Result<Shape, String> {
    Shape::ALL
        .into_iter()
        .find(|shape| shape.name() == name)
        .ok_or_else(|| format!("expected one of {}", Shape::ALL.map(Shape::name).join(", ")))
}

fn dialect(name: &str) -> Result<Dialect, String> {
    name.parse::<Dialect>().map_err(|_| {
        let names = Dialect::ALL.map(Dialect::name);
        format!("expected one of {}", names.join(", "))
    })
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.01..=86_400.0).contains(seconds))
        .ok_or_else(|| "expected seconds from 0.01 to 86400".to_owned())
}

fn rate(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|rate| (0.01..=1_000_000.0).contains(rate))
        .ok_or_else(|| "expected a number of requests per second from 0.01 to 1000000".to_owned())
}
