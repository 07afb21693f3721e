//! The admin panel: sign-in, integrations, configuration.
//!
//! Routes, field names, element ids, scripts with addresses and sentences are Magento's; the look is our own. [`answer`] guards in the
//! measured order: whether the action is known, the session, the form key or secret key, the method, what ended the session, an old
//! password, the resource, then the action.

mod address;
mod assets;
mod cache;
mod captcha;
mod chrome;
mod configuration;
mod cookies;
mod credentials;
mod dialogs;
mod fields;
mod form;
mod grid;
mod home;
mod markup;
mod messages;
mod my_account;
mod password;
mod save;
mod session;
mod sign_in;
mod tree;
mod users;
mod visit;

pub use messages::SENTENCES;

use crate::random::{self, Entropy};
use crate::secret::Secret;
use crate::storage::{self, Storage};
use crate::wire::Response;
use serde_json::json;

use super::Store;
use super::defects::Guard;
use super::turn::Turn;
use address::Action;
use session::{Ended, Kind, Sessions};
use visit::Visit;

/// Length in characters of the key that signs secret keys.
const INSTALLATION_KEY_LENGTH: usize = 32;

/// What the panel remembers of its visitors, in the keeper.
#[derive(Clone, Copy)]
pub(crate) struct Panel<'a> {
    sessions: Sessions<'a>,
    failures: captcha::Failures<'a>,
}

impl<'a> Panel<'a> {
    /// The panel of the stores on a keeper.
    pub(crate) const fn over(storage: &'a dyn Storage) -> Self {
        Self {
            sessions: Sessions(storage),
            failures: captcha::Failures(storage),
        }
    }

    /// Skips `seconds` of the store's clock without anybody having been idle.
    pub(crate) fn keep_signed_in(self, seconds: i64) -> storage::Result<()> {
        self.sessions.keep_signed_in(seconds)
    }

    /// Everybody is signed out.
    pub(crate) fn forget(self) -> storage::Result<()> {
        self.sessions.forget()?;
        self.failures.clear()
    }
}

/// The key that signs secret keys, the same for every store on a keeper; drawn when it is first needed.
pub(crate) fn installation_key(
    storage: &dyn Storage,
    entropy: &dyn Entropy,
) -> storage::Result<Secret> {
    let drawn = Secret::new(random::text(entropy, INSTALLATION_KEY_LENGTH));
    storage.keep_installation("panel_key", &drawn)
}

/// Answers a request to the panel; `path` is what follows the front name.
pub(crate) fn answer(store: &Store, turn: &Turn<'_>, path: &str) -> Response {
    if let Some(asset) = assets::answer(path, &turn.request.method) {
        return asset;
    }
    let answered = Visit::begin(store, turn, path).and_then(|visit| {
        let mut response = guarded(&visit)?;
        visit
            .jar
            .empty_into(&mut response, &visit.session.id, store.now());
        Ok(response)
    });
    answered.unwrap_or_else(|error| {
        tracing::error!(%error, "admin panel");
        super::page::internal_error()
    })
}

