//! The flags of `magespec serve`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::keeper::Keeper;
use super::ready::ReadyArgs;
use crate::cli::Failure;
use crate::cli::arguments::{self, ControlTokenArgs};
use crate::cli::tls::TlsArgs;
use crate::oauth::Profile;
use crate::secret::Secret;
use crate::store::{Defect, Mode};
use crate::wire::server::Limits;

/// Run the reference store: token endpoints, REST, admin panel.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec serve
  magespec serve --ephemeral --listen 127.0.0.1:0 --ready-file ready.json --integration Orders --stop-with-parent --quiet
  magespec serve --integration Stock=Magento_CatalogInventory::cataloginventory --credentials-out stock.toml --control 127.0.0.1:8081
  magespec serve --modules my/extension --mode developer --verbose
  magespec serve --integration Orders --credentials-out orders.toml --explain
  magespec serve --set oauth/consumer/enable_integration_as_bearer=1 --set admin/security/use_form_key=0
  magespec serve --ephemeral --defect store/nonce-not-remembered
  magespec serve --customer ada@example.com:Secret-123 --tls-self-signed --listen 127.0.0.1:8443
  MAGESPEC_DATABASE=postgres://magespec@db.example/store magespec serve

The panel is at /admin/ below the store's URL. Ctrl-C stops; the data stay in the file that --data names, or in the database.")]
pub(crate) struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        value_parser = arguments::address,
        env = "MAGESPEC_LISTEN"
    )]
    pub(super) listen: SocketAddr,
    /// Where others reach the store (the address it listens on when left out)
    #[arg(long, value_name = "URL", env = "MAGESPEC_BASE_URL")]
    pub(super) base_url: Option<String>,
    /// Whose behaviour to show
    #[arg(
        long,
        value_name = "NAME",
        default_value = "magento-2.4.7",
        value_parser = arguments::profile,
        env = "MAGESPEC_PROFILE"
    )]
    pub(super) profile: &'static Profile,
    /// What to show of errors: default, developer or production
    #[arg(
        long,
        value_name = "MODE",
        default_value = "default",
        value_parser = mode,
        env = "MAGESPEC_MODE"
    )]
    pub(super) mode: Mode,
    #[command(flatten)]
    pub(super) data: DataArgs,
    #[command(flatten)]
    pub(super) people: PeopleArgs,
    /// Address of the control API, loopback only (off when left out)
    #[arg(long, value_name = "ADDR", value_parser = arguments::address, env = "MAGESPEC_CONTROL")]
    pub(super) control: Option<SocketAddr>,
    #[command(flatten)]
    pub(super) control_token: ControlTokenArgs,
    #[command(flatten)]
    pub(super) ready: ReadyArgs,
    #[command(flatten)]
    pub(super) network: NetworkArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    /// Says of each signature that is refused what was done wrong, proven, with the name of its page in `magespec explain`
    #[arg(long, env = "MAGESPEC_EXPLAIN", conflicts_with = "quiet")]
    pub(super) explain: bool,
    /// How the log is written: text for people, or one JSON object on a line
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        env = "MAGESPEC_LOG_FORMAT"
    )]
    pub(super) log_format: LogFormat,
    /// A fault that the store shows on purpose, one of `magespec list defects`; may be repeated
    #[arg(
        long = "defect",
        value_name = "NAME",
        value_parser = Defect::parse,
        value_delimiter = ',',
        env = "MAGESPEC_DEFECT"
    )]
    pub(super) defects: Vec<&'static Defect>,
    /// Shows the base string of each refused request as well
    #[arg(long, short, env = "MAGESPEC_VERBOSE")]
    pub(super) verbose: bool,
    /// Prints nothing at all, no request log and no address
    #[arg(long, short, conflicts_with = "verbose", env = "MAGESPEC_QUIET")]
    pub(super) quiet: bool,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    /// For people
    #[default]
    Text,
    /// One object on a line
    Json,
}

/// What the store holds.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Data")]
pub(super) struct DataArgs {
    #[command(flatten)]
    pub(super) keeper: Keeper,
    /// Folder of a module, or one that holds modules; may be repeated
    #[arg(long, value_name = "DIR", num_args = 1.., env = "MAGESPEC_MODULES", value_delimiter = ',')]
    pub(super) modules: Vec<PathBuf>,
    /// Sets a configuration value; may be repeated
    #[arg(long, value_name = "PATH=VALUE", value_parser = setting)]
    pub(super) set: Vec<(String, String)>,
    /// Folder with answers for REST routes that the store keeps no data for
    #[arg(long, value_name = "DIR", env = "MAGESPEC_REST_FIXTURES")]
    pub(super) rest_fixtures: Option<PathBuf>,
}

