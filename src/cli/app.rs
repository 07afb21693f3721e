//! `magespec app`: the reference third-party app in the foreground.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::app::{self, Accounts, ExchangeOn, Files, Networks, Options};
use crate::secret::Secret;

use super::arguments::{self, SigningArgs, TrustArgs};
use super::headline::headline;
use super::output::{say, write_private};
use super::{Exit, Failure};

/// Run the reference third-party app: callback endpoint, identity-link page, token exchange, dashboard.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec app
  magespec app --ephemeral --exchange on-callback
  magespec app --listen 0.0.0.0:8090 --user merchant --password-file password.txt
  magespec app --exchange on-callback --call 'rest/V1/orders?searchCriteria%5BpageSize%5D=1'

In the store's integration, the callback URL is http://HOST:PORT/callback and the identity link URL http://HOST:PORT/login.
GET / shows every connected store, GET /status the same as JSON. Stores are kept in the file of --data, sealed with the key beside
it. Without accounts anybody may sign in: give --user or --accounts before others can reach the app. Ctrl-C stops.")]
pub(super) struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8090",
        value_parser = arguments::address,
        env = "MAGESPEC_APP_LISTEN"
    )]
    listen: SocketAddr,
    /// When to exchange the verifier for tokens
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "on-login",
        value_parser = exchange,
        env = "MAGESPEC_APP_EXCHANGE"
    )]
    exchange: ExchangeOn,
    /// File that keeps the connected stores; made when there is none
    #[arg(
        long,
        value_name = "FILE",
        default_value = "magespec-app.db",
        env = "MAGESPEC_APP_DATA"
    )]
    data: PathBuf,
    /// File with the 32 bytes that seal the data (the data file's name and `.key` when left out)
    #[arg(long, value_name = "FILE", env = "MAGESPEC_APP_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Keep nothing: a restarted app knows no store
    #[arg(long, conflicts_with_all = ["data", "key_file"], env = "MAGESPEC_APP_EPHEMERAL")]
    ephemeral: bool,
    /// Where stores may be: private (any address but link-local ones) or public; private when the app listens on loopback
    #[arg(long, value_name = "WHERE", value_parser = networks, env = "MAGESPEC_APP_NETWORKS")]
    networks: Option<Networks>,
    /// Browsers reach the app over HTTPS alone, through a proxy: its cookies say so
    #[arg(long, env = "MAGESPEC_APP_BEHIND_HTTPS")]
    behind_https: bool,
    /// File with an account a line, NAME:PASSWORD
    #[arg(long, value_name = "FILE", env = "MAGESPEC_APP_ACCOUNTS")]
    accounts: Option<PathBuf>,
    /// A user that may sign in (anybody when there is no account at all)
    #[arg(long, value_name = "NAME", env = "MAGESPEC_APP_USER")]
    user: Option<String>,
    /// The user's password (any when left out); better from the environment or a file
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "MAGESPEC_APP_PASSWORD",
        hide_env_values = true
    )]
    password: Option<Secret>,
    /// File with the user's password on its first line
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "password",
        env = "MAGESPEC_APP_PASSWORD_FILE"
    )]
    password_file: Option<PathBuf>,
    /// Path and query of the first signed GET, below the store's base URL
    #[arg(
        long,
        value_name = "PATH",
        default_value = "rest/V1/store/storeViews",
        env = "MAGESPEC_APP_CALL"
    )]
    call: String,
    #[command(flatten)]
    signing: SigningArgs,
    /// Seconds that a store has to answer
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3600),
        env = "MAGESPEC_APP_TIMEOUT"
    )]
    timeout: u64,
    /// Host that success_call_back may lead to beside the store's own; may be repeated
    #[arg(long, value_name = "HOST", env = "MAGESPEC_APP_RETURN_HOST")]
    return_host: Vec<String>,
    /// File that gets the bound addresses as JSON, once listening
    #[arg(long, value_name = "FILE", env = "MAGESPEC_APP_READY_FILE")]
    ready_file: Option<PathBuf>,
    /// A fault that the app shows on purpose, one of `magespec list defects`; may be repeated
    #[arg(
        long = "defect",
        value_name = "NAME",
        value_parser = app::Defect::parse,
        value_delimiter = ',',
        env = "MAGESPEC_APP_DEFECT"
    )]
    defects: Vec<&'static app::Defect>,
    #[command(flatten)]
    trust: TrustArgs,
}

