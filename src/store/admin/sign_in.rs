//! Signing in, and what everybody gets who has not (spec config-acl-admin.md §5.1).

use askama::Template;
use serde_json::json;

use crate::storage::{self, AccountKind};
use crate::store::front;
use crate::wire::Response;

use super::address::Action;
use super::password::{self, Checked};
use super::session::{Kind, Message};
use super::visit::Visit;
use super::{assets, chrome, messages};

#[derive(Template)]
#[template(path = "store/admin/templates/sign_in.html")]
struct Page {
    form_key: String,
    messages: Vec<Message>,
    user: String,
    style: String,
    profile: &'static str,
}

/// The answer to a request without a signed-in session.
pub(super) fn answer(visit: &Visit<'_>, method: &str) -> storage::Result<Response> {
    if method == "POST" && visit.fields.posted("login[username]").is_some() {
        return attempt(visit);
    }
    if visit.xhr {
        let start = visit.front.as_str();
        return Ok(visit.json(&json!({ "ajaxExpired": 1, "ajaxRedirect": start })));
    }
    Ok(page(visit, ""))
}

fn attempt(visit: &Visit<'_>) -> storage::Result<Response> {
    let store = visit.store;
    if visit.fields.value("form_key") != Some(&visit.session.form_key) {
        visit.say(Kind::Error, messages::FORM_KEY_INVALID);
        let path = front::raw_path(&visit.turn.request.target).trim_start_matches('/');
        let base = store.base_url(visit.turn.is_secure());
        return Ok(visit.redirect(&format!("{base}{path}")));
    }
    let user = visit.fields.posted("login[username]").unwrap_or_default();
    let typed = visit.fields.posted("login[password]").unwrap_or_default();
    let account = store.storage().account(AccountKind::Admin, user)?;
    let account = account.filter(|account| account.active);
    let checked = match &account {
        Some(account) => password::check(store, account, typed)?,
        None => Checked::Wrong,
    };
    let (Some(account), Checked::Right) = (account, checked) else {
        visit.turn.note_reason(messages::ACCESS_FAILED);
        visit.say(Kind::Error, messages::ACCESS_FAILED);
        return Ok(page(visit, user));
    };
    let sessions = &store.panel().sessions;
    let Some(session) = sessions.sign_in(&visit.session.id, account.id, store.entropy()) else {
        return Ok(visit.redirect(&visit.front));
    };
    let mut response = visit.redirect(&visit.url(Action::Dashboard, &[]));
    visit.set_cookie(&mut response, &session.id);
    Ok(response)
}

fn page(visit: &Visit<'_>, user: &str) -> Response {
    let page = Page {
        form_key: visit.session.form_key.clone(),
        messages: visit
            .store
            .panel()
            .sessions
            .take_messages(&visit.session.id),
        user: user.to_owned(),
        style: chrome::asset(visit, assets::STYLE_PATH),
        profile: visit.store.profile().name,
    };
    visit.html(200, page.to_string())
}
