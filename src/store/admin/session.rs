//! Sessions of the panel: kept in memory, bounded in number.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::random::{self, Entropy};
use crate::time::UnixTime;

use super::messages;

/// Most sessions at a time. Beyond it the oldest without a person goes first, then the oldest of all.
const MOST_SESSIONS: usize = 2_000;

/// Length in characters of a form key.
const FORM_KEY_LENGTH: usize = 16;

/// Most messages that wait for a full page in one session.
const MOST_MESSAGES: usize = 50;

/// Length in characters of a session id.
const ID_LENGTH: usize = 26;

/// Lengths of a session id that a browser may bring along itself: there is no strict mode (measured 2.4.7-p3).
const FOREIGN_ID_LENGTHS: std::ops::RangeInclusive<usize> = 22..=64;

/// Seconds for which the id of before a sign-in leads to the session of after it.
const FORMER_ID_LIFETIME: i64 = 300;

/// How a message looks and how urgent it is: a page shows errors first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Error,
    Warning,
    Notice,
    Success,
}

impl Kind {
    /// The class of the message's element.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
            Self::Success => "success",
        }
    }
}

/// A message that waits for the next full page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Shown on every page until it is taken away.
    sticky: bool,
}

/// Why a session that had a person has none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Nobody used it for its lifetime.
    Expired,
    /// The same administrator signed in elsewhere.
    Displaced,
    /// The account was closed.
    Closed,
}

impl Ended {
    /// The value of the cookie `loggedOutReasonCode`; none when no such cookie is set.
    pub(super) const fn code(self) -> Option<u8> {
        match self {
            Self::Expired => Some(0),
            Self::Displaced => Some(2),
            Self::Closed => None,
        }
    }

    /// What the sign-in page says.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Expired => messages::SESSION_EXPIRED,
            Self::Displaced => messages::SESSION_DISPLACED,
            Self::Closed => messages::ACCESS_FAILED,
        }
    }
}

/// One browser's session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    /// Row id of the administrator who is signed in.
    pub(super) admin: Option<i64>,
    pub(super) form_key: String,
    /// Why it is over, when it is.
    pub(super) ended: Option<Ended>,
    /// The password was too old when it was typed: nothing but the account's own page is shown.
    pub(super) password_is_old: bool,
    /// The letters of the picture that the sign-in page shows.
    pub(super) captcha: Option<String>,
    /// Letters are asked whatever the name, since one of the names that were tried failed too often.
    pub(super) asks_captcha: bool,
    messages: Vec<Message>,
    remembered: Vec<(String, String)>,
    age: u64,
    seen_at: UnixTime,
}

impl Session {
    fn new(id: String, now: UnixTime, age: u64, entropy: &dyn Entropy) -> Self {
        Self {
            id,
            admin: None,
            form_key: random::text(entropy, FORM_KEY_LENGTH),
            ended: None,
            password_is_old: false,
            captcha: None,
            asks_captcha: false,
            messages: Vec::new(),
            remembered: Vec::new(),
            age,
            seen_at: now,
        }
    }
}

#[derive(Debug, Default)]
struct Table {
    sessions: HashMap<String, Session>,
    /// Ids of before a sign-in.
    former: HashMap<String, Former>,
    begun: u64,
}

/// What an id of before a sign-in leads to.
#[derive(Debug)]
struct Former {
    /// The id of after it.
    later: String,
    /// The form key that goes with the id of before.
    form_key: String,
    since: UnixTime,
}

/// Every session of one store.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Table>);

impl Sessions {
    /// Ends every session.
    pub(super) fn forget(&self) {
        *self.table() = Table::default();
    }

    /// Moves along with a clock that skips `seconds`.
    pub(super) fn keep_signed_in(&self, seconds: i64) {
        for session in self.table().sessions.values_mut() {
            session.seen_at = session.seen_at.plus(seconds);
        }
    }

    /// The session with this id, as it is now. Whoever was not seen for `lifetime` seconds finds it over.
    pub(super) fn resume(&self, id: &str, now: UnixTime, lifetime: i64) -> Option<Session> {
        let mut table = self.table();
        let former = table.former.get(id);
        let former = former.filter(|former| now.since(former.since) <= FORMER_ID_LIFETIME);
        let (id, form_key) = former.map_or_else(
            || (id.to_owned(), None),
            |former| (former.later.clone(), Some(former.form_key.clone())),
        );
        let session = table.sessions.get_mut(&id)?;
        let idle = now.since(session.seen_at);
        if session.admin.is_some() && lifetime > 0 && idle >= lifetime && session.ended.is_none() {
            session.ended = Some(Ended::Expired);
        }
        session.seen_at = now;
        let mut session = session.clone();
        session.form_key = form_key.unwrap_or(session.form_key);
        Some(session)
    }

