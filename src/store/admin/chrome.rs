//! What every full page has around its content: title, menu, messages, notices.

use serde_json::json;

use crate::storage;

use super::address::Action;
use super::session::Message;
use super::visit::Visit;
use super::{assets, markup, messages};

/// Which entry of the menu is the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Account,
    Cache,
    Configuration,
    Dashboard,
    Integrations,
    Nowhere,
    Users,
}

/// An entry of the menu: the end of its id in a real panel, its class there, its label, where it leads.
struct Item(&'static str, &'static str, &'static str, Action, Section);

/// A group of a menu: the end of its id, its class, its label, its entries.
struct Group(&'static str, &'static str, &'static str, &'static [Item]);

/// The menus below the dashboard: the end of the id, the class, the label, the groups.
const MENUS: [(&str, &str, &str, &[Group]); 2] = [
    (
        "magento-backend-stores",
        "item-stores",
        "Stores",
        &[Group(
            "magento-backend-stores-settings",
            "item-stores-settings",
            "Settings",
            &[Item(
                "magento-config-system-config",
                "item-system-config",
                "Configuration",
                Action::ConfigurationEdit,
                Section::Configuration,
            )],
        )],
    ),
    (
        "magento-backend-system",
        "item-system",
        "System",
        &[
            Group(
                "magento-integration-system-extensions",
                "item-system-extensions",
                "Extensions",
                &[Item(
                    "magento-integration-system-integrations",
                    "item-system-integrations",
                    "Integrations",
                    Action::Index,
                    Section::Integrations,
                )],
            ),
            Group(
                "magento-backend-system-tools",
                "item-system-tools",
                "Tools",
                &[Item(
                    "magento-backend-system-cache",
                    "item-system-cache",
                    "Cache Management",
                    Action::CacheIndex,
                    Section::Cache,
                )],
            ),
            Group(
                "magento-user-system-acl",
                "item-system-acl",
                "Permissions",
                &[Item(
                    "magento-user-system-acl-users",
                    "item-system-acl-users",
                    "All Users",
                    Action::UserIndex,
                    Section::Users,
                )],
            ),
        ],
    ),
];

/// An entry of the menu as the page shows it.
pub(super) struct Entry {
    pub(super) id: &'static str,
    pub(super) class: &'static str,
    pub(super) label: &'static str,
    pub(super) url: String,
    pub(super) current: bool,
    /// What is below it.
    pub(super) entries: Vec<Entry>,
}

impl Entry {
    fn menu(visit: &Visit<'_>, section: Section) -> Vec<Self> {
        let mut menu = Vec::new();
        if let Some(url) = visit.url_if_allowed(Action::Dashboard) {
            menu.push(Self {
                id: "magento-backend-dashboard",
                class: "item-dashboard",
                label: "Dashboard",
                url,
                current: section == Section::Dashboard,
                entries: Vec::new(),
            });
        }
        for (id, class, label, groups) in &MENUS {
            let groups = groups.iter().map(|Group(id, class, label, items)| {
                let entries = items
                    .iter()
                    .filter_map(|item| Self::of(visit, item, section));
                Self::above(id, class, label, entries.collect())
            });
            let groups: Vec<Self> = groups.filter(|group| !group.entries.is_empty()).collect();
            if !groups.is_empty() {
                menu.push(Self::above(id, class, label, groups));
            }
        }
        menu
    }

    fn of(visit: &Visit<'_>, item: &Item, section: Section) -> Option<Self> {
        let Item(id, class, label, action, of) = item;
        Some(Self {
            id,
            class,
            label,
            url: visit.url_if_allowed(*action)?,
            current: section == *of,
            entries: Vec::new(),
        })
    }

    fn above(
        id: &'static str,
        class: &'static str,
        label: &'static str,
        entries: Vec<Self>,
    ) -> Self {
        Self {
            id,
            class,
            label,
            url: "#".to_owned(),
            current: entries.iter().any(|entry| entry.current),
            entries,
        }
    }
}

/// The head of a page, and the classes of its body.
pub(super) struct Head {
    /// The window's title.
    pub(super) title: String,
    pub(super) body_class: String,
    /// The start page's address, for scripts.
    pub(super) base_url: String,
    pub(super) form_key: String,
    pub(super) style: String,
    pub(super) script: String,
    pub(super) profile: &'static str,
}

impl Head {
    pub(super) fn new(visit: &Visit<'_>, title: &str, body_class: &str) -> Self {
        Self {
            title: title.to_owned(),
            body_class: body_class.to_owned(),
            base_url: visit.url(Action::Home, &[]),
            form_key: visit.form_key(),
            style: asset(visit, assets::STYLE_PATH),
            script: asset(visit, assets::SCRIPT_PATH),
            profile: visit.store.profile().name,
        }
    }
}

/// The frame of a page.
pub(super) struct Chrome {
    pub(super) head: Head,
    pub(super) heading: String,
    pub(super) menu: Vec<Entry>,
    pub(super) start: String,
    pub(super) storefront: String,
    pub(super) my_account: String,
    pub(super) sign_out: String,
    pub(super) user: String,
    pub(super) messages: Vec<Message>,
    /// What the store as a whole has to say, as JSON for the script.
    pub(super) notices: String,
}

impl Chrome {
    /// The frame of the page for addresses that lead nowhere, also for those that do not take the method.
    pub(super) fn not_found(visit: &Visit<'_>) -> storage::Result<Self> {
        let mut chrome = Self::new(visit, "404 Error", "", Section::Nowhere)?;
        "adminhtml-noroute-index page-layout-admin-1column".clone_into(&mut chrome.head.body_class);
        Ok(chrome)
    }

    /// The frame of a page with this heading; takes the queued messages. A page without a trail is titled as the panel is.
    pub(super) fn new(
        visit: &Visit<'_>,
        heading: &str,
        trail: &str,
        section: Section,
    ) -> storage::Result<Self> {
        let separator = if trail.is_empty() { "" } else { " / " };
        Ok(Self {
            head: Head::new(
                visit,
                &format!("{trail}{separator}Magento Admin"),
                &visit.address.body_class(),
            ),
            heading: heading.to_owned(),
            menu: Entry::menu(visit, section),
            start: visit.url(Action::Start, &[]),
            storefront: visit.store.storefront_url(visit.turn.is_secure())?,
            my_account: visit.url(Action::AccountIndex, &[]),
            sign_out: visit.url(Action::SignOut, &[]),
            user: visit
                .account()
                .map(|account| account.login.clone())
                .unwrap_or_default(),
            messages: visit
                .store
                .panel()
                .sessions
                .take_messages(&visit.session.id),
            notices: notices(visit)?,
        })
    }
}

/// A real page has these in the data of a component, never as markup (measured 2.4.7-p3).
fn notices(visit: &Visit<'_>) -> storage::Result<String> {
    let mut texts = Vec::new();
    let linked = |before, label, after, action| {
        let url = visit.url(action, &[]);
        format!("{before}<a href=\"{url}\">{label}</a>{after}")
    };
    if visit.store.has_reset_integration()? {
        texts.push(linked(
            messages::RESET_BEFORE,
            "integrations",
            messages::RESET_AFTER,
            Action::Index,
        ));
    }
    if visit.store.guest_cache_is_stale()? {
        texts.push(linked(
            messages::CACHE_STALE_BEFORE,
            "Cache Management",
            messages::CACHE_STALE_AFTER,
            Action::CacheIndex,
        ));
    }
    let items: Vec<_> = texts
        .iter()
        .map(|text| json!({ "severity": "2", "text": text }))
        .collect();
    Ok(markup::script_json(&json!({ "*": { "notification_area": {
        "totalRecords": items.len(), "items": items,
    } } })))
}

/// The address of an asset, without scheme and host, so that it loads whatever name the browser used.
fn asset(visit: &Visit<'_>, path: &str) -> String {
    format!("{}{path}", visit.front_path())
}

/// The addresses of the dialogs, for the script: escaped texts of its literals, with `:id` and `:isReauthorize` in the places to fill.
pub(super) struct Script {
    pub(super) permissions: String,
    pub(super) tokens: String,
    pub(super) exchange: String,
    pub(super) grid: String,
    pub(super) success_callback: String,
}

impl Script {
    pub(super) fn new(visit: &Visit<'_>) -> Self {
        let places = [("id", ":id"), ("reauthorize", ":isReauthorize")];
        let text = |action, places: &[_]| markup::script_text(&visit.url(action, places));
        Self {
            permissions: text(Action::PermissionsDialog, &places),
            tokens: text(Action::TokensDialog, &places),
            exchange: text(Action::TokensExchange, &places),
            grid: text(Action::Index, &[]),
            success_callback: text(Action::LoginSuccessCallback, &[]),
        }
    }
}
