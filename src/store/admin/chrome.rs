//! What every full page has around its content: title, menu, messages, notices.

use crate::storage;

use super::address::Action;
use super::assets;
use super::session::Message;
use super::visit::Visit;

/// Which entry of the menu is the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Cache,
    Configuration,
    Dashboard,
    Integrations,
    Nowhere,
}

/// The menu: the name of an entry in the page of a real panel, its label, where it leads.
const MENU: [(&str, &str, Action, Section); 4] = [
    (
        "menu-magento-backend-dashboard",
        "Dashboard",
        Action::Dashboard,
        Section::Dashboard,
    ),
    (
        "menu-magento-integration-system-integrations",
        "Integrations",
        Action::Index,
        Section::Integrations,
    ),
    (
        "menu-magento-config-system-config",
        "Configuration",
        Action::ConfigurationEdit,
        Section::Configuration,
    ),
    (
        "menu-magento-backend-system-cache",
        "Cache",
        Action::CacheIndex,
        Section::Cache,
    ),
];

/// An entry of the menu.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) url: String,
    pub(super) current: bool,
}

/// The frame of a page.
pub(super) struct Chrome {
    /// The window's title.
    pub(super) window: String,
    pub(super) heading: String,
    pub(super) menu: Vec<Entry>,
    pub(super) sign_out: String,
    pub(super) user: String,
    pub(super) form_key: String,
    /// Base URL and front name, ending in a slash.
    pub(super) front: String,
    /// Lets the one inline script run.
    pub(super) nonce: String,
    pub(super) profile: &'static str,
    pub(super) messages: Vec<Message>,
    /// Where the notice about reset integrations leads to; none when there is no such integration.
    pub(super) reset: Option<String>,
    /// Where the notice about an unflushed cache leads to.
    pub(super) stale_cache: Option<String>,
    pub(super) style: String,
    pub(super) script: String,
}

impl Chrome {
    /// The frame of a page with this heading; takes the queued messages.
    pub(super) fn new(
        visit: &Visit<'_>,
        heading: &str,
        trail: &str,
        section: Section,
    ) -> storage::Result<Self> {
        let panel = visit.store.panel();
        let integrations = visit.url(Action::Index, &[]);
        let mut menu = Vec::new();
        for (name, label, action, of) in MENU {
            if let Some(url) = visit.url_if_allowed(action)? {
                menu.push(Entry {
                    name,
                    label,
                    url,
                    current: section == of,
                });
            }
        }
        Ok(Self {
            window: format!("{trail} / Magento Admin"),
            heading: heading.to_owned(),
            menu,
            sign_out: visit.url(Action::SignOut, &[]),
            user: visit
                .account()?
                .map(|account| account.login)
                .unwrap_or_default(),
            front: visit.front.clone(),
            nonce: visit.nonce.clone(),
            form_key: visit.session.form_key.clone(),
            profile: visit.store.profile().name,
            messages: panel.sessions.take_messages(&visit.session.id),
            reset: visit.store.has_reset_integration()?.then_some(integrations),
            stale_cache: visit
                .store
                .guest_cache_is_stale()?
                .then(|| visit.url(Action::CacheIndex, &[])),
            style: asset(visit, assets::STYLE_PATH),
            script: asset(visit, assets::SCRIPT_PATH),
        })
    }
}

/// The address of an asset, without scheme and host, so that it loads whatever name the browser used.
pub(super) fn asset(visit: &Visit<'_>, path: &str) -> String {
    format!("{}{path}", visit.front_path())
}

/// The texts that the script shows, handed to it as attributes.
pub(super) struct Script {
    pub(super) permissions: String,
    pub(super) tokens: String,
    pub(super) exchange: String,
    pub(super) grid: String,
    pub(super) success_callback: String,
}

impl Script {
    /// Addresses with `:id` and `:isReauthorize` in the places to fill.
    pub(super) fn new(visit: &Visit<'_>) -> Self {
        let places = [("id", ":id"), ("reauthorize", ":isReauthorize")];
        Self {
            permissions: visit.url(Action::PermissionsDialog, &places),
            tokens: visit.url(Action::TokensDialog, &places),
            exchange: visit.url(Action::TokensExchange, &places),
            grid: visit.url(Action::Index, &[]),
            success_callback: visit.url(Action::LoginSuccessCallback, &[]),
        }
    }
}
