use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::oauth::Profile;
use crate::random::Entropy;
use crate::secret::Secret;
use crate::time::Clock;
use crate::wire::{self, Client, Exchange, Origin, Request, Response};

use super::pool::Pool;
use super::{ControlApi, Listener, Need, Panel, TargetReport};

/// The `User-Agent` of every probe.
pub(super) const USER_AGENT: &str = concat!("magespec/", env!("CARGO_PKG_VERSION"));

/// A store under test and the ways that the suite has into it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Scheme, host and port.
    pub origin: Origin,
    /// The folder in which the store is installed: empty, or `/shop`.
    pub prefix: String,
    /// `embedded` or `url`.
    pub kind: &'static str,
    /// The behaviour it is held against.
    pub profile: &'static Profile,
    /// The ways in.
    pub access: Access,
}

/// The ways into a store.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The admin panel.
    pub admin: Option<AdminAccess>,
    /// An activated integration.
    pub credentials: Option<Credentials>,
    /// The control API.
    pub control: Option<ControlApi>,
    /// A customer's e-mail address and password.
    pub customer: Option<(String, Secret)>,
    /// Where the suite's callback endpoint listens, and the URL under which the store reaches it.
    pub callback: Option<(SocketAddr, Option<String>)>,
    /// Integrations that an extension declares, connected to a running app.
    pub declared: Vec<Declared>,
}

/// An integration that an extension declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its id in the panel.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// How to sign in to the panel.
#[derive(Clone, Debug)]
pub struct AdminAccess {
    /// Path of the panel below the store's folder, e.g. `/admin`.
    pub path: String,
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// An activated integration that was handed in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Consumer key.
    pub consumer_key: String,
    /// Consumer secret.
    pub consumer_secret: Secret,
    /// Access token.
    pub token: String,
    /// Its secret.
    pub token_secret: Secret,
}

/// The word for something that the target offers.
pub type Capability = Need;

impl Target {
    /// A target at this base URL, without any way in yet.
    ///
    /// # Errors
    /// A sentence when the URL is no `http` or `https` URL with a host.
    pub fn parse(base: &str, profile: &'static Profile) -> Result<Self, wire::Error> {
        let (origin, path) = Origin::split(base)?;
        Ok(Self {
            origin,
            prefix: path.trim_end_matches('/').to_owned(),
            kind: "url",
            profile,
            access: Access::default(),
        })
    }

    /// The base URL without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}{}", self.origin, self.prefix)
    }

    /// What it offers.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let access = &self.access;
        let admin = access.admin.is_some();
        [
            (Need::Admin, admin),
            (Need::Callback, access.callback.is_some()),
            (Need::Control, access.control.is_some()),
            (Need::Credentials, access.credentials.is_some() || admin),
            (Need::Customer, access.customer.is_some()),
            (Need::AdminToken, admin),
            (Need::App, !access.declared.is_empty()),
        ]
        .into_iter()
        .filter_map(|(need, there)| there.then_some(need))
        .collect()
    }

    /// The target as a report names it.
    #[must_use]
    pub fn report(&self) -> TargetReport {
        TargetReport {
            url: self.base(),
            kind: self.kind.to_owned(),
            capabilities: self
                .capabilities()
                .into_iter()
                .map(|need| need.name().to_owned())
                .collect(),
        }
    }
}

/// What a run may cost the target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Requests per second, when limited.
    pub rate: Option<u32>,
    /// Requests in all, when limited.
    pub budget: Option<u64>,
    /// Draws the random requests of the run; without it, a seed is drawn.
    pub seed: Option<u64>,
}

/// Everything that the cases of one run share: the target, the sockets, the integrations that may be used again.
pub struct Bench {
    /// The store under test.
    pub target: Target,
    client: Client,
    runtime: Handle,
    limits: Limits,
    seed: u64,
    pub(super) listener: Option<Listener>,
    pub(super) entropy: Box<dyn Entropy>,
    pub(super) clock: Box<dyn Clock>,
    pub(super) pool: Pool,
    pub(super) panels: Mutex<Vec<Panel>>,
    pub(super) lead: Mutex<i64>,
    sent: AtomicU64,
    pace: Mutex<Option<Instant>>,
    stopped: AtomicBool,
}

