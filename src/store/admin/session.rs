//! Sessions of the panel: notes of the keeper, so that every store on a database knows them; bounded in number.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::random::{self, Entropy};
use crate::storage::{self, Note, Storage};
use crate::time::UnixTime;

use super::messages;

/// The kinds of notes: a session, and what the id of before a sign-in leads to.
const SESSION: &str = "session";
const FORMER: &str = "former";

/// Most sessions at a time. Beyond it the one that was used least lately goes, those without a person first.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Shown on every page until it is taken away.
    sticky: bool,
}

/// Why a session that had a person has none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
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
}

impl Session {
    fn new(id: String, entropy: &dyn Entropy) -> Self {
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
        }
    }

    /// As it is kept; its note's time is when it was used last.
    fn noted(&self, at: UnixTime) -> Note {
        Note {
            holder: self.admin,
            at,
            body: written(self),
        }
    }
}

/// What an id of before a sign-in leads to.
#[derive(Debug, Serialize, Deserialize)]
struct Former {
    /// The id of after it.
    later: String,
    /// The form key that goes with the id of before.
    form_key: String,
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it has names for keys and no number that JSON lacks")
}

/// None for what another release wrote otherwise: whoever had it begins anew.
fn read<T: DeserializeOwned>(note: &Note) -> Option<T> {
    serde_json::from_str(&note.body).ok()
}

/// Every session of the stores on one database.
#[derive(Clone, Copy)]
pub(super) struct Sessions<'a>(pub(super) &'a dyn Storage);

