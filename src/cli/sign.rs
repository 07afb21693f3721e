//! `magespec sign METHOD URL`: a signed request as header, base string or curl line, or sent.

use std::path::PathBuf;

use serde_json::json;

use crate::oauth::{
    BaseStringError, Request as SignedRequest, SignedHeader, SigningKey, base_string,
};
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::time::{Clock as _, SystemClock, UnixTime};
use crate::wire::{self, Client, Headers, Origin, Request, Response, Timeouts};

use super::arguments::{self, SecretArgs, SigningArgs, TrustArgs};
use super::output::{Format, say};
use super::{Exit, Failure, keyring};

/// Print, or with --send send, a signed request.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec sign GET 'https://shop.example/rest/V1/store/storeViews' --credentials integration.toml
  magespec sign POST https://shop.example/oauth/token/request --consumer-key KEY --show curl
  magespec sign GET https://shop.example/rest/V1/orders/1 --credentials integration.toml --profile magento-2.4.3 --show base-string
  MAGESPEC_CONSUMER_SECRET=… MAGESPEC_TOKEN_SECRET=… magespec sign GET URL --consumer-key KEY --token TOKEN --send

The credentials file is TOML or JSON with consumer_key, consumer_secret, access_token and access_token_secret; of a list, or of the ready file
of `serve`, the first integration signs. A secret as it stands in the database, or with blanks or quotes around it, is refused. Without the file
the secrets come from files, from MAGESPEC_CONSUMER_SECRET and MAGESPEC_TOKEN_SECRET, or are asked for. The URL is signed and sent exactly as written.
Exit code with --send: 0 for a 2xx answer, 1 for another, 4 when there is none.")]
pub(super) struct Args {
    /// Method, such as GET
    method: String,
    /// Absolute URL
    url: String,
    /// What to print
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_SIGN_SHOW")]
    show: Show,
    /// Send the request and print the answer
    #[arg(long)]
    send: bool,
    /// Credentials file of an activated integration
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["consumer_key", "token"],
        env = "MAGESPEC_CREDENTIALS"
    )]
    credentials: Option<PathBuf>,
    /// Consumer key
    #[arg(long, value_name = "KEY", env = "MAGESPEC_CONSUMER_KEY")]
    consumer_key: Option<String>,
    /// Access or request token
    #[arg(long, value_name = "TOKEN", env = "MAGESPEC_TOKEN")]
    token: Option<String>,
    /// File with the verifier on its first line, for the access token (or MAGESPEC_VERIFIER)
    #[arg(long, value_name = "FILE", env = "MAGESPEC_VERIFIER_FILE")]
    verifier_file: Option<PathBuf>,
    #[command(flatten)]
    secrets: SecretArgs,
    /// Body
    #[arg(long, value_name = "TEXT", conflicts_with = "data_file")]
    data: Option<String>,
    /// File with the body
    #[arg(long, value_name = "FILE")]
    data_file: Option<PathBuf>,
    /// Content type of the body; a form's fields are signed
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Further header field to send, `Name: value`; may be repeated. An `Authorization: Basic …` is sent in one field with OAuth
    #[arg(long, value_name = "FIELD", value_parser = arguments::header_field)]
    header: Vec<(String, String)>,
    #[command(flatten)]
    signing: SigningArgs,
    /// Nonce (a random one when left out)
    #[arg(long, value_name = "TEXT")]
    nonce: Option<String>,
    /// Timestamp in seconds since 1970 (now when left out)
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    timestamp: Option<i64>,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
    #[command(flatten)]
    trust: TrustArgs,
}

/// What to print of a signed request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Show {
    /// The Authorization header's value
    #[default]
    Header,
    /// What the signature is the HMAC of
    BaseString,
    /// A line for the shell
    Curl,
}

/// What signs: the pairs and the key.
struct Identity {
    consumer_key: String,
    token: Option<String>,
    verifier: Option<Secret>,
    key: SigningKey,
}

