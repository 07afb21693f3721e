use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::random::Entropy;
use crate::time::Clock;
use crate::wire::{self, Client, Exchange, Origin, Request, Response};

use super::absence::READ_ONLY;
use super::interference::interference;
use super::observed::Observed;
use super::pool::Pool;
use super::session::Session;
use super::watch::Watch;
use super::{Listener, Target};

/// The `User-Agent` of every probe.
pub(super) const USER_AGENT: &str = concat!("magespec/", env!("CARGO_PKG_VERSION"));

/// The field of a probe that names its case, so that the store's log can be read beside the report.
pub(super) const CASE_HEADER: &str = "X-Magespec-Case";

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
    pub(super) session: Session,
    /// What no answer may hold.
    pub(super) watch: Arc<Watch>,
    /// What changes the store's roles is sent while nothing else is.
    gate: RwLock<()>,
    pub(super) lead: Mutex<i64>,
    sent: AtomicU64,
    pace: Mutex<Option<Instant>>,
    stopped: OnceLock<String>,
    observed: Mutex<Arc<Observed>>,
    failures: AtomicU32,
    leaving: AtomicBool,
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
    #[error("the run was stopped: {0}")]
    Stopped(String),
    /// Something else than the store answered.
    #[error("{0}")]
    InTheWay(String),
    /// The request's credentials and those of the web server do not go together.
    #[error(
        "--basic-auth-file: one `Authorization` field has room for the web server's credentials and OAuth, and for no other scheme"
    )]
    NoRoom,
    /// The target may only be read.
    #[error("{READ_ONLY}: `{0}` is not sent")]
    ReadOnly(String),
}

/// Requests in a row without an answer of any use, after which a store counts as lost.
const LOST_AFTER: u32 = 12;

/// The callback endpoint cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("the callback endpoint cannot listen on {address}: {error}; choose another with --listen")]
pub struct ListenError {
    address: SocketAddr,
    #[source]
    error: io::Error,
}