/// Who can sign in.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "People")]
pub(super) struct PeopleArgs {
    /// First path segment of the panel
    #[arg(
        long,
        value_name = "PATH",
        default_value = "admin",
        env = "MAGESPEC_ADMIN_PATH"
    )]
    pub(super) admin_path: String,
    /// The administrator's user name
    #[arg(
        long,
        value_name = "NAME",
        default_value = "admin",
        env = "MAGESPEC_ADMIN_USER"
    )]
    pub(super) admin_user: String,
    /// The administrator's password (one is made up and shown once when left out); better from the environment or a file
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "MAGESPEC_ADMIN_PASSWORD",
        hide_env_values = true,
        hide_default_value = true
    )]
    pub(super) admin_password: Option<Secret>,
    /// File with the administrator's password on its first line
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "admin_password",
        env = "MAGESPEC_ADMIN_PASSWORD_FILE"
    )]
    pub(super) admin_password_file: Option<PathBuf>,
    /// An administrator who may see the dashboard and nothing else; may be repeated. Others on this machine can read it: better a file
    #[arg(long, value_name = "USER:PASSWORD", value_parser = limited_admin)]
    pub(super) limited_admin: Vec<(String, Secret)>,
    /// File with such administrators, one USER:PASSWORD on a line
    #[arg(long, value_name = "FILE")]
    pub(super) limited_admin_file: Option<PathBuf>,
    /// A customer who can sign in; may be repeated. Others on this machine can read it: better a file
    #[arg(long, value_name = "EMAIL:PASSWORD", value_parser = customer)]
    pub(super) customer: Vec<(String, Secret)>,
    /// File with such customers, one EMAIL:PASSWORD on a line
    #[arg(long, value_name = "FILE")]
    pub(super) customer_file: Option<PathBuf>,
}

/// How requests arrive.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    #[command(flatten)]
    pub(super) tls: TlsArgs,
    /// Believe X-Forwarded-Host and X-Forwarded-For (X-Forwarded-Proto is always believed, as stores do)
    #[arg(long, env = "MAGESPEC_BEHIND_PROXY")]
    pub(super) behind_proxy: bool,
}

impl PeopleArgs {
    /// The limited administrators and the customers of flags and files.
    pub(super) fn listed(&self) -> Result<(People, People), Failure> {
        let mut limited = self.limited_admin.clone();
        if let Some(file) = &self.limited_admin_file {
            limited.extend(people(file, limited_admin)?);
        }
        let mut customers = self.customer.clone();
        if let Some(file) = &self.customer_file {
            customers.extend(people(file, customer)?);
        }
        Ok((limited, customers))
    }
}

/// User names with their passwords.
pub(super) type People = Vec<(String, Secret)>;

fn people<E: std::fmt::Display>(
    file: &Path,
    read: impl Fn(&str) -> Result<(String, Secret), E>,
) -> Result<People, Failure> {
    let text = crate::cli::file::read_text(file).map_err(|error| {
        Failure::usage(format_args!(
            "cannot read `{}`: {error}; expected a file with one NAME:PASSWORD on a line",
            file.display()
        ))
    })?;
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            read(line).map_err(|error| {
                let line = number + 1;
                Failure::usage(format_args!("`{}`, line {line}: {error}", file.display()))
            })
        })
        .collect()
}

/// What one client may take.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Bytes of request line and header fields together
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().head_bytes, env = "MAGESPEC_MAX_HEADER_BYTES")]
    pub(super) max_header_bytes: usize,
    /// Number of header fields
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().header_count, env = "MAGESPEC_MAX_HEADERS")]
    pub(super) max_headers: usize,
    /// Bytes of a body
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body_bytes, env = "MAGESPEC_MAX_BODY_BYTES")]
    pub(super) max_body_bytes: usize,
    /// Connections at a time
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().connections, env = "MAGESPEC_MAX_CONNECTIONS")]
    pub(super) max_connections: usize,
    /// Seconds for the header fields
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().head_time.as_secs(), env = "MAGESPEC_HEADER_TIMEOUT")]
    pub(super) header_timeout: u64,
    /// Seconds for the body
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().body_time.as_secs(), env = "MAGESPEC_BODY_TIMEOUT")]
    pub(super) body_timeout: u64,
}

impl LimitArgs {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            head_time: Duration::from_secs(self.header_timeout),
            body_time: Duration::from_secs(self.body_timeout),
            head_bytes: self.max_header_bytes,
            header_count: self.max_headers,
            body_bytes: self.max_body_bytes,
            connections: self.max_connections,
            ..Limits::default()
        }
    }
}

fn mode(word: &str) -> Result<Mode, String> {
    Mode::named(word).ok_or_else(|| "expected default, developer or production".to_owned())
}

fn setting(text: &str) -> Result<(String, String), String> {
    let pair = text
        .split_once('=')
        .filter(|(path, _)| path.split('/').count() >= 3);
    let (path, value) = pair.ok_or_else(|| {
        "expected PATH=VALUE, such as oauth/consumer/expiration_period=60".to_owned()
    })?;
    Ok((path.to_owned(), value.to_owned()))
}

/// What is wrong is said without the password.
fn customer(text: &str) -> Result<(String, Secret), NoCustomer> {
    let pair = text
        .split_once(':')
        .filter(|(email, password)| email.contains('@') && !password.is_empty());
    pair.map(|(email, password)| (email.to_owned(), Secret::from(password)))
        .ok_or(NoCustomer)
}

/// What is wrong is said without the password.
fn limited_admin(text: &str) -> Result<(String, Secret), NoAdministrator> {
    let pair = text
        .split_once(':')
        .filter(|(user, password)| !user.is_empty() && !password.is_empty());
    pair.map(|(user, password)| (user.to_owned(), Secret::from(password)))
        .ok_or(NoAdministrator)
}

/// A value of `--limited-admin` that is none.
#[derive(Debug, thiserror::Error)]
#[error("expected USER:PASSWORD, such as clerk:Secret-123")]
struct NoAdministrator;

/// A value of `--customer` that is none.
#[derive(Debug, thiserror::Error)]
#[error("expected EMAIL:PASSWORD, such as ada@example.com:Secret-123")]
struct NoCustomer;
