//! `magespec replay REPORT ID`: the recorded exchanges of a case, as lines for a shell or sent again.

mod again;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::conformance::{CaseReport, ExchangeText, Report};
use crate::random::SystemEntropy;
use crate::report::curl;
use crate::time::{Clock as _, SystemClock};
use crate::wire::{Client, Origin, Response, Timeouts};

use self::again::Again;
use super::arguments::{self, TrustArgs};
use super::credentials::Credentials;
use super::output::{Format, say};
use super::reports::read_report;
use super::{Exit, Failure};

/// Print the recorded requests of a case as `curl` lines, or with --send send them again.
///
/// A report holds no secrets. Without --send nothing is sent, and `<…>` or `…` stands where a secret was: a store that remembers nonces refuses
/// a signed request the second time. With --send and the credentials of an active integration every signed REST request gets a fresh nonce and
/// timestamp and is signed afresh over the recorded base string; equal nonces stay equal, a clock that was wrong stays wrong by as much, and a
/// signature that the case spoiled is sent as it was. What cannot be redone is named: token exchanges, which work once, and requests that held
/// a secret. To send those, run `magespec test URL --only ID`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  magespec replay report.json replay/version/wrong/two\n  magespec replay report.json guest/closed/products | sh\n  \
    magespec replay report.json query/tampered --send --credentials integration.toml\n\n\
    Exit code with --send: 0 when every request was sent and answered, 3 when one cannot be redone, 4 when the store does not answer."
)]
pub(super) struct Args {
    /// A report, JSON or NDJSON
    report: PathBuf,
    /// A case of the report
    id: String,
    /// Sends the requests and compares the answers
    #[arg(long)]
    send: bool,
    /// Base URL to send to, instead of that of the report
    #[arg(long, value_name = "URL", requires = "send")]
    target: Option<String>,
    /// Credentials file of an active integration, for signed requests
    #[arg(
        long,
        value_name = "FILE",
        requires = "send",
        env = "MAGESPEC_CREDENTIALS"
    )]
    credentials: Option<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
    /// Seconds that one request may take
    #[arg(long, env = "MAGESPEC_TIMEOUT", value_name = "SECONDS", default_value_t = 20, value_parser = arguments::at_least_one::<u64>)]
    timeout: u64,
    /// How the exchanges are printed
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

/// What became of one recorded exchange.
struct Outcome<'a> {
    recorded: &'a ExchangeText,
    curl: String,
    /// The answer of today, or why there is none; nothing when nothing was to be sent.
    now: Option<Result<String, String>>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let report = read_report(&args.report)?;
    let found = report.cases.iter().find(|case| case.id == args.id);
    let case = found.ok_or_else(|| {
        Failure::usage(format_args!(
            "`{}` has no case `{}`; `magespec list cases` prints every id",
            args.report.display(),
            args.id
        ))
    })?;
    if case.exchanges.is_empty() {
        return Err(Failure::usage(format_args!(
            "the report keeps no exchange of `{}`, which is {}; send it afresh with `magespec test {} --only {}`",
            case.id, case.verdict, report.target.url, case.id
        )));
    }
    let outcomes = if args.send {
        send(args, &report, case)?
    } else {
        let lines = case.exchanges.iter().map(|recorded| Outcome {
            recorded,
            curl: curl(&recorded.request, &report.target.url),
            now: None,
        });
        lines.collect()
    };
    match args.format {
        Format::Json => say(format_args!("{:#}", document(case, &outcomes))),
        Format::Pretty if args.send => tell(case, &outcomes),
        Format::Pretty => {
            for outcome in &outcomes {
                let answer = first_line(&outcome.recorded.response);
                say(format_args!("# answered {answer}\n{}", outcome.curl));
            }
        }
    }
    let undone = |outcome: &Outcome<'_>| matches!(outcome.now, Some(Err(_)));
    Ok(if outcomes.iter().any(undone) {
        Exit::Incomplete
    } else {
        Exit::Success
    })
}

