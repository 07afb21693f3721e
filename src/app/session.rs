//! Browsers that the app knows: a cookie each, the account that has signed in, and a token that its forms carry.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Trouble;
use crate::random::{self, Entropy};
use crate::secret::Secret;
use crate::time::UnixTime;
use crate::wire::{Request, Response};

/// The cookie's name.
const COOKIE: &str = "magespec_app";

/// Characters of a cookie and of a form token.
const LENGTH: usize = 32;

/// Seconds without a request after which a browser is forgotten.
const LIFETIME: i64 = 8 * 3600;

/// Browsers that are remembered.
const MOST_SESSIONS: usize = 10_000;

/// Failed sign-ins of one account or one address within [`WINDOW`] that are allowed.
const MOST_FAILURES: u32 = 5;

/// Credentials POSTs of one address within a minute that are allowed.
const MOST_POSTS: u32 = 300;

/// Seconds in which failures count, and for which too many of them close the door.
const WINDOW: i64 = 900;

/// Names and addresses whose failures are remembered.
const MOST_COUNTED: usize = 10_000;

/// The people who may sign in.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Vec<(String, Option<Secret>)>);

impl Accounts {
    /// Nobody in particular: whoever comes may sign in, as on a developer's machine.
    #[must_use]
    pub const fn anybody() -> Self {
        Self(Vec::new())
    }

    /// Adds an account; without a password any will do.
    pub fn add(&mut self, name: String, password: Option<Secret>) {
        self.0.push((name, password));
    }

    /// Whether there are accounts at all.
    #[must_use]
    pub const fn are_asked_for(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether this name and password are an account's. Takes as long for a name that there is not.
    #[must_use]
    pub fn admit(&self, name: &str, password: &str) -> bool {
        let (name, password) = (Secret::new(name), Secret::new(password));
        let mut admitted = self.0.is_empty();
        for (known, secret) in &self.0 {
            let same_name = Secret::new(known) == name;
            let same_password = secret.as_ref().is_none_or(|secret| *secret == password);
            admitted |= same_name & same_password;
        }
        admitted
    }
}

/// A browser.
#[derive(Clone, Debug)]
pub(super) struct Session {
    id: String,
    /// What its forms carry.
    pub(super) form_token: String,
    /// The account that has signed in.
    pub(super) account: Option<String>,
    seen: UnixTime,
    is_new: bool,
}

impl Session {
    /// Whether a form that was sent carries this browser's token.
    pub(super) fn sent(&self, token: &str) -> bool {
        !self.is_new && Secret::new(token) == Secret::new(&self.form_token)
    }
}

/// Browsers and failures.
pub(super) struct Sessions {
    browsers: Mutex<HashMap<String, Session>>,
    counted: Mutex<HashMap<String, (u32, UnixTime)>>,
    entropy: Arc<dyn Entropy>,
    secure: bool,
}

impl Sessions {
    /// `secure` when the app is reached over HTTPS alone.
    pub(super) fn new(entropy: Arc<dyn Entropy>, secure: bool) -> Self {
        Self {
            browsers: Mutex::default(),
            counted: Mutex::default(),
            entropy,
            secure,
        }
    }

    /// The browser of a request; a new one when its cookie is none of ours.
    pub(super) fn of(&self, request: &Request, now: UnixTime) -> Session {
        let mut browsers = lock(&self.browsers);
        let known = cookie(request).and_then(|id| browsers.get_mut(&id));
        match known {
            Some(session) if now.since(session.seen) < LIFETIME => {
                session.seen = now;
                session.clone()
            }
            _ => self.fresh(now),
        }
    }

    /// Keeps a browser and tells it its cookie.
    pub(super) fn keep(&self, session: Session, response: &mut Response) {
        let is_new = session.is_new;
        let id = session.id.clone();
        let kept = Session {
            is_new: false,
            ..session
        };
        let mut browsers = lock(&self.browsers);
        if browsers.len() >= MOST_SESSIONS && !browsers.contains_key(&id) {
            let oldest = browsers.values().min_by_key(|browser| browser.seen);
            if let Some(oldest) = oldest.map(|browser| browser.id.clone()) {
                browsers.remove(&oldest);
            }
        }
        browsers.insert(id.clone(), kept);
        if is_new {
            let secure = if self.secure { "; Secure" } else { "" };
            response.headers.add(
                "Set-Cookie",
                format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{secure}"),
            );
        }
    }

    /// The browser after a sign-in: another cookie, so that one known before is worth nothing.
    pub(super) fn signed_in(&self, session: &Session, account: &str, now: UnixTime) -> Session {
        lock(&self.browsers).remove(&session.id);
        Session {
            account: Some(account.to_owned()),
            ..self.fresh(now)
        }
    }

    /// Forgets a browser.
    pub(super) fn end(&self, session: &Session) {
        lock(&self.browsers).remove(&session.id);
    }

    /// Counts a sign-in before its password is looked at.
    ///
    /// # Errors
    /// When the account or the address has failed too often lately.
    pub(super) fn begin_sign_in(
        &self,
        account: &str,
        peer: IpAddr,
        now: UnixTime,
    ) -> Result<(), Trouble> {
        let keys = [
            format!("name {}", account.to_lowercase()),
            format!("peer {peer}"),
        ];
        for (key, most) in keys.into_iter().zip([MOST_FAILURES, MOST_FAILURES * 4]) {
            if let Some(seconds) = self.count(key, most, WINDOW, now) {
                return Err(Trouble::TooManySignIns(seconds));
            }
        }
        Ok(())
    }

    /// A sign-in was right: the account's failures count no more.
    pub(super) fn forgive(&self, account: &str, peer: IpAddr) {
        let mut counted = lock(&self.counted);
        counted.remove(&format!("name {}", account.to_lowercase()));
        counted.remove(&format!("peer {peer}"));
    }

    /// Counts a credentials POST.
    ///
    /// # Errors
    /// When the address has sent too many lately.
    pub(super) fn begin_post(&self, peer: IpAddr, now: UnixTime) -> Result<(), Trouble> {
        let over = self.count(format!("post {peer}"), MOST_POSTS, 60, now);
        over.map_or(Ok(()), |seconds| Err(Trouble::TooManyPosts(seconds)))
    }

    /// Counts one more; answers the seconds to wait when there are more than `most` within `window`.
    fn count(&self, key: String, most: u32, window: i64, now: UnixTime) -> Option<i64> {
        let mut counted = lock(&self.counted);
        if counted.len() >= MOST_COUNTED && !counted.contains_key(&key) {
            counted.retain(|_, (_, since)| now.since(*since) < WINDOW);
            if counted.len() >= MOST_COUNTED {
                counted.clear();
            }
        }
        let entry = counted.entry(key).or_insert((0, now));
        if now.since(entry.1) >= window {
            *entry = (0, now);
        }
        entry.0 = entry.0.saturating_add(1);
        (entry.0 > most).then(|| (window - now.since(entry.1)).max(1))
    }

    fn fresh(&self, now: UnixTime) -> Session {
        Session {
            id: random::text(self.entropy.as_ref(), LENGTH),
            form_token: random::text(self.entropy.as_ref(), LENGTH),
            account: None,
            seen: now,
            is_new: true,
        }
    }
}

fn cookie(request: &Request) -> Option<String> {
    let fields = request.headers.all("Cookie");
    let mut pairs = fields.flat_map(|field| field.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| value.to_owned())
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