impl Bench {
    /// A bench for this target; starts the callback endpoint when the target has one.
    ///
    /// # Errors
    /// When the callback endpoint cannot listen.
    pub fn new(
        target: Target,
        client: Client,
        runtime: Handle,
        limits: Limits,
        entropy: Box<dyn Entropy>,
        clock: Box<dyn Clock>,
    ) -> Result<Self, ListenError> {
        let listener = match &target.access.callback {
            Some((address, public)) => Some(Listener::start(*address, public.as_deref()).map_err(
                |error| ListenError {
                    address: *address,
                    error,
                },
            )?),
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
            session: Session::default(),
            watch: Arc::default(),
            gate: RwLock::new(()),
            lead: Mutex::new(0),
            sent: AtomicU64::new(0),
            pace: Mutex::new(None),
            stopped: OnceLock::new(),
            observed: Mutex::default(),
            failures: AtomicU32::new(0),
            leaving: AtomicBool::new(false),
        })
    }

    /// How many requests were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The budget of requests, when it is used up.
    pub(super) fn spent(&self) -> Option<u64> {
        self.limits.budget.filter(|budget| self.sent() >= *budget)
    }

    /// What draws the random requests of the run.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// No further case begins; what runs ends with its next request. The first reason counts.
    pub fn stop(&self, reason: impl Into<String>) {
        let _ = self.stopped.set(reason.into());
    }

    /// From now on requests are sent although the run was stopped: only cleaning up is left.
    pub(super) fn leave(&self) {
        self.leaving.store(true, Ordering::SeqCst);
    }

    /// Why the run was told to stop, if it was.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// What the preflight saw of the store's settings; the defaults before it.
    pub(super) fn observed(&self) -> Arc<Observed> {
        let observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&observed)
    }

    /// Keeps what the preflight sees.
    pub(super) fn observe(&self, see: impl FnOnce(&mut Observed)) {
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        see(Arc::make_mut(&mut observed));
    }

    /// Whether the last request got no answer of use.
    pub(super) fn is_disturbed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
    }

    /// [`Bench::send`] with whatever came, also when somebody else than the store said it.
    pub(super) fn hear(&self, request: &Request) -> Result<Response, SendError> {
        self.exchange(request)?.0.map_err(SendError::Wire)
    }

    /// Sends a request to the store, within the limits.
    ///
    /// # Errors
    /// When no whole response comes, or a limit is reached.
    pub fn send(&self, request: &Request) -> Result<Response, SendError> {
        self.own(request, self.exchange(request)?.0)
    }

    /// Sends a request to another peer than the store, as a browser does.
    ///
    /// # Errors
    /// When no whole response comes, or a limit is reached.
    pub fn send_to(&self, origin: &Origin, request: &Request) -> Result<Response, SendError> {
        self.may_be_sent(request)?;
        self.count()?;
        Ok(self.runtime.block_on(self.client.send(origin, request))?)
    }

    /// Sends a request to another origin of the store, e.g. to its panel.
    ///
    /// # Errors
    /// When no whole response comes, or a limit is reached.
    pub fn send_at(&self, origin: &Origin, request: &Request) -> Result<Response, SendError> {
        self.own(request, self.exchange_at(origin, request)?.0)
    }

    /// [`Bench::send`], with the record of what went over the wire.
    ///
    /// # Errors
    /// When a limit is reached.
    pub fn exchange(
        &self,
        request: &Request,
    ) -> Result<(Result<Response, wire::Error>, Exchange), SendError> {
        self.exchange_at(&self.target.origin, request)
    }

    /// [`Bench::exchange`] with another origin of the store.
    ///
    /// # Errors
    /// When a limit is reached.
    pub fn exchange_at(
        &self,
        origin: &Origin,
        request: &Request,
    ) -> Result<(Result<Response, wire::Error>, Exchange), SendError> {
        if let Some(reason) = self.stopped()
            && !self.leaving.load(Ordering::SeqCst)
        {
            return Err(SendError::Stopped(reason.to_owned()));
        }
        self.may_be_sent(request)?;
        let request = &self.passing(request)?;
        self.count()?;
        let exchanged = self.through_the_gate(request, || {
            self.runtime.block_on(self.client.exchange(origin, request))
        });
        self.notice(request, &exchanged.0);
        if let Ok(response) = &exchanged.0 {
            self.watch.look(request, response);
        }
        Ok(exchanged)
    }

    /// What saves or deletes in the panel waits for every answer that is under way, and holds everything else back: a store that reads its
    /// roles meanwhile can keep a broken list of them.
    fn through_the_gate<T>(&self, request: &Request, work: impl FnOnce() -> T) -> T {
        if changes_roles(request) {
            let _alone = self.gate.write().unwrap_or_else(PoisonError::into_inner);
            work()
        } else {
            let _beside = self.gate.read().unwrap_or_else(PoisonError::into_inner);
            work()
        }
    }

    /// Holds back what a target that may only be read is never sent.
    fn may_be_sent(&self, request: &Request) -> Result<(), SendError> {
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        let path = request.target.to_ascii_lowercase();
        if !self.target.read_only || (reads && !path.contains("/oauth/")) {
            return Ok(());
        }
        Err(SendError::ReadOnly(format!(
            "{} {}",
            request.method, request.target
        )))
    }

    /// A store that is gone ends the run: otherwise every case that is left would wait for it.
    fn notice(&self, request: &Request, outcome: &Result<Response, wire::Error>) {
        let useless = match outcome {
            Err(_) => Some("the store does not answer any more".to_owned()),
            Ok(response) => interference(&self.target, request, response)
                .or_else(|| (response.status >= 500).then(|| format!("status {}", response.status)))
                .map(|what| format!("the store gives no answer of use any more: {what}")),
        };
        let Some(reason) = useless else {
            self.failures.store(0, Ordering::Relaxed);
            return;
        };
        if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= LOST_AFTER {
            self.stop(reason);
        }
    }

    /// Now, as the store's clock shows it.
    pub(super) fn now(&self) -> i64 {
        let lead = *self.lead.lock().unwrap_or_else(PoisonError::into_inner);
        self.clock.now().0 + lead
    }

    /// The answer, unless somebody else gave it.
    pub(super) fn own(
        &self,
        request: &Request,
        outcome: Result<Response, wire::Error>,
    ) -> Result<Response, SendError> {
        let response = outcome?;
        match interference(&self.target, request, &response) {
            Some(sentence) => Err(SendError::InTheWay(sentence)),
            None => Ok(response),
        }
    }

    fn passing(&self, request: &Request) -> Result<Request, SendError> {
        self.target
            .passage
            .through(request)
            .ok_or(SendError::NoRoom)
    }

    fn count(&self) -> Result<(), SendError> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        if let Some(budget) = self.limits.budget
            && number >= budget
            && !self.leaving.load(Ordering::SeqCst)
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

/// Whether it is one of the panel's forms that save or delete.
fn changes_roles(request: &Request) -> bool {
    let path = request.target.split('?').next().unwrap_or_default();
    let changes = |segment: &str| segment == "save" || segment == "delete";
    request.method == "POST" && path.split('/').any(changes)
}

/// Short enough to be typed again.
fn drawn(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0_u8; 4];
    entropy.fill(&mut bytes);
    u32::from_le_bytes(bytes).into()
}
