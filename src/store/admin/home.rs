//! The dashboard and the page for addresses that lead nowhere.

use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::integration::Status;
use crate::storage;
use crate::store::page;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::messages;
use super::visit::Visit;

#[derive(Template)]
#[template(path = "store/admin/templates/dashboard.html")]
struct Dashboard {
    chrome: Chrome,
    /// A status, how many integrations have it, and the grid of those.
    counts: Vec<(&'static str, usize, String)>,
    facts: Vec<(&'static str, String)>,
    has_grid: bool,
    new: Option<String>,
    configuration: Option<String>,
    users: Option<String>,
}

#[derive(Template)]
#[template(path = "store/admin/templates/not_found.html")]
struct NotFound {
    chrome: Chrome,
    dashboard: String,
}

#[derive(Template)]
#[template(path = "store/admin/templates/forbidden.html")]
struct Forbidden {
    chrome: Chrome,
    dashboard: String,
}

/// The start page.
pub(super) fn dashboard(visit: &Visit<'_>) -> storage::Result<Response> {
    let store = visit.store;
    let rows = store.storage().integrations()?;
    let count = |status: Status| rows.iter().filter(|row| row.status == status).count();
    let statuses = [Status::Active, Status::Inactive, Status::Recreated];
    let page = Dashboard {
        chrome: Chrome::new(visit, "Dashboard", "Dashboard", Section::Dashboard)?,
        counts: statuses
            .map(|status| {
                let filter = BASE64_STANDARD.encode(format!("status={}", status.code()));
                let grid = visit.url(Action::Index, &[("filter", &filter)]);
                (status.label(), count(status), grid)
            })
            .to_vec(),
        facts: vec![
            ("Base URL", store.base_url(visit.turn.is_secure())),
            ("Profile", store.profile().name.to_owned()),
            ("Behaviour", store.profile().summary.to_owned()),
            ("Mode", store.options().mode.name().to_owned()),
            ("Store clock", store.now().to_string()),
        ],
        has_grid: visit.may(Action::Index),
        new: visit.url_if_allowed(Action::New),
        configuration: visit.url_if_allowed(Action::ConfigurationEdit),
        users: visit.url_if_allowed(Action::UserIndex),
    };
    Ok(visit.html(200, page.to_string()))
}

/// What an administrator without the action's resource gets, a script too (measured 2.4.7-p3).
pub(super) fn forbidden(visit: &Visit<'_>) -> storage::Result<Response> {
    let page = Forbidden {
        chrome: Chrome::new(visit, "Access Denied", "", Section::Nowhere)?,
        dashboard: visit.url(Action::Dashboard, &[]),
    };
    Ok(visit.html(403, page.to_string()))
}

/// 404 inside the panel.
pub(super) fn not_found(visit: &Visit<'_>) -> storage::Result<Response> {
    let page = NotFound {
        chrome: Chrome::not_found(visit)?,
        dashboard: visit.url(Action::Dashboard, &[]),
    };
    Ok(visit.html(404, page.to_string()))
}

/// The page of a fault in the middle of an answer to a script (measured 2.4.7-p3).
pub(super) fn fault() -> Response {
    const POLICY: &str = "Content-Security-Policy-Report-Only";
    let page = page::internal_error();
    let mut response = Response::new(page.status, "application/json", page.body);
    for (name, value) in page.headers.iter() {
        if name != POLICY && name != "Content-Type" {
            response.headers.add(name, value);
        }
    }
    response
}

/// What a fault gives that nothing catches (measured 2.4.7-p3).
pub(super) fn unhandled() -> Response {
    let mut response = page::unhandled(messages::PASSWORD_ABSENT);
    page::forbid_sharing(&mut response);
    response
}
