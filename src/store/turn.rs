//! One request on its way through the store, and what the request log will say of it.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::oauth::{self, Profile, base_string};
use crate::time::UnixTime;
use crate::wire::server::Connection;
use crate::wire::{Request, Response};

/// Where it is said why a signature is refused; the debug log says it in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Explaining {
    AtDebug,
    InJournal,
    InLog,
}

/// A request, the connection it came over, and notes for the log.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) request: &'a Request,
    pub(crate) connection: &'a Connection,
    secure: bool,
    behind_proxy: bool,
    began: Instant,
    id: String,
    explaining: Explaining,
    session: Cell<bool>,
    ended_cookies: RefCell<Vec<&'static str>>,
    notes: RefCell<Notes>,
}

#[derive(Debug, Default)]
struct Notes {
    caller: Option<String>,
    reason: Option<String>,
    base_string: Option<String>,
    explanation: Option<String>,
}

impl<'a> Turn<'a> {
    /// `offloader` names the field that says `https` for a request that came so to a proxy: stores believe it from anybody
    /// (docs/protocol/signatures.md#the-url). `behind_proxy` tells whether `X-Forwarded-Host` and `X-Forwarded-For` are believed too.
    pub(crate) fn new(
        request: &'a Request,
        connection: &'a Connection,
        offloader: &str,
        behind_proxy: bool,
    ) -> Self {
        let scheme = request.headers.first(offloader);
        Self {
            request,
            connection,
            secure: connection.secure
                || scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
            behind_proxy,
            began: Instant::now(),
            id: id(request, behind_proxy),
            explaining: Explaining::AtDebug,
            session: Cell::new(false),
            ended_cookies: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// Who wants to know why a signature is refused: the journal, the request log.
    pub(crate) const fn explained(mut self, kept: bool, logged: bool) -> Self {
        self.explaining = match (kept, logged) {
            (_, true) => Explaining::InLog,
            (true, false) => Explaining::InJournal,
            (false, false) => Explaining::AtDebug,
        };
        self
    }

    /// By which the log tells it from others.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// How long it has taken so far.
    pub(crate) fn took(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether the request counts as HTTPS: over TLS, or said so by the offload header.
    pub(crate) const fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host that the request was sent to, port included.
    pub(crate) fn host(&self) -> &'a str {
        let headers = &self.request.headers;
        let forwarded = headers
            .first("X-Forwarded-Host")
            .filter(|_| self.behind_proxy);
        forwarded
            .or_else(|| headers.first("Host"))
            .unwrap_or_default()
    }

    /// The same without the port.
    pub(crate) fn host_name(&self) -> &'a str {
        let host = self.host();
        host.rsplit_once(':').map_or(host, |(name, _)| name)
    }

    /// Where the request came from.
    fn peer(&self) -> String {
        let forwarded = self
            .request
            .headers
            .first("X-Forwarded-For")
            .filter(|_| self.behind_proxy)
            .and_then(|list| list.split(',').next());
        forwarded.map_or_else(
            || self.connection.peer.to_string(),
            |first| first.trim().to_owned(),
        )
    }

    /// A customer's session was looked for, and so one begins.
    pub(crate) fn begin_session(&self) {
        self.session.set(true);
    }

    /// Whether the answer carries the cookie of a session.
    pub(crate) fn began_session(&self) -> bool {
        self.session.get()
    }

    /// The answer ends this cookie of the visitor.
    pub(crate) fn end_cookie(&self, name: &'static str) {
        self.ended_cookies.borrow_mut().push(name);
    }

    /// The cookies that the answer ends, in order.
    pub(crate) fn ended_cookies(&self) -> Vec<&'static str> {
        self.ended_cookies.borrow().clone()
    }

    /// Whose request it is, without any secret.
    pub(crate) fn note_caller(&self, caller: impl Into<String>) {
        self.notes.borrow_mut().caller = Some(caller.into());
    }

    /// Why it is refused.
    pub(crate) fn note_reason(&self, reason: impl Into<String>) {
        self.notes.borrow_mut().reason = Some(reason.into());
    }

    /// Keeps the base string that the store built, when someone listens at debug level.
    pub(crate) fn note_base_string(&self, profile: &Profile, request: &oauth::Request<'_>) {
        if tracing::enabled!(tracing::Level::DEBUG) {
            let built = base_string(profile.dialect, request).ok();
            self.notes.borrow_mut().base_string = built.map(|text| masked(&text));
        }
    }

    /// Keeps why credentials are refused or passed over, when someone wants to know.
    pub(crate) fn note_explanation(&self, explain: impl FnOnce() -> Option<String>) {
        let wanted = self.explaining != Explaining::AtDebug;
        if wanted || tracing::enabled!(tracing::Level::DEBUG) {
            self.notes.borrow_mut().explanation = explain();
        }
    }

    /// What became of it, for the journal of the control API: no query, no header and no body, where secrets could be.
    pub(crate) fn shown(&self, response: &Response, now: UnixTime) -> Value {
        let notes = self.notes.borrow();
        json!({
            "id": self.id,
            "time": now.0,
            "method": self.request.method,
            "path": self.path(),
            "peer": self.peer(),
            "caller": notes.caller.as_deref().unwrap_or("guest"),
            "status": response.status,
            "milliseconds": u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "reason": notes.reason,
            "explanation": notes.explanation,
        })
    }

    /// The path as it may be shown.
    fn path(&self) -> String {
        without_key(super::front::raw_path(&self.request.target))
    }

    /// Writes the line of the request log.
    pub(crate) fn log(&self, response: &Response) {
        let notes = self.notes.borrow();
        let path = &self.path();
        let caller = notes.caller.as_deref().unwrap_or("guest");
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let reason = notes.reason.as_deref();
        tracing::info!(
            method = self.request.method,
            path,
            peer = self.peer(),
            caller,
            status = response.status,
            milliseconds,
            reason,
            "request"
        );
        let explanation = notes.explanation.as_deref();
        if let (Explaining::InLog, Some(explanation)) = (self.explaining, explanation) {
            tracing::info!(path, explanation, "signature");
        }
        if let Some(base_string) = &notes.base_string {
            tracing::debug!(path, base_string, explanation, "base string");
        } else if let Some(explanation) = explanation {
            tracing::debug!(path, explanation, "credentials not taken");
        }
    }
}

/// A number of this process, or the id that a proxy has given it.
fn id(request: &Request, behind_proxy: bool) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let is_fit = |id: &&str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=64).contains(&id.len()) && id.bytes().all(fits)
    };
    let given = request.headers.first("X-Request-Id");
    if let Some(id) = given.filter(|_| behind_proxy).filter(is_fit) {
        return id.to_owned();
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}-{number}", std::process::id())
}

/// A path of the panel without its secret key, which opens the session's forms to whoever reads the log.
fn without_key(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').collect();
    if let Some(at) = segments.iter().position(|segment| *segment == "key")
        && let Some(key) = segments.get_mut(at + 1)
    {
        *key = "***";
    }
    segments.join("/")
}

/// A base string without the values that are secrets: verifiers and passwords.
fn masked(base_string: &str) -> String {
    let mut output = String::with_capacity(base_string.len());
    for (place, pair) in base_string.split("%26").enumerate() {
        if place > 0 {
            output.push_str("%26");
        }
        match pair.split_once("%3D") {
            Some((name, _)) if name.ends_with("oauth_verifier") || name.ends_with("password") => {
                output.push_str(name);
                output.push_str("%3D***");
            }
            _ => output.push_str(pair),
        }
    }
    output
}
