//! The flags that say how a store under test is reached, and what is made of them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::conformance::{
    Access, AdminAccess, Channel, ControlApi, Credentials, CredentialsPost, Limits, Passage, Run,
    Target,
};
use crate::oauth::Profile;
use crate::random::SystemEntropy;
use crate::secret::Secret;
use crate::time::SystemClock;
use crate::wire::{Client, Origin, Timeouts};

use super::Failure;
use super::arguments::{self, ControlToken, ControlTokenArgs, TrustArgs, secret_from};

/// How a store under test is reached.
#[derive(Debug, clap::Args)]
pub(super) struct TargetArgs {
    /// The behaviour that the store is held against; `magespec explain profiles` lists them
    #[arg(long, value_name = "NAME", env = "MAGESPEC_PROFILE", default_value = "magento-2.4.7", value_parser = arguments::profile)]
    pub(super) profile: &'static Profile,
    /// Path of the admin panel
    #[arg(
        long,
        value_name = "PATH",
        env = "MAGESPEC_ADMIN_PATH",
        default_value = "/admin"
    )]
    pub(super) admin_path: String,
    /// User of the admin panel; the suite creates and deletes integrations named magespec-…
    #[arg(long, value_name = "NAME", env = "MAGESPEC_ADMIN_USER")]
    pub(super) admin_user: Option<String>,
    /// File with the user's password; without it the environment variable MAGESPEC_ADMIN_PASSWORD is read, or the password asked for
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_ADMIN_PASSWORD_FILE",
        requires = "admin_user"
    )]
    pub(super) admin_password_file: Option<PathBuf>,
    /// File with the base32 secret of the user's authenticator app, for a panel that asks for a second factor
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_ADMIN_OTP_SECRET_FILE",
        requires = "admin_user"
    )]
    pub(super) admin_otp_secret_file: Option<PathBuf>,
    /// TOML or JSON file with `consumer_key`, `consumer_secret`, `token` and `token_secret` of an activated integration
    #[arg(long, value_name = "FILE", env = "MAGESPEC_CREDENTIALS")]
    pub(super) credentials: Option<PathBuf>,
    /// Prints what a person types into the panel, waits for the store's credentials POST, and goes on with the credentials
    #[arg(long, env = "MAGESPEC_MANUAL", conflicts_with_all = ["admin_user", "credentials"])]
    pub(super) manual: bool,
    /// Seconds that a person has with --manual
    #[arg(long, env = "MAGESPEC_PATIENCE", value_name = "SECONDS", default_value_t = 900, value_parser = arguments::at_least_one::<u64>)]
    pub(super) patience: u64,
    /// Sends only GET and HEAD and exchanges no tokens; cases that change something do not apply
    #[arg(long, env = "MAGESPEC_READ_ONLY", conflicts_with_all = ["admin_user", "manual", "control", "customer_user"])]
    pub(super) read_only: bool,
    /// Control API of the store, e.g. http://127.0.0.1:8081
    #[arg(long, value_name = "URL", env = "MAGESPEC_CONTROL")]
    pub(super) control: Option<String>,
    #[command(flatten)]
    pub(super) control_token: ControlTokenArgs,
    /// Folder of modules on this machine that the store reads (`magespec serve --modules DIR`) and the suite may write
    #[arg(
        long,
        env = "MAGESPEC_MODULES",
        value_name = "DIR",
        requires = "control"
    )]
    pub(super) modules: Option<PathBuf>,
    /// User name of an administrator who may see the dashboard and nothing else
    #[arg(long, value_name = "NAME", env = "MAGESPEC_LIMITED_ADMIN_USER")]
    pub(super) limited_admin_user: Option<String>,
    /// File with the limited administrator's password
    #[arg(
        long,
        value_name = "FILE",
        env = "MAGESPEC_LIMITED_ADMIN_PASSWORD_FILE"
    )]
    pub(super) limited_admin_password_file: Option<PathBuf>,
    /// E-mail address of a customer of the store
    #[arg(long, value_name = "EMAIL", env = "MAGESPEC_CUSTOMER_USER")]
    pub(super) customer_user: Option<String>,
    /// File with the customer's password
    #[arg(long, value_name = "FILE", env = "MAGESPEC_CUSTOMER_PASSWORD_FILE")]
    pub(super) customer_password_file: Option<PathBuf>,
    /// Where the suite's own callback endpoint listens; it speaks plain HTTP
    #[arg(
        long,
        value_name = "ADDR",
        env = "MAGESPEC_LISTEN",
        value_parser = arguments::address,
        default_value = "127.0.0.1:0"
    )]
    pub(super) listen: SocketAddr,
    /// URL under which the store reaches the callback endpoint, e.g. that of a tunnel or proxy before it
    #[arg(long, value_name = "URL", env = "MAGESPEC_PUBLIC_URL")]
    pub(super) public_url: Option<String>,
    /// File with `user:password` on its first line, for a web server that asks for them; sent in one field with OAuth
    #[arg(long, value_name = "FILE", env = "MAGESPEC_BASIC_AUTH_FILE")]
    pub(super) basic_auth_file: Option<PathBuf>,
    /// Field for every request to the store, `Name: value`, such as one that opens a firewall; may be repeated
    #[arg(long, value_name = "FIELD", value_parser = arguments::header_field)]
    pub(super) header: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) trust: TrustArgs,
    /// Seconds to wait for a store that is starting: until it answers like one
    #[arg(
        long,
        env = "MAGESPEC_WAIT",
        value_name = "SECONDS",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(super) wait: u64,
    /// Seconds that one request may take
    #[arg(long, env = "MAGESPEC_TIMEOUT", value_name = "SECONDS", default_value_t = 20, value_parser = arguments::at_least_one::<u64>)]
    pub(super) timeout: u64,
    /// Requests per second at most
    #[arg(long, env = "MAGESPEC_RATE", value_name = "N", value_parser = arguments::at_least_one::<u32>)]
    pub(super) rate: Option<u32>,
    /// Requests in all at most
    #[arg(long, env = "MAGESPEC_BUDGET", value_name = "N", value_parser = arguments::at_least_one::<u64>)]
    pub(super) budget: Option<u64>,
    /// Draws the random requests of a run again: the number that a failure names
    #[arg(long, env = "MAGESPEC_SEED", value_name = "NUMBER")]
    pub(super) seed: Option<u64>,
}

