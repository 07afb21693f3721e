//! Administrators: a list, a form for one of them, saving (closing an account here kills its tokens at once).
//!
//! Names of actions, fields and the parameter `user_id` are those of a real panel; its further fields are not kept.

use askama::Template;

use crate::secret::Secret;
use crate::storage::{self, Account, AccountChange, AccountKind};
use crate::store::password as hashing;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::fields::is_true;
use super::messages;
use super::password::{self, Checked};
use super::session::Kind;
use super::visit::Visit;

const TRAIL: &str = "Users / Permissions / System";

#[derive(Template)]
#[template(path = "store/admin/templates/users.html")]
struct List {
    chrome: Chrome,
    new: String,
    /// Address of the form, user name, whether the account is open.
    rows: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "store/admin/templates/user.html")]
struct Form {
    chrome: Chrome,
    id: Option<i64>,
    login: String,
    active: bool,
    save: String,
    back: String,
}

/// Every administrator.
pub(super) fn page(visit: &Visit<'_>) -> storage::Result<Response> {
    let accounts = visit.store.storage().accounts(AccountKind::Admin)?;
    let row = |account: Account| {
        let id = account.id.to_string();
        let url = visit.url(Action::UserEdit, &[("user_id", &id)]);
        (url, account.login, account.active)
    };
    let page = List {
        chrome: Chrome::new(visit, "Users", TRAIL, Section::Users)?,
        new: visit.url(Action::UserNew, &[]),
        rows: accounts.into_iter().map(row).collect(),
    };
    Ok(visit.html(200, page.to_string()))
}

/// The form of one administrator, or of a new one.
pub(super) fn form(visit: &Visit<'_>) -> storage::Result<Response> {
    let id = visit.fields.integer("user_id");
    let storage = visit.store.storage();
    let account = storage.account_with_id(AccountKind::Admin, id)?;
    if id > 0 && account.is_none() {
        return Ok(back(visit, messages::USER_GONE));
    }
    let heading = account
        .as_ref()
        .map_or("New User", |account| &account.login);
    let page = Form {
        chrome: Chrome::new(
            visit,
            heading,
            &format!("{heading} / {TRAIL}"),
            Section::Users,
        )?,
        id: account.as_ref().map(|account| account.id),
        active: account.as_ref().is_none_or(|account| account.active),
        login: account.map(|account| account.login).unwrap_or_default(),
        save: visit.url(Action::UserSave, &[]),
        back: visit.url(Action::UserIndex, &[]),
    };
    Ok(visit.html(200, page.to_string()))
}

/// Saves what the form posted. A closed account is signed out and its tokens are dead.
pub(super) fn save(visit: &Visit<'_>, who: &Account) -> storage::Result<Response> {
    let store = visit.store;
    let id = visit.fields.integer("user_id");
    let stored = store.storage().account_with_id(AccountKind::Admin, id)?;
    if id > 0 && stored.is_none() {
        return Ok(back(visit, messages::USER_GONE));
    }
    let typed = visit.fields.posted("current_password").unwrap_or_default();
    let checked = password::check(store, who, typed)?;
    visit.password_was_checked();
    match checked {
        Checked::Right => {}
        Checked::Wrong => return Ok(back_to_form(visit, id, messages::PASSWORD_WRONG)),
        Checked::Locked => return Ok(password::locked_out(visit)),
    }
    let posted = |name: &str| visit.fields.posted(name).filter(|value| !value.is_empty());
    let hashed = posted("password").map(|secret| {
        hashing::hash(
            store.entropy(),
            &Secret::from(secret),
            store.options().lasting,
        )
    });
    let mut change = AccountChange {
        active: posted("is_active").map(is_true),
        ..AccountChange::default()
    };
    let account = match (stored, posted("username"), hashed) {
        (Some(stored), _, password_hash) => {
            change.password_changed_at = password_hash.as_ref().map(|_| store.now());
            change.password_hash = password_hash;
            stored
        }
        (None, None, _) => return Ok(back_to_form(visit, id, messages::USER_NAMELESS)),
        (None, Some(_), None) => {
            return Ok(back_to_form(visit, id, messages::USER_WITHOUT_PASSWORD));
        }
        (None, Some(login), Some(hash)) => {
            if store
                .storage()
                .account(AccountKind::Admin, login)?
                .is_some()
            {
                return Ok(back_to_form(visit, id, messages::USER_EXISTS));
            }
            change.password_changed_at = Some(store.now());
            store
                .storage()
                .put_account(AccountKind::Admin, login, &hash)?
        }
    };
    store
        .storage()
        .change_account(AccountKind::Admin, account.id, &change)?;
    if !change.active.unwrap_or(account.active) {
        store
            .storage()
            .revoke_person(AccountKind::Admin, account.id, store.now())?;
    }
    visit.say(Kind::Success, messages::USER_SAVED);
    Ok(visit.go(&visit.url(Action::UserIndex, &[])))
}

fn back(visit: &Visit<'_>, sentence: &str) -> Response {
    visit.say(Kind::Error, sentence);
    visit.go(&visit.url(Action::UserIndex, &[]))
}

fn back_to_form(visit: &Visit<'_>, id: i64, sentence: &str) -> Response {
    visit.say(Kind::Error, sentence);
    visit.go(&if id > 0 {
        visit.url(Action::UserEdit, &[("user_id", &id.to_string())])
    } else {
        visit.url(Action::UserNew, &[])
    })
}