pub(super) fn run(args: Args) -> Result<Exit, Failure> {
    let password = arguments::secret_or_from(args.password, args.password_file.as_deref())?;
    let accounts = accounts(args.accounts.as_deref(), args.user, password)?;
    let files = (!args.ephemeral).then(|| Files {
        key: args.key_file.unwrap_or_else(|| {
            let mut name = args.data.clone().into_os_string();
            name.push(".key");
            name.into()
        }),
        data: args.data,
    });
    let networks = args.networks;
    let profile = args.signing.profile;
    let options = Options {
        listen: args.listen,
        exchange: args.exchange,
        accounts,
        files,
        networks: networks.unwrap_or_else(|| Networks::of_listener(&args.listen)),
        behind_https: args.behind_https,
        call: args.call,
        profile,
        method: args.signing.signature_method,
        trust: args.trust.trust(),
        patience: Duration::from_secs(args.timeout),
        return_hosts: args.return_host,
        defects: args.defects,
        explain: Some(Arc::new(move |request, secret, token_secret| {
            Some(headline(request, secret, Some(token_secret), profile))
        })),
        observer: Arc::new(|event| say(event)),
        ..Options::default()
    };
    let runtime = arguments::runtime()?;
    runtime.block_on(async {
        let running = app::start(options).map_err(Failure::usage)?;
        say(format_args!(
            "listening on http://{}  callback URL {}  identity link URL {}",
            running.local(),
            running.callback_url(),
            running.identity_link_url()
        ));
        if let Some(file) = &args.ready_file {
            let ready = serde_json::json!({
                "url": format!("http://{}/", running.local()),
                "callback": running.callback_url(),
                "identity_link": running.identity_link_url(),
            });
            write_private("the ready file", file, &format!("{ready}\n"))?;
        }
        arguments::told_to_stop().await;
        running.stop().await;
        Ok(Exit::Success)
    })
}

/// The accounts of the file, and the one of the flags.
fn accounts(
    file: Option<&Path>,
    user: Option<String>,
    password: Option<Secret>,
) -> Result<Accounts, Failure> {
    let mut accounts = Accounts::anybody();
    if let Some(file) = file {
        let unusable = |reason: &dyn std::fmt::Display| {
            Failure::usage(format_args!(
                "cannot use `{}`: {reason}; expected NAME:PASSWORD on each line",
                file.display()
            ))
        };
        let text = crate::cli::file::read_text(file).map_err(|error| unusable(&error))?;
        for (at, line) in text.lines().enumerate() {
            match line.split_once(':') {
                Some((name, password)) if !name.is_empty() && !password.is_empty() => {
                    accounts.add(name.to_owned(), Some(Secret::from(password)));
                }
                _ if line.trim().is_empty() => {}
                _ => return Err(unusable(&format_args!("line {} is not an account", at + 1))),
            }
        }
    }
    match (user, password) {
        (Some(user), password) => accounts.add(user, password),
        (None, Some(_)) => {
            return Err(Failure::usage(
                "a password needs a name: give --user NAME beside it",
            ));
        }
        (None, None) => {}
    }
    Ok(accounts)
}

fn networks(word: &str) -> Result<Networks, String> {
    match word {
        "private" => Ok(Networks::Private),
        "public" => Ok(Networks::Public),
        _ => Err("expected private or public".to_owned()),
    }
}

fn exchange(word: &str) -> Result<ExchangeOn, String> {
    [ExchangeOn::Callback, ExchangeOn::Login]
        .into_iter()
        .find(|when| when.name() == word)
        .ok_or_else(|| "expected on-callback or on-login".to_owned())
}
