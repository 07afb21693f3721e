//! Sessions of the panel: kept in memory, several per administrator, bounded in number.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::random::{self, Entropy};
use crate::time::UnixTime;

use super::messages;

/// Most sessions at a time. Beyond it the oldest without a person goes first, then the oldest of all.
const MOST_SESSIONS: usize = 2_000;

/// Length in characters of a form key (spec config-acl-admin.md §5.1).
const FORM_KEY_LENGTH: usize = 16;

/// Most messages that wait for a full page in one session.
const MOST_MESSAGES: usize = 50;

/// Seconds; a shorter `admin/security/session_lifetime` counts as none.
const SHORTEST_LIFETIME: i64 = 60;

/// How a message looks and how urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Notice,
    Success,
}

impl Kind {
    /// The class of the message's element.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Error => "error",
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
}

/// One browser's session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    /// Row id of the administrator who is signed in.
    pub(super) admin: Option<i64>,
    pub(super) form_key: String,
    messages: Vec<Message>,
    remembered: Vec<(String, String)>,
    age: u64,
    seen_at: UnixTime,
}

impl Session {
    fn has_expired(&self, now: UnixTime, lifetime: i64) -> bool {
        self.admin.is_some() && lifetime >= SHORTEST_LIFETIME && now.since(self.seen_at) >= lifetime
    }

    fn sign_out(&mut self, entropy: &dyn Entropy) {
        self.admin = None;
        self.form_key = random::text(entropy, FORM_KEY_LENGTH);
        self.messages.clear();
        self.remembered.clear();
    }
}

#[derive(Debug, Default)]
struct Table {
    sessions: HashMap<String, Session>,
    begun: u64,
}

/// Every session of one store.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Table>);

impl Sessions {
    /// Ends every session.
    pub(super) fn forget(&self) {
        self.table().sessions.clear();
    }

    /// Moves along with a clock that skips `seconds`.
    pub(super) fn keep_signed_in(&self, seconds: i64) {
        for session in self.table().sessions.values_mut() {
            session.seen_at = session.seen_at.plus(seconds);
        }
    }

    /// The session with this id, as it is now. Who was not seen for `lifetime` seconds is signed out and told so.
    pub(super) fn resume(
        &self,
        id: &str,
        (now, lifetime): (UnixTime, i64),
        entropy: &dyn Entropy,
    ) -> Option<Session> {
        let mut table = self.table();
        let session = table.sessions.get_mut(id)?;
        if session.has_expired(now, lifetime) {
            session.sign_out(entropy);
            session.messages = vec![Message {
                kind: Kind::Error,
                text: messages::SESSION_EXPIRED.to_owned(),
            }];
        }
        session.seen_at = now;
        Some(session.clone())
    }

    /// Begins a session without a person.
    pub(super) fn begin(&self, now: UnixTime, entropy: &dyn Entropy) -> Session {
        let mut table = self.table();
        table.begun += 1;
        let session = Session {
            id: random::value(entropy),
            admin: None,
            form_key: random::text(entropy, FORM_KEY_LENGTH),
            messages: Vec::new(),
            remembered: Vec::new(),
            age: table.begun,
            seen_at: now,
        };
        if table.sessions.len() >= MOST_SESSIONS {
            table.drop_oldest();
        }
        table.sessions.insert(session.id.clone(), session.clone());
        session
    }

    /// Signs `admin` in: the session goes on under a new id.
    pub(super) fn sign_in(&self, id: &str, admin: i64, entropy: &dyn Entropy) -> Option<Session> {
        let mut table = self.table();
        let mut session = table.sessions.remove(id)?;
        session.id = random::value(entropy);
        session.admin = Some(admin);
        table.sessions.insert(session.id.clone(), session.clone());
        Some(session)
    }

    /// Signs whoever is in out: form key, messages and remembered values go; a last message may follow.
    pub(super) fn sign_out(&self, id: &str, entropy: &dyn Entropy) {
        if let Some(session) = self.table().sessions.get_mut(id) {
            session.sign_out(entropy);
        }
    }

    /// Queues a message for the next full page.
    pub(super) fn say(&self, id: &str, kind: Kind, text: impl Into<String>) {
        if let Some(session) = self.table().sessions.get_mut(id)
            && session.messages.len() < MOST_MESSAGES
        {
            session.messages.push(Message {
                kind,
                text: text.into(),
            });
        }
    }

    /// Takes the queued messages.
    pub(super) fn take_messages(&self, id: &str) -> Vec<Message> {
        let mut table = self.table();
        let session = table.sessions.get_mut(id);
        session
            .map(|session| std::mem::take(&mut session.messages))
            .unwrap_or_default()
    }

    /// Remembers posted values for the next form that is opened, whichever it is (quirk Q20).
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
