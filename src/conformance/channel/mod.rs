//! The way to the store under test: sends, within the limits of the run, and notices who answers.

mod interference;

pub(crate) use interference::{is_known_wall, is_page, speaker, wall};

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use crate::time::Clock;
use crate::wire::{self, Client, Exchange, Origin, Request, Response};

use crate::conformance::probe::Watch;
use crate::conformance::result::READ_ONLY;
use crate::conformance::target::Target;
use interference::interference;

/// What a run may cost the target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Requests per second, when limited.
    pub rate: Option<u32>,
    /// Requests in all, when limited.
    pub budget: Option<u64>,
}

/// The way to the store under test.
pub struct Channel {
    /// The store under test.
    pub target: Target,
    client: Client,
    runtime: Handle,
    limits: Limits,
    pub(super) clock: Box<dyn Clock>,
    /// How far the store's clock is ahead.
    pub(super) lead: Mutex<i64>,
    /// What no answer may hold.
    pub(super) watch: Arc<Watch>,
    /// What changes the store's roles is sent while nothing else is.
    gate: RwLock<()>,
    sent: AtomicU64,
    pace: Mutex<Option<Instant>>,
    stopped: OnceLock<String>,
    failures: AtomicU32,
    leaving: AtomicBool,
}

impl fmt::Debug for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Channel")
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

impl Channel {
    /// A way to this target.
    #[must_use]
    pub fn new(
        target: Target,
        client: Client,
        runtime: Handle,
        limits: Limits,
        clock: Box<dyn Clock>,
    ) -> Self {
        Self {
            target,
            client,
            runtime,
            limits,
            clock,
            lead: Mutex::new(0),
            watch: Arc::default(),
            gate: RwLock::new(()),
            sent: AtomicU64::new(0),
            pace: Mutex::new(None),
            stopped: OnceLock::new(),
            failures: AtomicU32::new(0),
            leaving: AtomicBool::new(false),
        }
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

    /// Whether the last request got no answer of use.
    pub(super) fn is_disturbed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
    }

    /// [`Channel::send`] with whatever came, also when somebody else than the store said it.
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

    /// [`Channel::send`], with the record of what went over the wire.
    ///
    /// # Errors
    /// When a limit is reached.
    pub fn exchange(
        &self,
        request: &Request,
    ) -> Result<(Result<Response, wire::Error>, Exchange), SendError> {
        self.exchange_at(&self.target.origin, request)
    }

    /// [`Channel::exchange`] with another origin of the store.
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
