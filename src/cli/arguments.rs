//! Arguments that several commands share, and how their values are read.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use crate::oauth::{PROFILES, Profile, SignatureMethod};
use crate::secret::Secret;
use crate::text::did_you_mean;
use crate::wire::Proxies;
use crate::wire::tls::Trust;

use super::output::tell;
use super::{Exit, Failure};

/// Whose certificates to accept over HTTPS.
#[derive(Debug, clap::Args)]
pub(super) struct TrustArgs {
    /// PEM file with certificates to trust beside the machine's
    #[arg(
        long,
        visible_alias = "store-cacert",
        value_name = "FILE",
        env = "MAGESPEC_CACERT"
    )]
    cacert: Option<PathBuf>,
    /// Accept any certificate, for tests against a server of your own
    #[arg(long, conflicts_with = "cacert", env = "MAGESPEC_INSECURE")]
    insecure: bool,
}

impl TrustArgs {
    pub(super) fn trust(&self) -> Trust {
        match (&self.cacert, self.insecure) {
            (_, true) => Trust::Anyone,
            (Some(file), false) => Trust::File(file.clone()),
            (None, false) => Trust::System,
        }
    }
}

/// What lets a request into the control API.
#[derive(Debug, clap::Args)]
pub(super) struct ControlTokenArgs {
    /// Token of the control API (made up when left out), or `none`, which opens it to every process of the machine; better from the
    /// environment or a file
    #[arg(long, value_name = "TOKEN", hide_default_value = true)]
    control_token: Option<Secret>,
    /// File with the token of the control API on its first line, or a ready file
    #[arg(long, value_name = "FILE", conflicts_with = "control_token")]
    control_token_file: Option<PathBuf>,
}

/// What the flags say of the control API's token.
pub(super) enum ControlToken {
    /// Nothing.
    Unsaid,
    /// That there is none.
    Absent,
    /// This one.
    Given(Secret),
}

impl ControlTokenArgs {
    pub(super) fn token(&self) -> Result<ControlToken, Failure> {
        if let Some(token) = &self.control_token {
            return Ok(match token.expose() {
                "none" => ControlToken::Absent,
                _ => ControlToken::Given(token.clone()),
            });
        }
        let Some(file) = &self.control_token_file else {
            return Ok(ControlToken::Unsaid);
        };
        let line = secret_from(file)?;
        if !line.expose().starts_with('{') {
            return Ok(ControlToken::Given(line));
        }
        let ready: serde_json::Value = serde_json::from_str(line.expose()).unwrap_or_default();
        match ready["control_token"].as_str() {
            Some(token) => Ok(ControlToken::Given(Secret::from(token))),
            None => Err(Failure::usage(format_args!(
                "`{}` holds no `control_token`; name the ready file of a store that was started with --control, or a file with the token on its first line",
                file.display()
            ))),
        }
    }
}

/// Whose base string to build, and how to sign it.
#[derive(Debug, clap::Args)]
pub(super) struct SigningArgs {
    /// Whose base string to build
    #[arg(
        long,
        value_name = "NAME",
        default_value = "magento-2.4.7",
        value_parser = profile,
        env = "MAGESPEC_PROFILE"
    )]
    pub(super) profile: &'static Profile,
    /// How to sign
    #[arg(
        long,
        value_name = "METHOD",
        default_value = "HMAC-SHA256",
        value_parser = signature_method,
        env = "MAGESPEC_SIGNATURE_METHOD"
    )]
    pub(super) signature_method: SignatureMethod,
}

/// The profile of this name or release, or a sentence with the nearest and all the names there are.
pub(super) fn profile(name: &str) -> Result<&'static Profile, String> {
    if let Some(newest) = Profile::newest_before(name) {
        let release = newest.split("-p").next().unwrap_or_default();
        return Err(format!(
            "no such patch is known; the nearest is `{newest}`, and `{release}` alone means the release with its latest patches"
        ));
    }
    Profile::find(name).ok_or_else(|| {
        let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
        let release = name.starts_with(|first: char| first.is_ascii_digit());
        let whole = format!("{}{name}", if release { "magento-" } else { "" });
        format!(
            "there is no such profile{}; choose one of {}, or a patch level such as 2.4.6-p11",
            did_you_mean(&whole, names.iter().copied()),
            names.join(", ")
        )
    })
}

/// An address to listen on, or a sentence with the one that was most likely meant.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port: Option<u16> = port.parse().ok();
    let meant = match (host, port) {
        ("" | "localhost", Some(port)) => Some(format!("127.0.0.1:{port}")),
        ("*", Some(port)) => Some(format!("0.0.0.0:{port}")),
        (_, None) if text == "localhost" || text.parse::<IpAddr>().is_ok() => {
            let host = if text == "localhost" {
                "127.0.0.1"
            } else {
                text
            };
            host.parse()
                .ok()
                .map(|host| SocketAddr::new(host, 8080).to_string())
        }
        _ => None,
    };
    Err(format!(
        "expected the address of an interface and a port, such as 127.0.0.1:8080{}",
        meant.map_or_else(String::new, |meant| format!(" (did you mean `{meant}`?)"))
    ))
}