/// The guards, then the action (measured 2.4.7-p3).
fn guarded(visit: &Visit<'_>) -> storage::Result<Response> {
    let method = visit.turn.request.method.to_ascii_uppercase();
    if visit.address.action() == Some(Action::CaptchaRefresh) {
        return captcha::refresh(visit);
    }
    if !visit.store.makes(Guard::Session)
        && visit.address.action() == Some(Action::PermissionsDialog)
    {
        return Ok(dialogs::permissions(visit));
    }
    let Some(account) = visit.account().cloned() else {
        return sign_in::answer(visit, &method);
    };
    visit.turn.note_caller(format!("admin {}", account.login));
    let action = visit.address.action();
    if let Some(action) = action
        && let Some(message) = wrong_key(visit, action, &method)
    {
        visit.turn.note_reason(message);
        let dashboard = visit.url(Action::Dashboard, &[]);
        return Ok(if visit.wants_json() {
            visit.json(&json!({ "error": true, "message": message }))
        } else if action.is_of_integrations() {
            visit.go(&dashboard)
        } else {
            visit.redirect(&dashboard)
        });
    }
    if action == Some(Action::SignOut) {
        return Ok(sign_out(visit));
    }
    let is_closed = !account.active && visit.store.makes(Guard::ClosedAdministrator);
    let ended = is_closed.then_some(Ended::Closed);
    if let Some(ended) = visit.session.ended.or(ended) {
        return Ok(sign_in::ended(visit, action, ended));
    }
    let any_method = !visit.store.makes(Guard::PanelMethod);
    let action = action.filter(|_| any_method || visit.address.takes(&method));
    if my_account::must_be_visited(visit, action)? {
        return Ok(visit.redirect(&visit.url(Action::AccountIndex, &[])));
    }
    visit.jar.prolong();
    let Some(action) = action else {
        return home::not_found(visit);
    };
    if visit.store.makes(Guard::PanelPermission) && !visit.may(action) {
        visit.turn.note_reason(messages::PERMISSIONS_NEEDED);
        return home::forbidden(visit);
    }
    match action {
        Action::AccountIndex => my_account::page(visit, &account),
        Action::AccountSave => my_account::save(visit, &account),
        Action::CacheFlush => cache::flush(visit),
        Action::CacheIndex => cache::page(visit),
        Action::CacheRefresh => cache::refresh(visit),
        Action::CaptchaRefresh => captcha::refresh(visit),
        Action::ConfigurationEdit => configuration::page(visit),
        Action::ConfigurationSave => configuration::save(visit),
        Action::Dashboard => home::dashboard(visit),
        Action::Delete => Ok(save::delete(visit)),
        Action::Edit => form::edit(visit),
        Action::Grid => grid::fragment(visit),
        Action::Index => grid::page(visit),
        Action::LoginSuccessCallback => Ok(dialogs::login_success_callback(visit)),
        Action::New => form::new(visit),
        Action::Nowhere => home::not_found(visit),
        Action::PermissionsDialog => Ok(dialogs::permissions(visit)),
        Action::Save => save::save(visit, &account),
        Action::SignOut => Ok(sign_out(visit)),
        Action::Home | Action::SignIn | Action::Start => {
            Ok(visit.redirect(&visit.url(Action::Dashboard, &[])))
        }
        Action::TokensDialog => Ok(dialogs::tokens(visit)),
        Action::TokensExchange => dialogs::exchange(visit),
        Action::UserEdit | Action::UserNew => users::form(visit),
        Action::UserIndex => users::page(visit),
        Action::UserSave => users::save(visit, &account),
    }
}

/// What is said of a form key or secret key that is absent or wrong.
fn wrong_key(visit: &Visit<'_>, action: Action, method: &str) -> Option<&'static str> {
    let form_key = visit.form_key();
    if method == "POST" {
        let right = form_key_fits(visit, &form_key);
        return (!right).then_some(messages::FORM_KEY_INVALID);
    }
    if !visit.keyed || action.is_public() || !visit.store.makes(Guard::SecretKey) {
        return None;
    }
    let key = visit.address.secret_key(visit.secret_keys(&form_key));
    let right = visit.fields.value("key") == Some(key.as_str());
    (!right).then_some(messages::SECRET_KEY_INVALID)
}

/// Whether the form key that came is the session's own.
fn form_key_fits(visit: &Visit<'_>, own: &str) -> bool {
    let store = visit.store;
    let came = visit.fields.value("form_key");
    came == Some(own)
        || !store.makes(Guard::FormKey)
        || (came == Some("") && !store.makes(Guard::EmptyFormKey))
        || (!store.makes(Guard::ForeignFormKey)
            && came.is_some_and(|came| store.has_shown_form_key(came)))
}

/// Signs out and says so on the next page, signed in or not.
fn sign_out(visit: &Visit<'_>) -> Response {
    if visit.store.makes(Guard::SignOut) {
        visit.sign_out();
    }
    visit.say(Kind::Success, messages::SIGNED_OUT);
    visit.redirect(&visit.url(Action::Start, &[]))
}