/// A request with its signature.
struct Signed {
    origin: Origin,
    request: Request,
    authorization: String,
    base_string: String,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let signed = sign(args)?;
    if args.send {
        let response = send(args, &signed)?;
        let exit = match response.status {
            200..300 => Exit::Success,
            _ => Exit::NotConformant,
        };
        match args.format {
            Format::Pretty => say(answer(&response)),
            Format::Json => say(document(args, &signed, Some(&response))),
        }
        return Ok(exit);
    }
    match (args.format, args.show) {
        (Format::Json, _) => say(document(args, &signed, None)),
        (Format::Pretty, Show::Header) => say(&signed.authorization),
        (Format::Pretty, Show::BaseString) => say(&signed.base_string),
        (Format::Pretty, Show::Curl) => say(curl(args, &signed)),
    }
    Ok(Exit::Success)
}

fn sign(args: &Args) -> Result<Signed, Failure> {
    let (origin, target) = Origin::split(&args.url).map_err(Failure::usage)?;
    let token_characters =
        |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    if args.method.is_empty() || !args.method.chars().all(token_characters) {
        return Err(Failure::usage(format_args!(
            "`{}` is no HTTP method; expected a word such as GET",
            args.method
        )));
    }
    let identity = identity(args)?;
    let nonce = args
        .nonce
        .clone()
        .unwrap_or_else(|| random::value(&SystemEntropy));
    let signer = SignedHeader {
        dialect: args.signing.profile.dialect,
        method: args.signing.signature_method,
        consumer_key: &identity.consumer_key,
        token: identity.token.as_deref(),
        key: &identity.key,
        verifier: identity.verifier.as_ref().map(Secret::expose),
        nonce: &nonce,
        timestamp: args.timestamp.map_or_else(|| SystemClock.now(), UnixTime),
    };
    let host = origin.authority();
    let body = body(args)?;
    let content_type = args
        .content_type
        .as_deref()
        .or_else(|| (!body.is_empty()).then_some("application/json"));
    let unsigned = SignedRequest {
        method: &args.method,
        scheme: origin.scheme.name(),
        host: &host,
        target: &target,
        authorization: None,
        content_type,
        body: &body,
    };
    let failed = |error: BaseStringError| {
        Failure::usage(format_args!("the request cannot be signed: {error}"))
    };
    let authorization = signer.authorization(&unsigned).map_err(failed)?;
    let base_string = base_string(
        args.signing.profile.dialect,
        &SignedRequest {
            authorization: Some(&authorization),
            ..unsigned
        },
    )
    .map_err(failed)?;
    let mut headers = Headers::from_iter([("Host", host.as_str())]);
    headers.add("Authorization", one_field(args, &authorization));
    if let Some(content_type) = content_type {
        headers.add("Content-Type", content_type);
    }
    for (name, value) in &args.header {
        if !name.eq_ignore_ascii_case("Authorization") {
            headers.add(name, value);
        }
    }
    if headers.first("Accept").is_none() {
        headers.add("Accept", "application/json");
    }
    Ok(Signed {
        request: Request {
            method: args.method.clone(),
            target,
            headers,
            body,
        },
        origin,
        authorization,
        base_string,
    })
}

/// The credentials of `--header Authorization: …` before those of OAuth, in one field: a second one is not read, or refused.
fn one_field(args: &Args, authorization: &str) -> String {
    let others = args.header.iter();
    let others = others.filter(|(name, _)| name.eq_ignore_ascii_case("Authorization"));
    let mut every: Vec<&str> = others.map(|(_, value)| value.as_str()).collect();
    every.push(authorization);
    every.join(", ")
}

