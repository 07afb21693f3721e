//! `magespec doctor [FILE|-]`: why a signed request is refused, proven, and what a sentence of a store means.

mod page;

use std::io::{BufReader, IsTerminal as _, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::doctor::{self, Diagnosis, Keyring, KeyringEntry, ReceivedRequest, Verdict, sentence};
use crate::oauth::Profile;
use crate::store;

use super::arguments::{self, SecretArgs};
use super::output::{Format, print, say, show};
use super::{Exit, Failure, keyring};

/// Say why a signed request is refused, and prove it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec doctor request.http --credentials integration.toml
  magespec doctor recorded.har --secrets secrets.toml --profile magento-2.4.8
  pbpaste | MAGESPEC_CONSUMER_SECRET=… MAGESPEC_TOKEN_SECRET=… magespec doctor -
  magespec doctor --method GET --url 'https://shop.example/rest/V1/orders' --header 'Authorization: OAuth …'
  magespec doctor --sentence 'The signature is invalid. Verify and try again.'
  magespec doctor --serve 127.0.0.1:8090

Input is a raw HTTP request (with its answer, if you like), a curl line, what curl -v prints, a HAR, a Postman collection, a Bruno file, or
JSON: one object per line with method, scheme, host, uri, authorization and, where there are, label, content_type and body. A curl line is
read and never run. Secrets: a file in TOML or JSON with consumer_key, consumer_secret, access_token and access_token_secret, one integration
or a list; what `serve` and its control API write is understood as well. No secret is printed.
The verdict speaks of the signature and its method for the profile, not of nonce, clock or permission.
Exit code: 0 when every request is right for the profile, 1 when a mistake is proven or the profile refuses one, 2 when the input cannot be
read, 3 when it cannot be told for want of a secret.")]
pub(super) struct Args {
    /// File with requests; - reads standard input
    input: Option<PathBuf>,
    /// Method of a request that is given by flags
    #[arg(long, requires = "url", help_heading = "Request")]
    method: Option<String>,
    /// Absolute URL of a request that is given by flags
    #[arg(long, conflicts_with = "input", help_heading = "Request")]
    url: Option<String>,
    /// Header field, `Name: value`; may be repeated
    #[arg(long, value_name = "FIELD", requires = "url", help_heading = "Request")]
    header: Vec<String>,
    /// Body
    #[arg(long, value_name = "TEXT", requires = "url", help_heading = "Request")]
    body: Option<String>,
    /// Say what a sentence, an answer or a log line of a store means
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["input", "url"])]
    sentence: Option<String>,
    /// Serve a page on this machine, where requests are pasted
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8090", value_parser = arguments::address, conflicts_with_all = ["input", "url", "sentence"])]
    serve: Option<SocketAddr>,
    #[command(flatten)]
    own: SecretArgs,
    /// File with the secrets of several consumers and tokens
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_SECRETS",
        help_heading = "Secrets"
    )]
    secrets: Option<PathBuf>,
    /// Credentials file of an activated integration
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_CREDENTIALS",
        help_heading = "Secrets"
    )]
    credentials: Option<PathBuf>,
    /// How a raw request came in
    #[arg(long, value_parser = ["http", "https"], env = "MAGESPEC_SCHEME")]
    scheme: Option<String>,
    /// The profile of which the verdict speaks
    #[arg(
        long,
        value_name = "NAME",
        default_value = "magento-2.4.7",
        value_parser = arguments::profile,
        env = "MAGESPEC_PROFILE"
    )]
    profile: &'static Profile,
    /// Print text or JSON
    #[arg(long, value_enum, default_value_t, env = "MAGESPEC_FORMAT")]
    format: Format,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(text) = &args.sentence {
        return explained(text, args.format);
    }
    let keyring = keyring(args)?;
    if let Some(address) = args.serve {
        return page::serve(address, &keyring, args.profile);
    }
    let mut printer = Printer::new(args.format);
    let mut number = 0;
    let mut take = |mut request: ReceivedRequest| {
        number += 1;
        if request.scheme.is_none() {
            request.scheme.clone_from(&args.scheme);
        }
        let diagnosis = examined(number, &request, &keyring, args.profile);
        printer.print(&diagnosis);
    };
    let name = args.input.as_deref().unwrap_or(Path::new("-"));
    let read = match &args.url {
        Some(url) => given(args, url).map(take),
        None => doctor::read_each(BufReader::new(input(name)?), &mut take),
    };
    printer.finish();
    read.map_err(|error| {
        Failure::usage(format_args!("cannot read `{}`: {error}", name.display()))
    })?;
    Ok(printer.exit())
}