/// The signature method of this name, or a sentence with the names there are.
pub(super) fn signature_method(name: &str) -> Result<SignatureMethod, String> {
    name.parse::<SignatureMethod>().map_err(|_| {
        let names = SignatureMethod::ALL.map(SignatureMethod::name);
        format!("expected {}", names.join(" or "))
    })
}

/// A whole number from 1 on, for seconds and counts.
pub(super) fn at_least_one<N: std::str::FromStr + PartialOrd + From<u8>>(
    text: &str,
) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| *number >= N::from(1));
    number.ok_or_else(|| "expected a whole number from 1 on".to_owned())
}

/// How many cases run at the same time.
pub(super) fn jobs(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=64).contains(number));
    number.ok_or_else(|| "expected a whole number from 1 to 64".to_owned())
}

/// A field of a request, `Name: value`.
pub(super) fn header_field(text: &str) -> Result<(String, String), String> {
    text.split_once(':')
        .filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .ok_or_else(|| "expected `Name: value`".to_owned())
}

/// The first line of a file that holds one secret.
pub(super) fn secret_from(path: &Path) -> Result<Secret, Failure> {
    let text = crate::cli::file::read_text(path).map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}; expected a file with the secret on its first line",
            path.display()
        ))
    })?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::usage(format_args!(
            "`{}` has an empty first line; expected the secret there",
            path.display()
        )));
    }
    Ok(Secret::from(line))
}

/// A secret that was given itself, or else in a file.
pub(super) fn secret_or_from(
    given: Option<Secret>,
    file: Option<&Path>,
) -> Result<Option<Secret>, Failure> {
    match given {
        Some(secret) => Ok(Some(secret)),
        None => file.map(secret_from).transpose(),
    }
}

/// The proxies that the environment names.
pub(super) fn proxies() -> Result<Proxies, Failure> {
    Proxies::of(|name| std::env::var(name).ok()).map_err(Failure::usage)
}

/// The threads of a command that serves or calls.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| no_threads(&error))
}

/// The machine gives no threads.
pub(super) fn no_threads(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Harness, format_args!("no threads: {error}"))
}

/// Ready on Ctrl-C or when the process is asked to terminate.
pub(super) async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the signal ends the process by itself.
    let _ = interrupt.await;
}

/// The first signal ends the run in good order by `stop`, which is given the reason; the second ends the process at once. Whoever goes on
/// to another run aborts the task when this one has ended.
pub(super) fn stop_when_told(
    runtime: &Runtime,
    doing: &'static str,
    stop: impl FnOnce(&'static str) + Send + 'static,
) -> JoinHandle<()> {
    runtime.spawn(async move {
        told_to_stop().await;
        tell(format_args!(
            "\ninterrupted: {doing}; once more ends at once\n"
        ));
        stop("it was interrupted");
        told_to_stop().await;
        std::process::exit(Exit::Incomplete.code().into());
    })
}

/// Asks for a secret on the terminal without showing it; none when there is no terminal to ask on.
pub(super) fn prompt(question: &str) -> Option<Secret> {
    use std::io::IsTerminal as _;
    if !std::io::stdin().is_terminal() {
        return None;
    }
    let line = rpassword::prompt_password(format!("{question}: ")).ok()?;
    let text = Zeroizing::new(line);
    (!text.is_empty()).then(|| Secret::from(text.as_str()))
}

/// The consumer's and the token's secret, for commands that sign or check.
#[derive(Debug, clap::Args)]
pub(super) struct SecretArgs {
    /// File with the consumer secret on its first line
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_CONSUMER_SECRET_FILE",
        help_heading = "Secrets"
    )]
    consumer_secret_file: Option<PathBuf>,
    /// File with the token secret on its first line
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_TOKEN_SECRET_FILE",
        help_heading = "Secrets"
    )]
    token_secret_file: Option<PathBuf>,
}

impl SecretArgs {
    /// From `--consumer-secret-file` or `MAGESPEC_CONSUMER_SECRET`.
    pub(super) fn consumer_secret(&self) -> Result<Option<Secret>, Failure> {
        file_or_variable(
            self.consumer_secret_file.as_deref(),
            "MAGESPEC_CONSUMER_SECRET",
        )
    }

    /// From `--token-secret-file` or `MAGESPEC_TOKEN_SECRET`.
    pub(super) fn token_secret(&self) -> Result<Option<Secret>, Failure> {
        file_or_variable(self.token_secret_file.as_deref(), "MAGESPEC_TOKEN_SECRET")
    }
}

/// A secret from a file, or else from a variable of the environment.
pub(super) fn file_or_variable(
    file: Option<&Path>,
    variable: &str,
) -> Result<Option<Secret>, Failure> {
    match file {
        Some(file) => secret_from(file).map(Some),
        None => Ok(std::env::var(variable).ok().map(Secret::from)),
    }
}
