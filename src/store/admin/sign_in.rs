//! Signing in, and what everybody gets who has not (measured 2.4.7-p3).

use askama::Template;
use serde_json::json;

use crate::secret::Secret;
use crate::storage::{self, Account, AccountKind};
use crate::store::defects::Guard;
use crate::store::{front, password as hashing};
use crate::wire::Response;

use super::address::Action;
use super::chrome::Head;
use super::password::{self, Checked};
use super::session::{self, Ended, Kind, Message};
use super::visit::Visit;
use super::{captcha, home, messages, my_account};

#[derive(Template)]
#[template(path = "store/admin/templates/sign_in.html")]
struct Page {
    head: Head,
    form_key: String,
    messages: Vec<Message>,
    captcha: Option<captcha::Picture>,
    start: String,
    forgotten: String,
}

/// The answer to a request without a signed-in session.
pub(super) fn answer(visit: &Visit<'_>, method: &str) -> storage::Result<Response> {
    if visit.address.action() == Some(Action::SignOut) {
        return Ok(super::sign_out(visit));
    }
    if method == "POST" && visit.fields.has_posted("login") {
        return attempt(visit);
    }
    denied(visit, "")
}

/// What is shown to nobody in particular: JSON for a script that asked so, else the page.
fn denied(visit: &Visit<'_>, user: &str) -> storage::Result<Response> {
    if visit.fields.flag("isAjax") {
        let start = visit.url(Action::Start, &[]);
        return Ok(visit.json(&json!({ "ajaxExpired": 1, "ajaxRedirect": start })));
    }
    page(visit, user)
}

/// The first answer after a session was found to be over.
pub(super) fn ended(visit: &Visit<'_>, action: Option<Action>, ended: Ended) -> Response {
    visit.sign_out();
    match ended.code().filter(|_| visit.fields.flag("isAjax")) {
        Some(code) => visit.jar.delete_session(code),
        None => visit.say(Kind::Error, ended.sentence()),
    }
    if visit.scripted && action.is_some_and(Action::is_of_integrations) {
        return home::fault();
    }
    visit.redirect(&visit.url(Action::SignIn, &[]))
}

fn attempt(visit: &Visit<'_>) -> storage::Result<Response> {
    let store = visit.store;
    if visit.fields.value("form_key") != Some(visit.session.form_key.as_str())
        && store.makes(Guard::SignInFormKey)
    {
        visit.say(Kind::Error, messages::FORM_KEY_INVALID);
        let is_start = matches!(visit.address.action(), Some(Action::Home));
        let path = front::raw_path(&visit.turn.request.target);
        let here = visit.store.base_url(visit.turn.is_secure()) + path.trim_start_matches('/');
        let there = visit.url(Action::SignIn, &[]);
        return Ok(visit.redirect(if is_start { &here } else { &there }));
    }
    let user = visit.fields.posted("login[username]").unwrap_or_default();
    let typed = visit.fields.posted("login[password]").unwrap_or_default();
    if user.is_empty() || typed.is_empty() {
        return refused(visit, user, messages::ACCESS_FAILED);
    }
    if !captcha::passes(visit, user)? {
        return refused(visit, user, messages::CAPTCHA_WRONG);
    }
    let account = store.storage().account(AccountKind::Admin, user)?;
    let checked = if let Some(account) = &account {
        password::check(store, account, typed)?
    } else {
        hashing::fits_one(&Secret::from(typed), None, store.options().lasting);
        Checked::Wrong
    };
    let account = account.filter(|_| checked == Checked::Right);
    let is_closed = account.as_ref().is_some_and(|account| !account.active);
    let Some(account) = account.filter(|_| !is_closed) else {
        captcha::count_failure(visit, user)?;
        // The check of a closed account is given up before it ends the form key.
        if !is_closed {
            visit.password_was_checked();
        }
        return refused(visit, user, messages::ACCESS_FAILED);
    };
    captcha::forget(visit, user)?;
    signed_in(visit, &account)
}

fn signed_in(visit: &Visit<'_>, account: &Account) -> storage::Result<Response> {
    let store = visit.store;
    let sessions = &store.panel().sessions;
    let shared = store.is_on("admin/security/admin_account_sharing")?;
    let lifetime = store.number("admin/security/session_lifetime")?;
    let entropy = store.entropy();
    let later = if store.makes(Guard::SessionId) {
        session::fresh_id(entropy)
    } else {
        visit.session.id.clone()
    };
    let ids = (visit.session.id.as_str(), later);
    let session = sessions.sign_in(ids, account.id, (shared, lifetime), entropy)?;
    let Some(session) = session else {
        return Ok(visit.redirect(&visit.front));
    };
    if my_account::is_old(visit.store, account)? {
        my_account::remind(visit, &session.id)?;
    }
    visit.continue_as(&session.id);
    if visit.keyed {
        return Ok(visit.redirect(&visit.url(Action::Dashboard, &[])));
    }
    Ok(visit.redirect(front::origin_form(&visit.turn.request.target)))
}

fn refused(visit: &Visit<'_>, user: &str, sentence: &'static str) -> storage::Result<Response> {
    visit.turn.note_reason(sentence);
    visit.say(Kind::Error, sentence);
    denied(visit, user)
}

fn page(visit: &Visit<'_>, user: &str) -> storage::Result<Response> {
    let sessions = &visit.store.panel().sessions;
    let page = Page {
        head: Head::new(
            visit,
            "Magento Admin",
            "adminhtml-auth-login page-layout-admin-login",
        ),
        form_key: visit.form_key(),
        messages: sessions.take_messages(&visit.session.id),
        captcha: captcha::picture(visit, user)?,
        forgotten: format!("{}admin/auth/forgotpassword/", visit.front),
        start: visit.url(Action::Start, &[]),
    };
    Ok(visit.html(200, page.to_string()))
}