/// A diagnosis, with what the route needs when the signature is right and the store refused.
pub(super) fn examined(
    number: usize,
    request: &ReceivedRequest,
    keyring: &Keyring,
    profile: &'static Profile,
) -> Diagnosis {
    let mut diagnosis = doctor::examine(number, request, keyring, profile);
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    let refused = request
        .response
        .as_ref()
        .is_some_and(|answer| matches!(answer.status, 401 | 403));
    if diagnosis.verdict == Verdict::Right
        && (refused || request.response.is_none())
        && let Some(resources) = store::resources_of_route(&request.method, path)
    {
        diagnosis
            .notes
            .push(format!("the route needs {}", resources.join(" and ")));
    }
    diagnosis
}

/// The request that the flags give.
fn given(args: &Args, url: &str) -> Result<ReceivedRequest, doctor::InputError> {
    let fields: Vec<(&str, &str)> = args
        .header
        .iter()
        .map(|field| field.split_once(':').unwrap_or((field, "")))
        .collect();
    let method = args.method.as_deref().unwrap_or("GET");
    doctor::request_of(
        method,
        url,
        &fields,
        args.body.as_deref().unwrap_or_default(),
    )
}

/// Prints each diagnosis as it comes, and counts.
struct Printer {
    format: Format,
    counts: [usize; Verdict::ALL.len()],
}

impl Printer {
    const fn new(format: Format) -> Self {
        Self {
            format,
            counts: [0; Verdict::ALL.len()],
        }
    }

    fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    fn print(&mut self, diagnosis: &Diagnosis) {
        let first = self.count() == 0;
        match self.format {
            Format::Pretty if first => show(doctor::pretty_one(diagnosis)),
            Format::Pretty => show(format_args!("\n{}", doctor::pretty_one(diagnosis))),
            Format::Json => {
                let before = if first { HEAD } else { ",\n" };
                let element = format!("{:#}", doctor::json_one(diagnosis));
                let indented: Vec<String> =
                    element.lines().map(|line| format!("    {line}")).collect();
                print(format_args!("{before}{}", indented.join("\n")));
            }
        }
        let at = Verdict::ALL
            .iter()
            .position(|verdict| *verdict == diagnosis.verdict);
        self.counts[at.unwrap_or_default()] += 1;
    }

    fn finish(&self) {
        let named = Verdict::ALL.into_iter().zip(self.counts);
        match self.format {
            Format::Json => {
                let summary: serde_json::Map<String, Value> = named
                    .map(|(verdict, count)| (verdict.name().to_owned(), json!(count)))
                    .collect();
                let head = if self.count() == 0 { HEAD } else { "" };
                say(format_args!(
                    "{head}\n  ],\n  \"summary\": {}\n}}",
                    Value::Object(summary)
                ));
            }
            Format::Pretty => print(doctor::summary(&self.counts)),
        }
    }

    fn exit(&self) -> Exit {
        let some = |wanted: Verdict| {
            Verdict::ALL
                .into_iter()
                .zip(self.counts)
                .any(|(verdict, count)| verdict == wanted && count > 0)
        };
        if some(Verdict::Unknown) || some(Verdict::Mistake) || some(Verdict::Refused) {
            Exit::NotConformant
        } else if some(Verdict::Undecidable) {
            Exit::Incomplete
        } else {
            Exit::Success
        }
    }
}

const HEAD: &str = "{\n  \"schema\": \"magespec-doctor/1\",\n  \"requests\": [\n";

fn explained(text: &str, format: Format) -> Result<Exit, Failure> {
    let found = sentence::find(text);
    if found.is_empty() {
        return Err(Failure::usage(
            "no sentence of a store is like this text; `magespec list sentences` prints all",
        ));
    }
    match format {
        Format::Pretty => {
            let pages: Vec<String> = found.iter().map(|sentence| sentence.page()).collect();
            show(pages.join("\n"));
        }
        Format::Json => {
            let sentences: Vec<Value> = found
                .iter()
                .map(|sentence| {
                    json!({"id": sentence.id, "sentence": sentence.text, "said_by": sentence.surface.name(), "status": sentence.status, "meaning": sentence.meaning, "causes": sentence.causes})
                })
                .collect();
            say(format_args!(
                "{:#}",
                json!({"schema": "magespec-doctor/1", "sentences": sentences})
            ));
        }
    }
    Ok(Exit::Success)
}

/// What a command reads its requests from.
pub(super) fn input(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            anstream::eprintln!("reading a signed request from the terminal; end it with Ctrl-D");
        }
        return Ok(Box::new(std::io::stdin()));
    }
    match std::fs::File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(Failure::usage(format_args!(
            "cannot read `{}`: {error}; give a file with a signed request, or - for standard input",
            path.display()
        ))),
    }
}

fn keyring(args: &Args) -> Result<Keyring, Failure> {
    let mut entries = Vec::new();
    if let Some(consumer_secret) = args.own.consumer_secret()? {
        entries.push(KeyringEntry {
            consumer_key: None,
            consumer_secret,
            token: None,
            token_secret: args.own.token_secret()?,
        });
    }
    for file in args.credentials.iter().chain(&args.secrets) {
        entries.extend(keyring::read(file)?.iter().map(keyring::Known::entry));
    }
    Ok(Keyring::new(entries))
}