fn identity(args: &Args) -> Result<Identity, Failure> {
    let verifier = arguments::file_or_variable(args.verifier_file.as_deref(), "MAGESPEC_VERIFIER")?;
    if let Some(file) = &args.credentials {
        let known = keyring::read(file)?;
        let first = known.into_iter().next().ok_or_else(|| {
            Failure::usage(format_args!("`{}` holds no integration", file.display()))
        })?;
        let first = first.checked(file)?;
        if first.token.is_none() && !args.url.contains("/oauth/token/request") {
            return Err(Failure::usage(format_args!(
                "`{}` names no access token, and only /oauth/token/request is called without one; add `access_token` and `access_token_secret`",
                file.display()
            )));
        }
        return Ok(Identity {
            key: SigningKey::new(
                &first.consumer_secret,
                &first.token_secret.unwrap_or_default(),
            ),
            consumer_key: first.consumer_key,
            token: first.token,
            verifier,
        });
    }
    let consumer_key = args.consumer_key.clone().ok_or_else(|| {
        Failure::usage("nothing to sign with: give --credentials FILE or --consumer-key KEY")
    })?;
    let consumer_secret = args
        .secrets
        .consumer_secret()?
        .or_else(|| arguments::prompt("Consumer secret"))
        .ok_or_else(|| missing("consumer", "MAGESPEC_CONSUMER_SECRET"))?;
    let token_secret = match &args.token {
        None => Secret::default(),
        Some(_) => args
            .secrets
            .token_secret()?
            .or_else(|| arguments::prompt("Token secret"))
            .ok_or_else(|| missing("token", "MAGESPEC_TOKEN_SECRET"))?,
    };
    keyring::check(&consumer_secret, "consumer", "that was given")?;
    keyring::check(&token_secret, "token", "that was given")?;
    Ok(Identity {
        consumer_key,
        token: args.token.clone(),
        verifier,
        key: SigningKey::new(&consumer_secret, &token_secret),
    })
}

fn missing(whose: &str, variable: &str) -> Failure {
    Failure::usage(format_args!(
        "the {whose} secret is missing: give --{whose}-secret-file FILE or set {variable}"
    ))
}

fn body(args: &Args) -> Result<Vec<u8>, Failure> {
    match (&args.data, &args.data_file) {
        (Some(text), _) => Ok(text.as_bytes().to_vec()),
        (None, None) => Ok(Vec::new()),
        (None, Some(file)) => crate::cli::file::read(file).map_err(|error| {
            Failure::usage(format_args!(
                "cannot read the body from `{}`: {error}; check the path",
                file.display()
            ))
        }),
    }
}

fn send(args: &Args, signed: &Signed) -> Result<Response, Failure> {
    let client = Client::new(&args.trust.trust(), Timeouts::default()).map_err(Failure::usage)?;
    let client = client.through(arguments::proxies()?);
    let runtime = arguments::runtime()?;
    runtime
        .block_on(client.send(&signed.origin, &signed.request))
        .map_err(|error: wire::Error| Failure::new(Exit::Unreachable, error))
}

fn answer(response: &Response) -> String {
    let fields: String = response
        .headers
        .iter()
        .flat_map(|(name, value)| [name, ": ", value, "\n"])
        .collect();
    format!(
        "HTTP/1.1 {}\n{fields}\n{}",
        response.status,
        response.text()
    )
}

fn curl(args: &Args, signed: &Signed) -> String {
    let mut parts = vec![
        "curl --globoff --path-as-is".to_owned(),
        format!("--request {}", quoted(&args.method)),
    ];
    for (name, value) in signed.request.headers.iter() {
        if name != "Host" {
            parts.push(format!("--header {}", quoted(&format!("{name}: {value}"))));
        }
    }
    if !signed.request.body.is_empty() {
        let body = String::from_utf8_lossy(&signed.request.body);
        parts.push(format!("--data-raw {}", quoted(&body)));
    }
    parts.push(quoted(&args.url));
    parts.join(" ")
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn document(args: &Args, signed: &Signed, response: Option<&Response>) -> String {
    let response = response.map(|response| {
        json!({
            "status": response.status,
            "headers": response.headers.iter().collect::<Vec<_>>(),
            "body": response.text(),
        })
    });
    let document = json!({
        "schema": "magespec-sign/1",
        "profile": args.signing.profile.name,
        "method": args.method,
        "url": args.url,
        "authorization": signed.authorization,
        "base_string": signed.base_string,
        "curl": curl(args, signed),
        "response": response,
    });
    format!("{document:#}")
}