impl fmt::Debug for Bench {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Bench")
            .field("target", &self.target.base())
            .finish_non_exhaustive()
    }
}

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The connection failed.
    #[error(transparent)]
    Wire(#[from] wire::Error),
    /// The run's budget of requests is spent.
    #[error("the budget of {0} requests is spent")]
    Budget(u64),
    /// The run was told to stop.
    #[error("the run was stopped")]
    Stopped,
}

impl Bench {
    /// A bench for this target; starts the callback endpoint when the target has one.
    ///
    /// # Errors
    /// A sentence when the callback endpoint cannot listen.
    pub fn new(
        target: Target,
        client: Client,
        runtime: Handle,
        limits: Limits,
        entropy: Box<dyn Entropy>,
        clock: Box<dyn Clock>,
    ) -> Result<Self, String> {
        let listener = match &target.access.callback {
            Some((address, public)) => Some(
                Listener::start(*address, public.as_deref()).map_err(|error| {
                    format!("the callback endpoint cannot listen on {address}: {error}; choose another with --listen")
                })?,
            ),
            None => None,
        };
        Ok(Self {
            target,
            client,
            runtime,
            limits,
            seed: limits.seed.unwrap_or_else(|| drawn(entropy.as_ref())),
            listener,
            entropy,
            clock,
            pool: Pool::default(),
            panels: Mutex::new(Vec::new()),
            lead: Mutex::new(0),
            sent: AtomicU64::new(0),
            pace: Mutex::new(None),
            stopped: AtomicBool::new(false),
        })
    }

    /// How many requests were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// What draws the random requests of the run.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// No further case begins; what runs ends with its next request.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// Whether the run was told to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Sends a request to the store, within the limits.
    ///
    /// # Errors
    /// When no whole response comes, or a limit is reached.
    pub fn send(&self, request: &Request) -> Result<Response, SendError> {
        self.exchange(request)?.0.map_err(SendError::Wire)
    }

    /// Sends a request to another peer than the store, as a browser does.
    ///
    /// # Errors
    /// When no whole response comes, or a limit is reached.
    pub fn send_to(&self, origin: &Origin, request: &Request) -> Result<Response, SendError> {
        self.count()?;
        Ok(self.runtime.block_on(self.client.send(origin, request))?)
    }

    /// [`Bench::send`], with the record of what went over the wire.
    ///
    /// # Errors
    /// When a limit is reached.
    pub fn exchange(
        &self,
        request: &Request,
    ) -> Result<(Result<Response, wire::Error>, Exchange), SendError> {
        if self.is_stopped() {
            return Err(SendError::Stopped);
        }
        self.count()?;
        Ok(self
            .runtime
            .block_on(self.client.exchange(&self.target.origin, request)))
    }

    /// [`Bench::send`] after the run was stopped, to leave the store as it was found.
    pub(super) fn send_anyway(&self, request: &Request) -> Result<Response, SendError> {
        let sent = self.client.send(&self.target.origin, request);
        Ok(self.runtime.block_on(sent)?)
    }

    fn count(&self) -> Result<(), SendError> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        if let Some(budget) = self.limits.budget
            && number >= budget
        {
            return Err(SendError::Budget(budget));
        }
        self.keep_pace();
        Ok(())
    }

    fn keep_pace(&self) {
        let Some(rate) = self.limits.rate.filter(|rate| *rate > 0) else {
            return;
        };
        let wait = {
            let mut next = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let due = next.unwrap_or(now).max(now);
            *next = Some(due + Duration::from_secs(1) / rate);
            due - now
        };
        thread::sleep(wait);
    }
}

/// Short enough to be typed again.
fn drawn(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0_u8; 4];
    entropy.fill(&mut bytes);
    u32::from_le_bytes(bytes).into()
}
