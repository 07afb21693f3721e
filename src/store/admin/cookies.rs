//! The panel's cookies: the session, renewed by every answer, and those that go away (measured 2.4.7-p3).

use std::cell::{Cell, RefCell};

use crate::store::page::http_date;
use crate::store::turn::Turn;
use crate::time::UnixTime;
use crate::wire::{Headers, Response};

/// The session cookie.
pub(super) const SESSION: &str = "admin";

/// The cookie that tells a script why its session was over.
const REASON: &str = "loggedOutReasonCode";

/// The value of a cookie in a request; the last one of the name counts.
pub(super) fn sent<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers
        .all("Cookie")
        .flat_map(|header| header.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(other, _)| *other == name)
        .map(|(_, value)| value)
        .last()
}

/// What an answer tells the browser to keep and to drop.
pub(super) struct Jar {
    path: String,
    domain: String,
    secure: bool,
    lifetime: i64,
    ends_form_key: Cell<bool>,
    prolonged: Cell<bool>,
    renamed: RefCell<Option<String>>,
    reason: Cell<Option<u8>>,
}

impl Jar {
    /// `front` is the base URL with the front name; `lifetime` counts in seconds.
    pub(super) fn new(turn: &Turn<'_>, front: &str, lifetime: i64) -> Self {
        let host = turn.host();
        let domain = host.rsplit_once(':').map_or(host, |(name, port)| {
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            if is_port { name } else { host }
        });
        Self {
            path: path_of(front).trim_end_matches('/').to_owned(),
            domain: domain.to_owned(),
            secure: turn.is_secure(),
            lifetime,
            ends_form_key: Cell::new(false),
            prolonged: Cell::new(false),
            renamed: RefCell::new(None),
            reason: Cell::new(None),
        }
    }

    /// The form key that the browser knows is no longer good.
    pub(super) fn delete_form_key(&self) {
        self.ends_form_key.set(true);
    }

    /// The session was prolonged: its cookie is sent twice.
    pub(super) fn prolong(&self) {
        self.prolonged.set(true);
    }

    /// The session goes on under another id.
    pub(super) fn rename(&self, id: &str) {
        self.renamed.replace(Some(id.to_owned()));
    }

    /// The session is gone for this reason.
    pub(super) fn delete_session(&self, reason: u8) {
        self.reason.set(Some(reason));
    }

    /// Writes the cookies of an answer in the session `id`.
    pub(super) fn empty_into(&self, response: &mut Response, id: &str, now: UnixTime) {
        let headers = &mut response.headers;
        let renamed = self.renamed.borrow();
        let form_key = self.ends_form_key.get();
        let is_new = renamed.is_some() || self.reason.get().is_some();
        if form_key && is_new {
            headers.add("Set-Cookie", self.gone("form_key", ""));
        }
        let session = self.kept(renamed.as_deref().unwrap_or(id), now);
        if self.prolonged.get() && self.reason.get().is_none() {
            headers.add("Set-Cookie", session.clone());
        }
        headers.add("Set-Cookie", session);
        if form_key && !is_new {
            headers.add("Set-Cookie", self.gone("form_key", ""));
        }
        if let Some(code) = self.reason.get() {
            headers.add("Set-Cookie", self.gone(SESSION, "; HttpOnly"));
            let line = format!("{REASON}={code}; path={}; SameSite=Strict", self.path);
            headers.add("Set-Cookie", line);
        }
    }

    fn kept(&self, id: &str, now: UnixTime) -> String {
        let Self {
            path,
            domain,
            lifetime,
            ..
        } = self;
        let secure = if self.secure { "; secure" } else { "" };
        let life = if *lifetime > 0 {
            let expires = http_date(now.plus(*lifetime));
            format!("; expires={expires}; Max-Age={lifetime}")
        } else {
            String::new()
        };
        format!(
            "{SESSION}={id}{life}; path={path}; domain={domain}{secure}; HttpOnly; SameSite=Lax"
        )
    }

    fn gone(&self, name: &str, kind: &str) -> String {
        let Self { path, domain, .. } = self;
        let secure = if self.secure { "; secure" } else { "" };
        format!(
            "{name}=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; path={path}; domain={domain}{secure}{kind}; SameSite=Lax"
        )
    }
}

/// The path of a URL.
pub(super) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    &rest[rest.find('/').unwrap_or(rest.len())..]
}
