//! `magespec doctor [FILE|-]`: which profiles accept a signed request, and what each dialect signs.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::doctor::{self, Keyring, KeyringEntry, Verdict};
use crate::oauth::Profile;
use crate::secret::Secret;

use super::arguments::{self, SecretArgs};
use super::credentials::{self, Credentials};
use super::output::{Format, print};
use super::{Exit, Failure};

/// Say which profiles accept a signed request, and what each dialect signs.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec doctor request.http --credentials integration.toml
  magespec doctor requests.jsonl --secrets secrets.toml --format json
  pbpaste | MAGESPEC_CONSUMER_SECRET=… MAGESPEC_TOKEN_SECRET=… magespec doctor -

Input is one raw HTTP request, or JSON: one object per line with method, scheme, host, uri, authorization and, where there are, label,
content_type and body. A secrets file is TOML or JSON, a list of consumer_key, consumer_secret and, for a token, token and token_secret;
in TOML each begins with [[secrets]].
A profile's answer speaks of the signature and its method only, not of nonce, clock or permission.
Exit code: 0 when every signature is right for some profile, 1 when one is not, 3 when one cannot be decided.")]
pub(super) struct Args {
    /// File with signed requests; - reads standard input
    #[arg(default_value = "-")]
    input: PathBuf,
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
    /// The profile whose base string is the expected one
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

/// A secrets file: a list, or in TOML the array of tables `secrets`.
#[derive(Deserialize)]
#[serde(untagged)]
enum SecretsFile {
    List(Vec<SecretsEntry>),
    Table { secrets: Vec<SecretsEntry> },
}

#[derive(Deserialize)]
struct SecretsEntry {
    consumer_key: String,
    consumer_secret: String,
    token: Option<String>,
    token_secret: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let keyring = keyring(args)?;
    let mut requests = doctor::read(&input(&args.input)?).map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}",
            args.input.display()
        ))
    })?;
    for request in &mut requests {
        if request.scheme.is_none() {
            request.scheme.clone_from(&args.scheme);
        }
    }
    let diagnoses: Vec<_> = (1..)
        .zip(&requests)
        .map(|(number, request)| doctor::examine(number, request, &keyring, args.profile))
        .collect();
    print(match args.format {
        Format::Pretty => doctor::pretty(&diagnoses),
        Format::Json => doctor::json(&diagnoses),
    });
    let any = |verdict| diagnoses.iter().any(|one| one.verdict == verdict);
    Ok(if any(Verdict::Unknown) {
        Exit::NotConformant
    } else if any(Verdict::Undecidable) {
        Exit::Incomplete
    } else {
        Exit::Success
    })
}

fn input(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            anstream::eprintln!("reading a signed request from the terminal; end it with Ctrl-D");
        }
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}; give a file with a signed request, or - for standard input",
            path.display()
        ))
    })?;
    Ok(bytes)
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
    if let Some(file) = &args.credentials {
        let every = Credentials::read_all(file)?.into_iter();
        entries.extend(every.map(|credentials| KeyringEntry {
            consumer_key: Some(credentials.consumer_key),
            consumer_secret: credentials.consumer_secret,
            token: Some(credentials.access_token),
            token_secret: Some(credentials.access_token_secret),
        }));
    }
    if let Some(file) = &args.secrets {
        entries.extend(secrets(file)?);
    }
    Ok(Keyring::new(entries))
}

fn secrets(path: &Path) -> Result<Vec<KeyringEntry>, Failure> {
    let text = credentials::text_of(path)?;
    let file: SecretsFile = credentials::parse(&text).map_err(|reason| {
        Failure::usage(format_args!(
            "`{}` is no secrets file: {reason}; expected a list of `consumer_key`, `consumer_secret` and, for a token, `token` and `token_secret`, in TOML each under `[[secrets]]`",
            path.display()
        ))
    })?;
    let (SecretsFile::List(list) | SecretsFile::Table { secrets: list }) = file;
    Ok(list
        .into_iter()
        .map(|entry| KeyringEntry {
            consumer_key: Some(entry.consumer_key),
            consumer_secret: Secret::from(entry.consumer_secret),
            token: entry.token,
            token_secret: entry.token_secret.map(Secret::from),
        })
        .collect())
}