impl Sessions<'_> {
    /// Ends every session.
    pub(super) fn forget(self) -> storage::Result<()> {
        self.0.forget_notes(SESSION)?;
        self.0.forget_notes(FORMER)
    }

    /// Moves along with a clock that skips `seconds`.
    pub(super) fn keep_signed_in(self, seconds: i64) -> storage::Result<()> {
        self.0.shift_notes(SESSION, seconds)
    }

    /// The session with this id, as it is now. Whoever was not seen for `lifetime` seconds finds it over.
    pub(super) fn resume(
        self,
        id: &str,
        now: UnixTime,
        lifetime: i64,
    ) -> storage::Result<Option<Session>> {
        let former = self.0.note(FORMER, id)?;
        let former = former.filter(|note| now.since(note.at) <= FORMER_ID_LIFETIME);
        let former: Option<Former> = former.as_ref().and_then(read);
        let id = former.as_ref().map_or(id, |former| &former.later);
        let mut found = None;
        self.0.change_note(SESSION, id, &mut |note| {
            let note = note?;
            let mut session: Session = read(&note)?;
            let is_idle = lifetime > 0 && now.since(note.at) >= lifetime;
            if session.admin.is_some() && is_idle && session.ended.is_none() {
                session.ended = Some(Ended::Expired);
            }
            let kept = session.noted(now);
            found = Some(session);
            Some(kept)
        })?;
        if let (Some(session), Some(former)) = (&mut found, former) {
            session.form_key = former.form_key;
        }
        Ok(found)
    }

    /// Begins a session without a person, under the id that the browser brought if it can be one.
    pub(super) fn begin(
        self,
        brought: Option<&str>,
        now: UnixTime,
        entropy: &dyn Entropy,
    ) -> storage::Result<Session> {
        let id = brought
            .filter(|id| is_session_id(id))
            .map_or_else(|| fresh_id(entropy), ToOwned::to_owned);
        let session = Session::new(id, entropy);
        self.0.trim_notes(SESSION, MOST_SESSIONS - 1)?;
        self.put(&session, now)?;
        Ok(session)
    }

    fn put(self, session: &Session, at: UnixTime) -> storage::Result<()> {
        let noted = session.noted(at);
        self.0
            .change_note(SESSION, &session.id, &mut |_| Some(noted.clone()))
    }

    /// Signs `admin` in: the session of the first id goes on under the second, and under another form key. Unless `shared`, the administrator's other sessions are over, and
    /// the next page says so when there were any in use within `lifetime` seconds.
    pub(super) fn sign_in(
        self,
        (id, later): (&str, String),
        admin: i64,
        (shared, lifetime): (bool, i64),
        entropy: &dyn Entropy,
    ) -> storage::Result<Option<Session>> {
        let mut taken = None;
        self.0.change_note(SESSION, id, &mut |note| {
            taken = note;
            None
        })?;
        let Some((at, mut session)) =
            taken.and_then(|note| Some((note.at, read::<Session>(&note)?)))
        else {
            return Ok(None);
        };
        if !shared && self.displace(admin, at, lifetime)? {
            session.messages.push(Message {
                kind: Kind::Warning,
                text: messages::OTHERS_TERMINATED.to_owned(),
                sticky: false,
            });
        }
        session.id = later;
        session.admin = Some(admin);
        session.ended = None;
        session.captcha = None;
        session.asks_captcha = false;
        if session.id == id {
            self.put(&session, at)?;
            return Ok(Some(session));
        }
        let former = Note {
            holder: None,
            at,
            body: written(&Former {
                later: session.id.clone(),
                form_key: random::text(entropy, FORM_KEY_LENGTH),
            }),
        };
        self.0.trim_notes(FORMER, MOST_SESSIONS - 1)?;
        self.0
            .change_note(FORMER, id, &mut |_| Some(former.clone()))?;
        self.put(&session, at)?;
        Ok(Some(session))
    }

    /// Ends the other sessions of an administrator; answers whether any was in use.
    fn displace(self, admin: i64, now: UnixTime, lifetime: i64) -> storage::Result<bool> {
        let mut terminated = false;
        for (id, _) in self.0.notes_of(SESSION, admin)? {
            self.0.change_note(SESSION, &id, &mut |note| {
                let note = note?;
                let mut other: Session = read(&note)?;
                let is_used = lifetime <= 0 || now.since(note.at) < lifetime;
                terminated |= other.ended.is_none() && is_used;
                other.ended = other.ended.or(Some(Ended::Displaced));
                Some(other.noted(note.at))
            })?;
        }
        Ok(terminated)
    }

    /// Signs whoever is in out: form key, messages and remembered values go; a last message may follow.
    pub(super) fn sign_out(self, id: &str, entropy: &dyn Entropy) {
        let fresh = Session::new(id.to_owned(), entropy);
        self.change(id, |session| session.clone_from(&fresh));
    }

    /// Ends the form key, and with it every secret key that was made of it.
    pub(super) fn end_form_key(self, id: &str, entropy: &dyn Entropy) {
        let fresh = random::text(entropy, FORM_KEY_LENGTH);
        self.change(id, |session| session.form_key.clone_from(&fresh));
    }

    /// The form key as it is now.
    pub(super) fn form_key(self, id: &str) -> Option<String> {
        let note = self.0.note(SESSION, id);
        let note = note.inspect_err(|error| tracing::error!(%error, "session"));
        Some(read::<Session>(&note.ok()??)?.form_key)
    }

    /// Keeps that the password was too old, or is no longer.
    pub(super) fn set_password_is_old(self, id: &str, is_old: bool) {
        self.change(id, |session| session.password_is_old = is_old);
    }

    /// Keeps the letters of a picture.
    pub(super) fn set_captcha(self, id: &str, letters: Option<&str>) {
        self.change(id, |session| {
            session.captcha = letters.map(ToOwned::to_owned);
        });
    }

    /// From now on letters are asked whatever the name.
    pub(super) fn ask_captcha(self, id: &str) {
        self.change(id, |session| session.asks_captcha = true);
    }

    /// A database that fails here fails the next request too, which says so.
    fn change(self, id: &str, mut work: impl FnMut(&mut Session)) {
        let changed = self.0.change_note(SESSION, id, &mut |note| {
            let note = note?;
            let mut session: Session = read(&note)?;
            work(&mut session);
            Some(session.noted(note.at))
        });
        if let Err(error) = changed {
            tracing::error!(%error, "session");
        }
    }

    /// Queues a message for the next full page.
    pub(super) fn say(self, id: &str, kind: Kind, text: impl Into<String>) {
        self.queue(id, kind, &text.into(), false);
    }

    /// Has every page say `text` until [`Sessions::unstick`].
    pub(super) fn stick(self, id: &str, kind: Kind, text: impl Into<String>) {
        self.queue(id, kind, &text.into(), true);
    }

    /// Takes the messages away that every page shows.
    pub(super) fn unstick(self, id: &str) {
        self.change(id, |session| {
            session.messages.retain(|message| !message.sticky);
        });
    }

    fn queue(self, id: &str, kind: Kind, text: &str, sticky: bool) {
        self.change(id, |session| {
            if session.messages.len() < MOST_MESSAGES {
                let text = text.to_owned();
                session.messages.push(Message { kind, text, sticky });
            }
        });
    }

    /// Takes the queued messages in the order of a page: errors, notices, successes.
    pub(super) fn take_messages(self, id: &str) -> Vec<Message> {
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
    pub(super) fn remember(self, id: &str, values: &[(String, String)]) {
        self.change(id, |session| session.remembered = values.to_vec());
    }

    /// Takes the remembered values; empty when there are none.
    pub(super) fn take_remembered(self, id: &str) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        self.change(id, |session| {
            taken = std::mem::take(&mut session.remembered);
        });
        taken
    }
}

/// Letters, digits, `-` and `,`, as PHP makes them.
fn is_session_id(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b',');
    FOREIGN_ID_LENGTHS.contains(&text.len()) && text.bytes().all(known)
}

/// An id for a session.
pub(super) fn fresh_id(entropy: &dyn Entropy) -> String {
    random::text(entropy, ID_LENGTH)
}