    /// Begins a session without a person, under the id that the browser brought if it can be one.
    pub(super) fn begin(
        &self,
        brought: Option<&str>,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> Session {
        let mut table = self.table();
        table.begun += 1;
        let id = brought
            .filter(|id| is_session_id(id))
            .map_or_else(|| fresh_id(entropy), ToOwned::to_owned);
        let session = Session::new(id, now, table.begun, entropy);
        if table.sessions.len() >= MOST_SESSIONS {
            table.drop_oldest();
        }
        table.sessions.insert(session.id.clone(), session.clone());
        session
    }

    /// Signs `admin` in: the session goes on under a new id and form key. Unless `shared`, the administrator's other sessions are over, and
    /// the next page says so when there were any in use within `lifetime` seconds.
    pub(super) fn sign_in(
        &self,
        id: &str,
        admin: i64,
        (shared, lifetime): (bool, i64),
        entropy: &dyn Entropy,
    ) -> Option<Session> {
        let mut table = self.table();
        let mut session = table.sessions.remove(id)?;
        if !shared {
            let mut terminated = false;
            let others = table.sessions.values_mut();
            for other in others.filter(|other| other.admin == Some(admin)) {
                let idle = session.seen_at.since(other.seen_at);
                terminated |= other.ended.is_none() && (lifetime <= 0 || idle < lifetime);
                other.ended = other.ended.or(Some(Ended::Displaced));
            }
            if terminated {
                session.messages.push(Message {
                    kind: Kind::Warning,
                    text: messages::OTHERS_TERMINATED.to_owned(),
                    sticky: false,
                });
            }
        }
        session.id = fresh_id(entropy);
        session.admin = Some(admin);
        session.ended = None;
        session.captcha = None;
        session.asks_captcha = false;
        if table.former.len() >= MOST_SESSIONS {
            table.former.clear();
        }
        let former = Former {
            later: session.id.clone(),
            form_key: random::text(entropy, FORM_KEY_LENGTH),
            since: session.seen_at,
        };
        table.former.insert(id.to_owned(), former);
        table.sessions.insert(session.id.clone(), session.clone());
        Some(session)
    }

    /// Signs whoever is in out: form key, messages and remembered values go; a last message may follow.
    pub(super) fn sign_out(&self, id: &str, entropy: &dyn Entropy) {
        if let Some(session) = self.table().sessions.get_mut(id) {
            let (id, age) = (std::mem::take(&mut session.id), session.age);
            *session = Session::new(id, session.seen_at, age, entropy);
        }
    }

    /// Ends the form key, and with it every secret key that was made of it.
    pub(super) fn end_form_key(&self, id: &str, entropy: &dyn Entropy) {
        self.change(id, |session| {
            session.form_key = random::text(entropy, FORM_KEY_LENGTH);
        });
    }

    /// The form key as it is now.
    pub(super) fn form_key(&self, id: &str) -> Option<String> {
        let table = self.table();
        Some(table.sessions.get(id)?.form_key.clone())
    }

    /// Keeps that the password was too old, or is no longer.
    pub(super) fn set_password_is_old(&self, id: &str, is_old: bool) {
        self.change(id, |session| session.password_is_old = is_old);
    }

    /// Keeps the letters of a picture.
    pub(super) fn set_captcha(&self, id: &str, letters: Option<String>) {
        self.change(id, |session| session.captcha = letters);
    }

    /// From now on letters are asked whatever the name.
    pub(super) fn ask_captcha(&self, id: &str) {
        self.change(id, |session| session.asks_captcha = true);
    }

    fn change(&self, id: &str, work: impl FnOnce(&mut Session)) {
        if let Some(session) = self.table().sessions.get_mut(id) {
            work(session);
        }
    }

    /// Queues a message for the next full page.
    pub(super) fn say(&self, id: &str, kind: Kind, text: impl Into<String>) {
        self.queue(id, kind, text.into(), false);
    }

    /// Has every page say `text` until [`Sessions::unstick`].
    pub(super) fn stick(&self, id: &str, kind: Kind, text: impl Into<String>) {
        self.queue(id, kind, text.into(), true);
    }

    /// Takes the messages away that every page shows.
    pub(super) fn unstick(&self, id: &str) {
        self.change(id, |session| {
            session.messages.retain(|message| !message.sticky);
        });
    }

    fn queue(&self, id: &str, kind: Kind, text: String, sticky: bool) {
        self.change(id, |session| {
            if session.messages.len() < MOST_MESSAGES {
                session.messages.push(Message { kind, text, sticky });
            }
        });
    }

    /// Takes the queued messages in the order of a page: errors, notices, successes.
    pub(super) fn take_messages(&self, id: &str) -> Vec<Message> {
        let mut taken = Vec::new();
        self.change(id, |session| {
            taken = std::mem::take(&mut session.messages);
            let sticky = taken.iter().filter(|message| message.sticky);
            session.messages = sticky.cloned().collect();
        });
        taken.sort_by_key(|message| message.kind);
        taken
    }

    /// Remembers posted values for the next form that is opened, whichever it is.
    pub(super) fn remember(&self, id: &str, values: Vec<(String, String)>) {
        if let Some(session) = self.table().sessions.get_mut(id) {
            session.remembered = values;
        }
    }

    /// Takes the remembered values; empty when there are none.
    pub(super) fn take_remembered(&self, id: &str) -> Vec<(String, String)> {
        let mut table = self.table();
        let session = table.sessions.get_mut(id);
        session
            .map(|session| std::mem::take(&mut session.remembered))
            .unwrap_or_default()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Letters, digits, `-` and `,`, as PHP makes them.
fn is_session_id(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b',');
    FOREIGN_ID_LENGTHS.contains(&text.len()) && text.bytes().all(known)
}

fn fresh_id(entropy: &dyn Entropy) -> String {
    let mut id = random::value(entropy);
    id.truncate(ID_LENGTH);
    id
}

impl Table {
    fn drop_oldest(&mut self) {
        let oldest = self
            .sessions
            .values()
            .min_by_key(|session| (session.admin.is_some(), session.age))
            .map(|session| session.id.clone());
        if let Some(id) = oldest {
            self.sessions.remove(&id);
        }
    }
}
