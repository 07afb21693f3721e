//! The cache page: what a configuration change needs before guest access follows it (spec config-acl-admin.md §6).

use askama::Template;

use crate::storage;
use crate::wire::Response;

use super::address::Action;
use super::chrome::{Chrome, Section};
use super::messages;
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

/// Flushes, and goes back to the page.
pub(super) fn flush(visit: &Visit<'_>) -> storage::Result<Response> {
    visit.store.flush_cache()?;
    visit.say(Kind::Success, messages::CACHE_FLUSHED);
    Ok(visit.go(&visit.url(Action::CacheIndex, &[])))
}
