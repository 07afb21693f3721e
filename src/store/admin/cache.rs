//! The cache page: what a configuration change needs before guest access follows it.

use askama::Template;

use crate::storage;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::fields;
use super::messages::{self, fill};
use super::session::Kind;
use super::visit::Visit;

#[derive(Template)]
#[template(path = "store/admin/templates/cache.html")]
struct Page {
    chrome: Chrome,
    flush: String,
    stale: bool,
}

/// The page with the button.
pub(super) fn page(visit: &Visit<'_>) -> storage::Result<Response> {
    let page = Page {
        chrome: Chrome::new(
            visit,
            "Cache Management",
            "Cache Management / Tools / System",
            Section::Cache,
        )?,
        flush: visit.url(Action::CacheFlush, &[]),
        stale: visit.store.guest_cache_is_stale()?,
    };
    Ok(visit.html(200, page.to_string()))
}

/// The cache type that guest access waits for.
const WEB_SERVICES: &str = "config_webservice";

/// Flushes the posted types, as the list of a real panel does; guest access follows when its type is among them.
pub(super) fn refresh(visit: &Visit<'_>) -> storage::Result<Response> {
    let types = fields::list(visit.fields.all_posted(), "types");
    if types.contains(&WEB_SERVICES) {
        visit.store.flush_cache()?;
    }
    let count = types.len().to_string();
    visit.say(Kind::Success, fill(messages::CACHE_REFRESHED, &count));
    Ok(visit.go(&visit.url(Action::CacheIndex, &[])))
}

/// Flushes, and goes back to the page.
pub(super) fn flush(visit: &Visit<'_>) -> storage::Result<Response> {
    visit.store.flush_cache()?;
    visit.say(Kind::Success, messages::CACHE_FLUSHED);
    Ok(visit.go(&visit.url(Action::CacheIndex, &[])))
}
