//! `magespec proxy --upstream URL`: a recording reverse proxy on this machine that judges each signed request.

mod record;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::doctor::{Keyring, ReceivedRequest, ReceivedResponse};
use crate::oauth::Profile;
use crate::time::{Clock as _, SystemClock};
use crate::wire::server::{self, Limits};
use crate::wire::{Client, Headers, Origin, Request, Response, Timeouts};

use super::arguments::{self, TrustArgs};
use super::output::{say, write_private};
use super::{Exit, Failure, keyring};
use record::Recorder;

/// Forward requests to a store, record them, and say of each signed one why it is refused.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec proxy --upstream https://shop.example --credentials integrations.json --har recorded.har
  magespec proxy --upstream http://127.0.0.1:8080 --listen 127.0.0.1:8081 --ndjson recorded.ndjson

Method, target, header fields and body are forwarded as they came (names of fields in lower case); `Host` stays what the client sent. What is
recorded is redacted; `doctor` and `migrate` read it.")]
pub(super) struct Args {
    /// Base URL of the store, without a path
    #[arg(long, value_name = "URL", env = "MAGESPEC_UPSTREAM")]
    upstream: String,
    /// Address to listen on; this machine's alone
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081",
        value_parser = arguments::address,
        env = "MAGESPEC_PROXY_LISTEN"
    )]
    listen: SocketAddr,
    /// Secrets of the integrations that call
    #[arg(long, value_name = "FILE", env = "MAGESPEC_CREDENTIALS")]
    credentials: Vec<PathBuf>,
    /// The profile of which the verdict speaks
    #[arg(long, value_name = "NAME", default_value = "magento-2.4.7", value_parser = arguments::profile, env = "MAGESPEC_PROFILE")]
    profile: &'static Profile,
    /// Record as HAR, whole once the proxy is stopped
    #[arg(long, value_name = "FILE")]
    har: Option<PathBuf>,
    /// Record as JSON, one request a line
    #[arg(long, value_name = "FILE")]
    ndjson: Option<PathBuf>,
    /// File that gets the address as JSON, once listening
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
}

/// What every request needs.
struct Proxy {
    origin: Origin,
    client: Client,
    keyring: Keyring,
    profile: &'static Profile,
    recorder: Mutex<Recorder>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let (origin, target) = Origin::split(&args.upstream).map_err(Failure::usage)?;
    if target != "/" {
        return Err(Failure::usage(format_args!(
            "`{}` has a path; the path is signed, so it is forwarded as it comes: give scheme and host alone",
            args.upstream
        )));
    }
    if !args.listen.ip().is_loopback() {
        return Err(Failure::usage(
            "the proxy sees credentials, so it listens on this machine alone: give a loopback address such as 127.0.0.1:8081",
        ));
    }
    let mut entries = Vec::new();
    for file in &args.credentials {
        entries.extend(keyring::read(file)?.iter().map(keyring::Known::entry));
    }
    let proxy = Arc::new(Proxy {
        client: Client::new(
            &args.trust.trust(),
            Timeouts {
                answer: Duration::from_mins(2),
                ..Timeouts::default()
            },
        )
        .map_err(Failure::usage)?,
        origin,
        keyring: Keyring::new(entries),
        profile: args.profile,
        recorder: Mutex::new(Recorder::new(args.har.as_deref(), args.ndjson.as_deref())?),
    });
    let listener = server::bind(args.listen).map_err(Failure::usage)?;
    arguments::runtime()?.block_on(async {
        let local = listener.local();
        let answering = Arc::clone(&proxy);
        let running = server::spawn(listener, Limits::default(), None, move |request, _| {
            let proxy = Arc::clone(&answering);
            async move { proxy.answer(request).await }
        });
        say(format_args!(
            "listening on http://{local}  upstream {}",
            proxy.origin
        ));
        if let Some(file) = &args.ready_file {
            let ready = serde_json::json!({"url": format!("http://{local}/")});
            write_private("the ready file", file, &format!("{ready}\n"))?;
        }
        arguments::told_to_stop().await;
        running.stop().await;
        let mut recorder = proxy
            .recorder
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        recorder.finish().map(|()| Exit::Success)
    })
}

/// The fields that are not about one connection: how a body is framed, and how long a connection is kept, is each side's own affair.
fn end_to_end(headers: &Headers) -> Headers {
    const OF_ONE_CONNECTION: [&str; 4] = [
        "connection",
        "content-length",
        "keep-alive",
        "transfer-encoding",
    ];
    let is_kept = |name: &str| {
        !OF_ONE_CONNECTION
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
    };
    headers.iter().filter(|(name, _)| is_kept(name)).collect()
}

impl Proxy {
    async fn answer(self: Arc<Self>, mut request: Request) -> Response {
        let sent = request.clone();
        request.headers = end_to_end(&request.headers);
        let outcome = self.client.send(&self.origin, &request).await;
        let response = match outcome {
            Ok(mut response) => {
                response.headers = end_to_end(&response.headers);
                response
            }
            Err(error) => Response::new(
                502,
                "text/plain; charset=utf-8",
                format!("The store behind the proxy did not answer: {error}\n"),
            ),
        };
        let answered = response.clone();
        // To look for a mistake takes milliseconds of computing.
        let judged = tokio::task::spawn_blocking(move || self.judge(&sent, &answered));
        drop(judged.await);
        response
    }

    fn judge(&self, request: &Request, response: &Response) {
        let received = self.received(request, response);
        let signed = received
            .authorization
            .as_deref()
            .is_some_and(|header| header.to_ascii_lowercase().contains("oauth"))
            || received.target.contains("oauth_signature=");
        let diagnosis =
            signed.then(|| super::doctor::examined(1, &received, &self.keyring, self.profile));
        let path = received.target.split('?').next().unwrap_or_default();
        let verdict = diagnosis.as_ref().map_or_else(
            || "not signed".to_owned(),
            |one| format!("{}: {}", one.verdict.name(), one.headline()),
        );
        let path: String = path
            .chars()
            .filter(|letter| !letter.is_control())
            .take(200)
            .collect();
        say(format_args!(
            "{} {path}  {}  {verdict}",
            received.method, response.status
        ));
        for one in diagnosis
            .iter()
            .flat_map(|diagnosis| &diagnosis.explanations)
        {
            say(format_args!("  fix  {}", one.fix));
        }
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        recorder.add(&received, diagnosis.as_ref());
    }

    fn received(&self, request: &Request, response: &Response) -> ReceivedRequest {
        let field = |name: &str| request.headers.first(name).map(str::to_owned);
        let oauth = request
            .headers
            .all("authorization")
            .find(|value| value.to_ascii_lowercase().contains("oauth "));
        ReceivedRequest {
            method: request.method.clone(),
            // What the store sees.
            scheme: Some(self.origin.scheme.name().to_owned()),
            host: field("host").unwrap_or_default(),
            target: request.target.clone(),
            authorization: oauth.map(str::to_owned).or_else(|| field("authorization")),
            content_type: field("content-type"),
            body: request.body.clone(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            received: Some(SystemClock.now().0),
            response: Some(ReceivedResponse {
                status: response.status,
                body: response.text(),
            }),
            ..ReceivedRequest::default()
        }
    }
}