/// Sends every request that can be redone, in their order.
fn send<'a>(
    args: &Args,
    report: &Report,
    case: &'a CaseReport,
) -> Result<Vec<Outcome<'a>>, Failure> {
    let url = args.target.as_deref().unwrap_or(&report.target.url);
    let (origin, _) = Origin::split(url).map_err(Failure::usage)?;
    let credentials = args
        .credentials
        .as_deref()
        .map(Credentials::read)
        .transpose()?;
    let answer = Duration::from_secs(args.timeout);
    let timeouts = Timeouts {
        connect: answer.min(Duration::from_secs(10)),
        answer,
    };
    let client = Client::new(&args.trust.trust(), timeouts).map_err(Failure::usage)?;
    let client = client.through(arguments::proxies()?);
    let runtime = arguments::runtime()?;
    let mut again = Again::new(&case.exchanges, credentials, &report.started);
    let mut outcomes = Vec::new();
    for recorded in &case.exchanges {
        let line = curl(&recorded.request, url);
        let made = again.request(recorded, SystemClock.now().0, &SystemEntropy);
        let now = match made {
            Ok(mut request) => {
                if args.target.is_some() {
                    request.headers.set("Host", origin.authority());
                }
                let answer = runtime
                    .block_on(client.send(&origin, &request))
                    .map_err(|error| Failure::new(Exit::Unreachable, error))?;
                Ok(summary(&answer))
            }
            Err(reason) => Err(reason),
        };
        outcomes.push(Outcome {
            recorded,
            curl: line,
            now: Some(now),
        });
    }
    Ok(outcomes)
}

fn tell(case: &CaseReport, outcomes: &[Outcome<'_>]) {
    say(format_args!("{}  {}", case.id, case.title));
    if !case.expected.is_empty() {
        say(format_args!("expected  {}", case.expected));
        say(format_args!("got       {}", case.actual));
    }
    if !case.reason.is_empty() {
        say(format_args!("reason    {}", case.reason));
    }
    for (at, outcome) in outcomes.iter().enumerate() {
        let then = recorded_summary(&outcome.recorded.response);
        say(format_args!(
            "\n{}  {}\n   then  {then}",
            at + 1,
            first_line(&outcome.recorded.request)
        ));
        match &outcome.now {
            Some(Ok(now)) if *now == then => say("   now   the same"),
            Some(Ok(now)) => say(format_args!("   now   {now}")),
            Some(Err(reason)) => say(format_args!("   now   not sent: {reason}")),
            None => {}
        }
    }
}

fn document(case: &CaseReport, outcomes: &[Outcome<'_>]) -> Value {
    let rows: Value = outcomes
        .iter()
        .map(|outcome| {
            let then = recorded_summary(&outcome.recorded.response);
            let (now, reason) = match &outcome.now {
                Some(Ok(now)) => (Some(now), None),
                Some(Err(reason)) => (None, Some(reason)),
                None => (None, None),
            };
            json!({
                "request": outcome.recorded.request,
                "curl": outcome.curl,
                "then": then,
                "now": now,
                "same": now.map(|now| *now == then),
                "not_sent": reason,
            })
        })
        .collect();
    json!({
        "schema": "magespec-replay/1",
        "id": case.id,
        "title": case.title,
        "verdict": case.verdict,
        "expected": case.expected,
        "actual": case.actual,
        "exchanges": rows,
    })
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Status and the start of the body, on one line, of an answer that has come.
fn summary(answer: &Response) -> String {
    shortened(&format!(
        "{} {}",
        answer.status,
        crate::wire::redact(&answer.text())
    ))
}

/// The same of an answer as a report keeps it.
fn recorded_summary(text: &str) -> String {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let line = first_line(head);
    let status = line.strip_prefix("HTTP/1.1 ").unwrap_or(line);
    let status = status.split(' ').next().unwrap_or_default();
    if line.starts_with('(') {
        return line.to_owned();
    }
    shortened(&format!("{status} {body}"))
}

fn shortened(text: &str) -> String {
    let line = text.replace(['\r', '\n'], " ");
    match line.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", line[..at].trim()),
        None => line.trim().to_owned(),
    }
}
