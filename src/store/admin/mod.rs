//! The admin panel: sign-in, integrations, configuration (spec config-acl-admin.md §5, oauth.md §4.1–4.2).
//!
//! Routes, field names, element ids and sentences are Magento's; the look is our own. [`answer`] guards in the measured order: the method,
//! the session, the form key or secret key, then the action. Every page works without scripts but for the dialogs of an activation, which
//! a real panel does not have without scripts either.

mod address;
mod assets;
mod cache;
mod chrome;
mod configuration;
mod dialogs;
mod fields;
mod form;
mod grid;
mod home;
mod messages;
mod password;
mod save;
mod session;
mod sign_in;
mod users;
mod visit;

pub use messages::SENTENCES;

use std::fmt;

use crate::random::Entropy;
use crate::storage;
use crate::wire::Response;
use serde_json::json;

use super::Store;
use super::turn::Turn;
use address::Action;
use session::{Kind, Sessions};
use visit::Visit;

/// Length in bytes of the key that signs secret keys.
const INSTALLATION_KEY_LENGTH: usize = 32;

/// What the panel of one store keeps in memory: it is gone when the store stops, and everybody signs in again.
pub(crate) struct Panel {
    sessions: Sessions,
    installation_key: [u8; INSTALLATION_KEY_LENGTH],
}

impl fmt::Debug for Panel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Panel").finish_non_exhaustive()
    }
}

impl Panel {
    /// A panel that nobody is signed in to.
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut installation_key = [0; INSTALLATION_KEY_LENGTH];
        entropy.fill(&mut installation_key);
        Self {
            sessions: Sessions::default(),
            installation_key,
        }
    }

    /// Skips `seconds` of the store's clock without anybody having been idle.
    pub(crate) fn keep_signed_in(&self, seconds: i64) {
        self.sessions.keep_signed_in(seconds);
    }

    /// Everybody is signed out.
    pub(crate) fn forget(&self) {
        self.sessions.forget();
    }
}

/// Answers a request to the panel; `path` is what follows the front name.
pub(crate) fn answer(store: &Store, turn: &Turn<'_>, path: &str) -> Response {
    if let Some(asset) = assets::answer(path, &turn.request.method) {
        return asset;
    }
    let answered = Visit::begin(store, turn, path).and_then(|visit| {
        let mut response = guarded(&visit)?;
        if visit.fresh && response.headers.first("Set-Cookie").is_none() {
            visit.set_cookie(&mut response, &visit.session.id);
        }
        Ok(response)
    });
    answered.unwrap_or_else(|error| {
        tracing::error!(%error, "admin panel");
        super::page::internal_error(store)
    })
}

/// The guards of spec oauth.md §4.2, then the action.
fn guarded(visit: &Visit<'_>) -> storage::Result<Response> {
    let method = visit.turn.request.method.to_ascii_uppercase();
    let Some(account) = visit.account()?.filter(|account| account.active) else {
        return sign_in::answer(visit, &method);
    };
    visit.turn.note_caller(format!("admin {}", account.login));
    let Some(action) = visit.address.action(&method) else {
        return home::not_found(visit);
    };
    let wrong_key = if method == "POST" {
        let right = visit.fields.value("form_key") == Some(&visit.session.form_key);
        (!right).then_some(messages::FORM_KEY_INVALID)
    } else if visit.keyed && action != Action::Start {
        let key = visit.address.secret_key(visit.secret_keys());
        let right = visit.fields.value("key") == Some(&key);
        (!right).then_some(messages::SECRET_KEY_INVALID)
    } else {
        None
    };
    if let Some(message) = wrong_key {
        visit.turn.note_reason(message);
        return Ok(if visit.xhr {
            visit.json(&json!({ "error": true, "message": message }))
        } else {
            visit.redirect(&visit.url(Action::Dashboard, &[]))
        });
    }
    if !visit.may(action)? {
        visit.turn.note_reason(messages::PERMISSIONS_NEEDED);
        return home::forbidden(visit);
    }
    match action {
        Action::CacheFlush => cache::flush(visit),
        Action::CacheIndex => cache::page(visit),
        Action::CacheRefresh => cache::refresh(visit),
        Action::ConfigurationEdit => configuration::page(visit),
        Action::ConfigurationSave => configuration::save(visit),
        Action::Dashboard => home::dashboard(visit),
        Action::Delete => Ok(save::delete(visit)),
        Action::Edit => form::edit(visit),
        Action::Grid => grid::fragment(visit),
        Action::Index => grid::page(visit),
        Action::LoginSuccessCallback => Ok(dialogs::login_success_callback(visit)),
        Action::New => form::new(visit),
        Action::PermissionsDialog => Ok(dialogs::permissions(visit)),
        Action::Save => save::save(visit, &account),
        Action::SignOut => Ok(sign_out(visit)),
        Action::Start => Ok(visit.redirect(&visit.url(Action::Dashboard, &[]))),
        Action::TokensDialog => Ok(dialogs::tokens(visit)),
        Action::TokensExchange => dialogs::exchange(visit),
        Action::UserEdit | Action::UserNew => users::form(visit),
        Action::UserIndex => users::page(visit),
        Action::UserSave => users::save(visit, &account),
    }
}

fn sign_out(visit: &Visit<'_>) -> Response {
    let panel = visit.store.panel();
    panel
        .sessions
        .sign_out(&visit.session.id, visit.store.entropy());
    visit.say(Kind::Success, messages::SIGNED_OUT);
    visit.redirect(&visit.front)
}
