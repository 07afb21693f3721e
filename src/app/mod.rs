//! The reference app: what a third-party system owes a store, as a server of its own.
//!
//! A store POSTs credentials to `/callback` when a merchant activates the integration. The merchant's browser then opens `/login`; after the
//! sign-in the app exchanges the verifier for a request token and that for an access token, makes one signed call, and sends the browser back
//! to the store's `success_call_back`. `/` is the dashboard, `/status` the same as JSON.
//!
//! Posted credentials prove nothing: anyone can send them. They replace working ones only after an exchange with them has succeeded.
//! Everything that a page, the terminal or `/status` shows is free of secrets, but for the page that is asked for them.
//!
//! Deliberately absent: another scheme of signing than the library's, and accounts beyond those of the command line.
//!
//! Read on: `front.rs` has the URL surface, `book.rs` what is known of a store, `exchange.rs` the protocol's steps, `client.rs` how answers
//! are taken, `trouble.rs` every sentence for what can go wrong.

mod account;
mod address;
mod book;
mod client;
mod credentials;
mod defects;
mod event;
mod exchange;
mod front;
mod journal;
mod keep;
mod outcome;
mod pages;
mod refusal;
mod session;
mod trouble;
mod way_back;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use address::Networks;
pub use book::{ConnectedStore, StepRecord};
pub use credentials::Credentials;
pub use defects::{Defect, Faults, defects};
pub use event::{Event, Step};
pub use front::App;
pub use journal::SentRequest;
pub use outcome::Outcome;
pub use session::Accounts;
pub use trouble::Trouble;

use crate::oauth::{Profile, Request, SignatureMethod};
use crate::random::{Entropy, SystemEntropy};
use crate::secret::Secret;
use crate::storage::{Vault, VaultError};
use crate::time::{Clock, SystemClock};
use crate::wire;
use crate::wire::server::{self, Limits};
use crate::wire::tls::Trust;

/// When the app exchanges its verifier for tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExchangeOn {
    /// As soon as the credentials have arrived, after they were answered.
    Callback,
    /// When the merchant has logged in, which is how the guides have it.
    #[default]
    Login,
}

impl ExchangeOn {
    /// The word on the command line and in `/status`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Callback => "on-callback",
            Self::Login => "on-login",
        }
    }
}

/// Told of each step as it happens; must not block for long.
pub type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

/// Says in one sentence why a request may be refused, from the request and the secrets of its consumer and token; none when there is
/// nothing to say.
pub type Explain = Arc<dyn Fn(&Request<'_>, &Secret, &Secret) -> Option<String> + Send + Sync>;

/// Where an app keeps what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The database file; made when there is none, readable by its owner alone.
    pub data: PathBuf,
    /// The file with the 32 bytes that seal it; made with a new database.
    pub key: PathBuf,
}

/// How the app behaves.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// When to exchange.
    pub exchange: ExchangeOn,
    /// Who may sign in.
    pub accounts: Accounts,
    /// Where stores are kept; in memory when absent.
    pub files: Option<Files>,
    /// Where stores may be.
    pub networks: Networks,
    /// Addresses of the app itself, which are no store's; that of [`Options::listen`] is added.
    pub own_addresses: Vec<SocketAddr>,
    /// Whether browsers reach the app over HTTPS alone, so that its cookies may say so.
    pub behind_https: bool,
    /// The first signed call: a GET of this path below the store's base URL, without a leading slash.
    pub call: String,
    /// Whose base string to build.
    pub profile: &'static Profile,
    /// How to sign.
    pub method: SignatureMethod,
    /// Whose certificates to accept from stores.
    pub trust: Trust,
    /// Time for one request to a store.
    pub patience: Duration,
    /// Hosts, or `host:port`, that `success_call_back` may name beside the store's own.
    pub return_hosts: Vec<String>,
    /// What the app does wrong on purpose.
    pub defects: Vec<&'static Defect>,
    /// Explains refusals.
    pub explain: Option<Explain>,
    /// Told of each step.
    pub observer: Observer,
    /// Tells the time of timestamps and steps.
    pub clock: Arc<dyn Clock>,
    /// Gives nonces.
    pub entropy: Arc<dyn Entropy>,
}

impl Default for Options {
    fn default() -> Self {
        let profile = <&Profile>::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            exchange: ExchangeOn::default(),
            accounts: Accounts::anybody(),
            files: None,
            networks: Networks::default(),
            own_addresses: Vec::new(),
            behind_https: false,
            call: "rest/V1/store/storeViews".to_owned(),
            profile,
            method: SignatureMethod::HmacSha256,
            trust: Trust::default(),
            patience: Duration::from_secs(10),
            return_hosts: Vec::new(),
            defects: Vec::new(),
            explain: None,
            observer: Arc::new(|_| {}),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }
}

/// Why the app does not start: the operator's to solve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on, or a certificate file cannot be used.
    #[error(transparent)]
    Wire(#[from] wire::Error),
    /// The files cannot be used.
    #[error(transparent)]
    Files(#[from] VaultError),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// An app that runs in the background; stops when it is dropped.
pub struct Running {
    app: Arc<App>,
    server: server::Running,
}

impl Running {
    /// The address that it listens on.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.server.local()
    }

    /// The URL for the integration's callback.
    #[must_use]
    pub fn callback_url(&self) -> String {
        format!("http://{}/callback", self.local())
    }

    /// The URL for the integration's identity link.
    #[must_use]
    pub fn identity_link_url(&self) -> String {
        format!("http://{}/login", self.local())
    }

    /// What the app knows, for asking it without a socket.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Stops accepting and waits shortly for running requests.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// Most bytes of a form that is sent to the app.
const MOST_FORM_BYTES: usize = 64 * 1024;

/// Starts the app on its own socket.
///
/// # Errors
/// [`Error`] when the address is in use, or a file cannot be used.
///
/// # Panics
/// Outside a tokio runtime.
pub fn start(options: Options) -> Result<Running, Error> {
    let listener = server::bind(options.listen)?;
    let mut options = options;
    let armed = std::mem::take(&mut options.defects);
    let faults = Arc::new(Faults::of(&armed, &mut options));
    let vault = match &options.files {
        Some(files) => Some(Vault::open(
            &files.data,
            &files.key,
            options.entropy.as_ref(),
        )?),
        None => None,
    };
    options.own_addresses.push(listener.local());
    let app = Arc::new(App::new(options, vault, faults)?);
    let answering = Arc::clone(&app);
    let limits = Limits {
        body_bytes: MOST_FORM_BYTES,
        ..Limits::default()
    };
    let server = server::spawn(listener, limits, None, move |request, connection| {
        let app = Arc::clone(&answering);
        async move { app.answer(&request, connection.peer.ip()).await }
    });
    Ok(Running { app, server })
}
