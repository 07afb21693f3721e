//! The letters that the sign-in page asks for after failures: `admin/captcha/*` (measured 2.4.7-p3).
//!
//! The picture is drawn plainly: it stands where a real one stands, and keeps nobody out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::random::Entropy;
use crate::storage::{self, Note, Storage};
use crate::store::settings;
use crate::time::UnixTime;
use crate::wire::Response;

use super::markup;
use super::visit::Visit;

/// The form, as its picture and its field are called.
const FORM: &str = "backend_login";

/// Most names and addresses whose failures are counted; beyond them the oldest is forgotten.
const MOST_COUNTED: usize = 10_000;

/// Failed sign-ins, by user name and by address of the browser: notes of the keeper.
#[derive(Clone, Copy)]
pub(super) struct Failures<'a>(pub(super) &'a dyn Storage);

/// The kind of those notes.
const FAILURES: &str = "captcha";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Of {
    Name,
    Address,
}

impl Of {
    fn note(self, who: &str) -> String {
        match self {
            Self::Name => format!("name {who}"),
            Self::Address => format!("address {who}"),
        }
    }
}

impl Failures<'_> {
    fn of(self, whose: Of, who: &str) -> storage::Result<i64> {
        let note = self.0.note(FAILURES, &whose.note(who))?;
        Ok(note.map_or(0, |note| settings::integer(&note.body)))
    }

    fn count(self, whose: Of, who: &str, now: UnixTime) -> storage::Result<()> {
        self.0.trim_notes(FAILURES, MOST_COUNTED)?;
        self.0.change_note(FAILURES, &whose.note(who), &mut |note| {
            let before = note.map_or(0, |note| settings::integer(&note.body));
            Some(Note {
                holder: None,
                at: now,
                body: before.saturating_add(1).to_string(),
            })
        })
    }

    fn forget(self, whose: Of, who: &str) -> storage::Result<()> {
        self.0
            .change_note(FAILURES, &whose.note(who), &mut |_| None)
    }

    /// Nobody has failed.
    pub(super) fn clear(self) -> storage::Result<()> {
        self.0.forget_notes(FAILURES)
    }
}

/// The picture as the page shows it.
pub(super) struct Picture {
    pub(super) source: String,
    pub(super) form: &'static str,
    /// Where another picture comes from, for a script.
    pub(super) refresh: String,
}

/// Whether the letters are right, or none are asked of this name. They are good for one try.
pub(super) fn passes(visit: &Visit<'_>, user: &str) -> storage::Result<bool> {
    if !is_asked(visit, user)? {
        return Ok(true);
    }
    let sessions = &visit.store.panel().sessions;
    let letters = visit.session.captcha.clone();
    sessions.set_captcha(&visit.session.id, None);
    let typed = visit.fields.posted("captcha[backend_login]");
    let (Some(letters), Some(typed)) = (letters, typed) else {
        return Ok(false);
    };
    let exact = visit.store.is_on("admin/captcha/case_sensitive")?;
    Ok(letters == typed || (!exact && letters.eq_ignore_ascii_case(typed)))
}

/// Counts a failure of this name and address.
pub(super) fn count_failure(visit: &Visit<'_>, user: &str) -> storage::Result<()> {
    let panel = visit.store.panel();
    let now = visit.store.now();
    let failures = panel.failures;
    failures.count(Of::Name, &storage::fold(user), now)?;
    failures.count(Of::Address, &address(visit), now)?;
    if is_asked(visit, user)? {
        panel.sessions.ask_captcha(&visit.session.id);
    }
    Ok(())
}

/// A good sign-in forgets the failures.
pub(super) fn forget(visit: &Visit<'_>, user: &str) -> storage::Result<()> {
    let failures = visit.store.panel().failures;
    failures.forget(Of::Name, &storage::fold(user))?;
    failures.forget(Of::Address, &address(visit))
}

/// A fresh picture, when one is asked of this name.
pub(super) fn picture(visit: &Visit<'_>, user: &str) -> storage::Result<Option<Picture>> {
    if !is_asked(visit, user)? {
        return Ok(None);
    }
    Ok(Some(Picture {
        source: draw(visit)?,
        form: FORM,
        refresh: markup::script_text(&format!("{}admin/refresh/refresh/", visit.front)),
    }))
}

/// Another picture for a script.
pub(super) fn refresh(visit: &Visit<'_>) -> storage::Result<Response> {
    Ok(visit.json(&json!({ "imgSrc": draw(visit)? })))
}

fn is_asked(visit: &Visit<'_>, user: &str) -> storage::Result<bool> {
    let store = visit.store;
    let forms = store.setting("admin/captcha/forms")?.unwrap_or_default();
    let is_on = store.is_on("admin/captcha/enable")? && forms.split(',').any(|form| form == FORM);
    if !is_on {
        return Ok(false);
    }
    let always = store.setting("admin/captcha/mode")?.as_deref() == Some("always");
    if always || visit.session.asks_captcha {
        return Ok(true);
    }
    let failures = store.panel().failures;
    let reached = |count: i64, most: i64| most > 0 && count >= most;
    let by_name = store.number("admin/captcha/failed_attempts_login")?;
    let by_address = store.number("admin/captcha/failed_attempts_ip")?;
    Ok(
        reached(failures.of(Of::Name, &storage::fold(user))?, by_name)
            || reached(failures.of(Of::Address, &address(visit))?, by_address),
    )
}

fn address(visit: &Visit<'_>) -> String {
    visit.turn.connection.peer.ip().to_string()
}

/// Draws fresh letters, keeps them in the session and gives the picture as a data URL.
fn draw(visit: &Visit<'_>) -> storage::Result<String> {
    use std::fmt::Write as _;
    let store = visit.store;
    let symbols = store.setting("admin/captcha/symbols")?.unwrap_or_default();
    let symbols: Vec<char> = symbols
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let lengths = store.setting("admin/captcha/length")?.unwrap_or_default();
    let letters = letters(store.entropy(), &symbols, longest(&lengths));
    let mut picture = String::from(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="226" height="50"><rect width="226" height="50" fill="#fff"/>"##,
    );
    for (place, letter) in letters.chars().enumerate() {
        let (x, tilt) = (24 + place * 40, if place % 2 == 0 { -9 } else { 9 });
        let _ = write!(
            picture,
            r##"<text x="{x}" y="36" font-family="monospace" font-size="32" fill="#234" transform="rotate({tilt} {x} 30)">{letter}</text>"##
        );
    }
    picture.push_str("</svg>");
    let sessions = &store.panel().sessions;
    sessions.set_captcha(&visit.session.id, Some(&letters));
    Ok(format!(
        "data:image/svg+xml;base64,{}",
        STANDARD.encode(picture)
    ))
}

/// The larger number of `4-5`, within what the picture holds.
fn longest(lengths: &str) -> usize {
    let number = lengths.rsplit('-').next().unwrap_or_default();
    number.trim().parse().unwrap_or(5_usize).clamp(1, 5)
}

fn letters(entropy: &dyn Entropy, symbols: &[char], length: usize) -> String {
    let mut bytes = vec![0_u8; length];
    entropy.fill(&mut bytes);
    let pick = |byte: u8| symbols.get(usize::from(byte) % symbols.len().max(1));
    bytes
        .into_iter()
        .map(|byte| pick(byte).copied().unwrap_or('7'))
        .collect()
}