impl TargetArgs {
    /// A flag that makes no sense without the URL of a store, if one is given.
    pub(super) fn needs_a_url(&self) -> Option<&'static str> {
        [
            (self.admin_user.is_some(), "--admin-user"),
            (self.credentials.is_some(), "--credentials"),
            (self.manual, "--manual"),
            (self.read_only, "--read-only"),
            (self.basic_auth_file.is_some(), "--basic-auth-file"),
            (!self.header.is_empty(), "--header"),
            (self.control.is_some(), "--control"),
            (self.modules.is_some(), "--modules"),
            (self.customer_user.is_some(), "--customer-user"),
            (self.wait > 0, "--wait"),
            (self.limited_admin_user.is_some(), "--limited-admin-user"),
        ]
        .into_iter()
        .find_map(|(given, flag)| given.then_some(flag))
    }

    /// The client that these flags ask for.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        let timeouts = Timeouts {
            connect: Duration::from_secs(self.timeout.clamp(1, 10)),
            answer: Duration::from_secs(self.timeout.max(1)),
        };
        let client = Client::new(&self.trust.trust(), timeouts).map_err(Failure::usage)?;
        Ok(client.through(arguments::proxies()?))
    }

    /// The store at `url` with every way in that the flags give.
    pub(super) fn target(&self, url: &str, runtime: &Handle) -> Result<Target, Failure> {
        let mut target = Target::parse(url, self.profile).map_err(Failure::usage)?;
        self.check_callback()?;
        let control = match &self.control {
            Some(url) => {
                let (origin, _) = Origin::split(url).map_err(Failure::usage)?;
                let token = match self.control_token.token()? {
                    ControlToken::Given(token) => Some(token),
                    ControlToken::Absent | ControlToken::Unsaid => None,
                };
                Some(ControlApi::new(
                    origin,
                    token,
                    self.client()?,
                    runtime.clone(),
                ))
            }
            None => None,
        };
        let admin = self.admin()?;
        target.access = Access {
            callback: (self.manual || admin.is_some())
                .then(|| (self.listen, self.public_url.clone())),
            admin,
            credentials: self
                .credentials
                .as_deref()
                .map(read_credentials)
                .transpose()?,
            control,
            customer: self.customer()?,
            limited_admin: self.limited_admin()?,
            posted: None,
            declared: Vec::new(),
            modules: self.modules.clone(),
        };
        target.read_only = self.read_only;
        target.passage = self.passage()?;
        Ok(target)
    }

    /// What lets requests pass whatever stands in front of the store.
    fn passage(&self) -> Result<Passage, Failure> {
        let basic = self
            .basic_auth_file
            .as_deref()
            .map(secret_from)
            .transpose()?;
        if let (Some(basic), Some(file)) = (&basic, &self.basic_auth_file)
            && !basic.expose().contains(':')
        {
            return Err(Failure::usage(format_args!(
                "`{}` holds no `user:password` on its first line",
                file.display()
            )));
        }
        let framing = [
            "authorization",
            "content-length",
            "host",
            "transfer-encoding",
        ];
        if let Some((name, _)) = self
            .header
            .iter()
            .find(|(name, _)| framing.contains(&name.to_ascii_lowercase().as_str()))
        {
            return Err(Failure::usage(format_args!(
                "--header {name}: the suite writes this field itself; for a web server's password give --basic-auth-file"
            )));
        }
        let fields = self.header.iter();
        Ok(Passage {
            basic,
            fields: fields
                .map(|(name, value)| (name.clone(), Secret::from(value.as_str())))
                .collect(),
        })
    }

    /// The store at `url` as a plan sees it: with --manual a person has helped already.
    pub(super) fn planned(&self, url: &str, runtime: &Handle) -> Result<Target, Failure> {
        let mut target = self.target(url, runtime)?;
        if self.manual {
            target.access.credentials = Some(Credentials::default());
            target.access.posted = Some(CredentialsPost::default());
        }
        Ok(target)
    }

    /// The store must be able to call the URL that it is given.
    fn check_callback(&self) -> Result<(), Failure> {
        match &self.public_url {
            Some(url) => Origin::split(url).map(|_| ()).map_err(Failure::usage),
            None if self.listen.ip().is_unspecified() => Err(Failure::usage(format_args!(
                "--listen {} takes every interface, but the store needs one address to call: give --public-url",
                self.listen
            ))),
            None => Ok(()),
        }
    }

    fn admin(&self) -> Result<Option<AdminAccess>, Failure> {
        let Some(user) = &self.admin_user else {
            return Ok(None);
        };
        let password = match &self.admin_password_file {
            Some(path) => secret_from(path)?,
            None => std::env::var("MAGESPEC_ADMIN_PASSWORD")
                .ok()
                .map(Secret::new)
                .or_else(|| arguments::prompt(&format!("Password of `{user}` in the admin panel")))
                .ok_or_else(|| {
                    Failure::usage(
                        "--admin-user needs a password: give --admin-password-file FILE or set MAGESPEC_ADMIN_PASSWORD",
                    )
                })?,
        };
        Ok(Some(AdminAccess {
            path: format!("/{}", self.admin_path.trim_matches('/')),
            user: user.clone(),
            password,
            otp: self
                .admin_otp_secret_file
                .as_deref()
                .map(secret_from)
                .transpose()?,
        }))
    }

    fn limited_admin(&self) -> Result<Option<(String, Secret)>, Failure> {
        match (&self.limited_admin_user, &self.limited_admin_password_file) {
            (Some(user), Some(file)) => Ok(Some((user.clone(), secret_from(file)?))),
            (None, None) => Ok(None),
            _ => Err(Failure::usage(
                "--limited-admin-user and --limited-admin-password-file belong together",
            )),
        }
    }

    fn customer(&self) -> Result<Option<(String, Secret)>, Failure> {
        match (&self.customer_user, &self.customer_password_file) {
            (None, None) => Ok(None),
            (Some(user), Some(path)) => Ok(Some((user.clone(), secret_from(path)?))),
            _ => Err(Failure::usage(
                "--customer-user and --customer-password-file belong together",
            )),
        }
    }

    /// A run against the target, within the limits of the flags.
    pub(super) fn run(&self, target: Target, runtime: &Handle) -> Result<Run, Failure> {
        let limits = Limits {
            rate: self.rate,
            budget: self.budget,
        };
        let channel = Channel::new(
            target,
            self.client()?,
            runtime.clone(),
            limits,
            Box::new(SystemClock),
        );
        Run::new(channel, self.seed, Box::new(SystemEntropy)).map_err(Failure::usage)
    }
}

fn read_credentials(path: &Path) -> Result<Credentials, Failure> {
    let file = super::credentials::Credentials::read(path)?;
    Ok(Credentials {
        consumer_key: file.consumer_key,
        consumer_secret: file.consumer_secret,
        token: file.access_token,
        token_secret: file.access_token_secret,
    })
}
