//! The administrator's own page, where a password is changed that has become too old.

use askama::Template;

use crate::secret::Secret;
use crate::storage::{self, Account, AccountChange, AccountKind};
use crate::store::{Store, password as hashing};
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::messages;
use super::password::{self, Checked};
use super::session::Kind;
use super::visit::Visit;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

#[derive(Template)]
#[template(path = "store/admin/templates/my_account.html")]
struct Page {
    chrome: Chrome,
    id: i64,
    login: String,
    save: String,
}

/// Whether the password is older than `admin/security/password_lifetime` days.
pub(super) fn is_old(store: &Store, account: &Account) -> storage::Result<bool> {
    let days = store.number("admin/security/password_lifetime")?;
    let oldest = days.saturating_mul(SECONDS_OF_A_DAY);
    let is_older = |changed| store.now().since(changed) > oldest;
    Ok(days > 0 && account.password_changed_at.is_some_and(is_older))
}

/// Has every page of the session `id` say that the password is old.
pub(super) fn remind(visit: &Visit<'_>, id: &str) -> storage::Result<()> {
    let sessions = &visit.store.panel().sessions;
    sessions.unstick(id);
    sessions.stick(id, Kind::Notice, messages::PASSWORD_OLD);
    let is_forced = visit.store.is_on("admin/security/password_is_forced")?;
    sessions.set_password_is_old(id, is_forced);
    Ok(())
}

/// Whether the password has to be changed before this action, or before the page for none.
pub(super) fn must_be_visited(visit: &Visit<'_>, action: Option<Action>) -> storage::Result<bool> {
    let is_free = matches!(action, Some(Action::AccountIndex | Action::AccountSave));
    Ok(visit.session.password_is_old
        && !is_free
        && visit.store.is_on("admin/security/password_is_forced")?)
}

/// The page.
pub(super) fn page(visit: &Visit<'_>, account: &Account) -> storage::Result<Response> {
    let page = Page {
        chrome: Chrome::new(visit, "My Account", "My Account", Section::Account)?,
        id: account.id,
        login: account.login.clone(),
        save: visit.url(Action::AccountSave, &[]),
    };
    Ok(visit.html(200, page.to_string()))
}

/// Saves a new password, if there is one.
pub(super) fn save(visit: &Visit<'_>, account: &Account) -> storage::Result<Response> {
    let store = visit.store;
    let typed = visit.fields.posted("current_password").unwrap_or_default();
    let checked = password::check(store, account, typed)?;
    visit.password_was_checked();
    let (kind, sentence) = match checked {
        Checked::Locked => return Ok(password::locked_out(visit)),
        Checked::Wrong => (Kind::Error, messages::PASSWORD_WRONG),
        Checked::Right => change(visit, account)?,
    };
    visit.say(kind, sentence);
    Ok(visit.redirect(&visit.url(Action::AccountIndex, &[])))
}

fn change(visit: &Visit<'_>, account: &Account) -> storage::Result<(Kind, &'static str)> {
    let store = visit.store;
    let new = visit.fields.posted("password").unwrap_or_default();
    if new
        != visit
            .fields
            .posted("password_confirmation")
            .unwrap_or_default()
    {
        return Ok((Kind::Error, messages::PASSWORDS_DIFFER));
    }
    if !new.is_empty() {
        let new = Secret::from(new);
        let hash = hashing::hash(store.entropy(), &new, store.options().lasting);
        let change = AccountChange {
            password_hash: Some(hash),
            password_changed_at: Some(store.now()),
            ..AccountChange::default()
        };
        store
            .storage()
            .change_account(AccountKind::Admin, account.id, &change)?;
        let sessions = &store.panel().sessions;
        sessions.unstick(&visit.session.id);
        sessions.set_password_is_old(&visit.session.id, false);
    }
    Ok((Kind::Success, messages::ACCOUNT_SAVED))
}
