//! The reference app: what a third-party system owes a store, as a server of its own.
//!
//! A store POSTs credentials to `/callback` when a merchant activates the integration. The merchant's browser then opens `/login`; after the
//! login the app exchanges the verifier for a request token and that for an access token, makes one signed call, and sends the browser back
//! to the store's `success_call_back`. `/` shows every store and every step, `/status` the same as JSON.
//!
//! Deliberately absent: storage (a restarted app asks the merchant to authorize again) and accounts (the login accepts one configured user, or
//! anybody). Everything that a page, the terminal or `/status` shows is free of secrets.
//!
//! Read on: `front.rs` has the URL surface, `exchange.rs` the client side, `trouble.rs` every sentence for what can go wrong.

mod book;
mod credentials;
mod event;
mod exchange;
mod front;
mod pages;
mod trouble;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use book::{ConnectedStore, Outcome, StepRecord};
pub use credentials::Credentials;
pub use event::{Event, Step};
pub use front::App;
pub use trouble::Trouble;

use crate::oauth::{Profile, SignatureMethod};
use crate::random::{Entropy, SystemEntropy};
use crate::secret::Secret;
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

/// How the app behaves.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// When to exchange.
    pub exchange: ExchangeOn,
    /// The one user that may log in; anybody when absent.
    pub user: Option<String>,
    /// Its password; any when absent.
    pub password: Option<Secret>,
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
    /// Hosts that `success_call_back` may name beside the store's own.
    pub return_hosts: Vec<String>,
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
            user: None,
            password: None,
            call: "rest/V1/store/storeViews".to_owned(),
            profile,
            method: SignatureMethod::HmacSha256,
            trust: Trust::default(),
            patience: Duration::from_secs(10),
            return_hosts: Vec::new(),
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
/// [`Error`] when the address is in use or a certificate file cannot be read.
///
/// # Panics
/// Outside a tokio runtime.
pub fn start(options: Options) -> Result<Running, Error> {
    let listener = server::bind(options.listen)?;
    let app = Arc::new(App::new(options)?);
    let answering = Arc::clone(&app);
    let limits = Limits {
        body_bytes: MOST_FORM_BYTES,
        ..Limits::default()
    };
    let server = server::spawn(listener, limits, None, move |request, _| {
        let app = Arc::clone(&answering);
        async move { app.answer(&request).await }
    });
    Ok(Running { app, server })
}
