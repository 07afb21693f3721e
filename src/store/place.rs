//! Where the store is: its base URLs, and what settings make of them.

use super::turn::Turn;
use super::{Store, front, settings};
use crate::storage;

impl Store {
    /// The folder of the base URL: empty, or `/shop`.
    #[must_use]
    pub fn folder(&self) -> &str {
        front::raw_path(&self.options.base_url).trim_end_matches('/')
    }

    /// Whether the panel is to be seen by HTTPS alone, and is asked otherwise.
    pub(super) fn must_be_secure(&self, turn: &Turn<'_>) -> bool {
        let wanted = || self.is_on("web/secure/use_in_adminhtml").unwrap_or(false);
        !turn.is_secure() && self.secure_base_url().is_some() && wanted()
    }

    /// The panel's first page, by its own address.
    pub(super) fn panel_url(&self, turn: &Turn<'_>) -> String {
        let front_name = &self.options.admin_front_name;
        format!("{}{front_name}/admin/", self.base_url(turn.is_secure()))
    }

    /// The base URL of the panel's links: once the store has one for HTTPS, a setting says which it is (measured 2.4.7-p3).
    ///
    /// # Errors
    /// When the database fails.
    pub fn panel_link_url(&self, secure: bool) -> storage::Result<String> {
        if self.secure_base_url().is_none() {
            return self.link_url(secure);
        }
        self.link_url(self.is_on("web/secure/use_in_adminhtml")?)
    }

    /// The base URL of links to the storefront: with the code of the default view where codes stand in front.
    ///
    /// # Errors
    /// When the database fails.
    pub fn storefront_url(&self, secure: bool) -> storage::Result<String> {
        let url = self.link_url(secure)?;
        Ok(if self.is_on(settings::USE_STORE)? {
            url + "default/"
        } else {
            url
        })
    }

    /// The base URL for HTTPS where one is set, with one trailing slash.
    fn secure_base_url(&self) -> Option<String> {
        let url = self.setting(settings::SECURE_BASE_URL).ok().flatten()?;
        url.starts_with("http")
            .then(|| format!("{}/", url.trim_end_matches('/')))
    }

    /// The base URL of links: with `index.php/` when the web server rewrites no addresses (docs/protocol/credentials-post.md).
    ///
    /// # Errors
    /// When the database fails.
    pub fn link_url(&self, secure: bool) -> storage::Result<String> {
        let base = self.base_url(secure);
        Ok(if self.is_on("web/seo/use_rewrites")? {
            base
        } else {
            base + "index.php/"
        })
    }

    /// The base URL, with one trailing slash: the secure one for a secure request.
    #[must_use]
    pub fn base_url(&self, secure: bool) -> String {
        if secure && let Some(url) = self.secure_base_url() {
            return url;
        }
        let rest = self
            .options
            .base_url
            .split_once("://")
            .map_or(self.options.base_url.as_str(), |(_, rest)| rest);
        let scheme = if secure || self.options.base_url.starts_with("https:") {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}/", rest.trim_end_matches('/'))
    }
}
