//! Every configuration path that the store reads, with its default (docs/protocol/flow.md, docs/protocol/admin-panel.md#signing-in and docs/protocol/guest-access.md).

use crate::oauth::Profile;
use crate::storage;
use crate::text::nearest;

use super::Store;

/// A configuration path and the value that counts when nothing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultSetting {
    /// As in Magento.
    pub path: &'static str,
    /// The value of a stock store.
    pub value: &'static str,
}

/// Alphabetical. `oauth/consumer/enable_integration_as_bearer` is absent: its default is the profile's.
pub const DEFAULTS: &[DefaultSetting] = {
    const fn row(path: &'static str, value: &'static str) -> DefaultSetting {
        DefaultSetting { path, value }
    }
    &[
        row("admin/captcha/case_sensitive", "0"),
        row("admin/captcha/enable", "1"),
        row("admin/captcha/failed_attempts_ip", "1000"),
        row("admin/captcha/failed_attempts_login", "3"),
        row(
            "admin/captcha/forms",
            "backend_forgotpassword,backend_login",
        ),
        row("admin/captcha/length", "4-5"),
        row("admin/captcha/mode", "after_fail"),
        row("admin/captcha/symbols", "ABCDEFGHJKMnpqrstuvwxyz23456789"),
        row("admin/security/admin_account_sharing", "0"),
        row("admin/security/lockout_failures", "6"),
        row("admin/security/lockout_threshold", "30"),
        row("admin/security/password_is_forced", "1"),
        row("admin/security/password_lifetime", "90"),
        row("admin/security/session_lifetime", "900"),
        row("admin/security/use_form_key", "1"),
        row("currency/options/base", "USD"),
        row("currency/options/default", "USD"),
        row("general/locale/code", "en_US"),
        row("general/locale/timezone", "America/Chicago"),
        row("general/locale/weight_unit", "lbs"),
        row("oauth/access_token_lifetime/admin", "4"),
        row("oauth/access_token_lifetime/customer", "1"),
        row("oauth/authentication_lock/max_failures_count", "6"),
        row("oauth/authentication_lock/timeout", "1800"),
        row("oauth/cleanup/cleanup_probability", "100"),
        row("oauth/cleanup/expiration_period", "120"),
        row("oauth/consumer/expiration_period", "300"),
        row("oauth/consumer/post_maxredirects", "0"),
        row("oauth/consumer/post_timeout", "5"),
        row(SECURE_BASE_URL, "{{base_url}}"),
        row("web/secure/offloader_header", "X-Forwarded-Proto"),
        row("web/secure/use_in_adminhtml", "0"),
        row("web/seo/use_rewrites", "1"),
        row(USE_STORE, "0"),
        row("webapi/jwtauth/admin_expiration", "60"),
        row("webapi/jwtauth/customer_expiration", "60"),
        row("webapi/webapisecurity/allow_insecure", "0"),
    ]
};

/// The switch whose default depends on the profile (docs/protocol/rest.md#bearer-tokens-of-integrations).
pub(super) const BEARER: &str = "oauth/consumer/enable_integration_as_bearer";

/// What counts for `path` when nothing is set.
pub(super) fn default_of(profile: &Profile, path: &str) -> Option<&'static str> {
    if path == BEARER && profile.bearer_by_default {
        return Some("1");
    }
    DEFAULTS
        .iter()
        .find(|row| row.path == path)
        .map(|row| row.value)
}

/// The setting that names the base URL for HTTPS.
pub(super) const SECURE_BASE_URL: &str = "web/secure/base_url";
/// The setting that puts codes of store views in front of paths.
pub(super) const USE_STORE: &str = "web/url/use_store";

/// The setting that shows whether an address is taken.
pub(super) const SHOWS_EMAILS: &str = "checkout/options/enable_guest_checkout_login";

/// The paths of a stock store, and the sections of which every path counts, which end in `/`.
const PATHS: &str = include_str!("../../fixtures/settings/paths.txt");

/// A path that no store has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configuration path `{path}` does not exist; {}", meant(*.nearest))]
pub struct UnknownPath {
    /// As it was given.
    pub path: String,
    /// What was most likely meant.
    pub nearest: Option<&'static str>,
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "name one of a stock store, such as `oauth/consumer/expiration_period`".to_owned(),
        |path| format!("did you mean `{path}`?"),
    )
}

/// Whether setting `path` has an effect here: `Ok(None)` when it does, else why not. A path of a section that no stock store has may belong
/// to a module and is let through.
///
/// # Errors
/// [`UnknownPath`] when it is most likely misspelt.
pub fn check(path: &str) -> Result<Option<String>, UnknownPath> {
    let modelled = DEFAULTS.iter().map(|row| row.path);
    let modelled = modelled.chain([BEARER, SHOWS_EMAILS]);
    if modelled.clone().any(|known| known == path) {
        return Ok(None);
    }
    let section = path.split('/').next().unwrap_or_default();
    let is_known = |line: &str| line == path || line.strip_suffix('/') == Some(section);
    if PATHS.lines().any(is_known) {
        return Ok(Some(format!(
            "`{path}` is not modelled: this store keeps the value and nothing changes"
        )));
    }
    let whole = PATHS.lines().filter(|line| !line.ends_with('/'));
    let nearest = nearest(path, modelled.chain(whole.clone()));
    let has_section = whole
        .clone()
        .any(|line| line.split('/').next() == Some(section));
    if nearest.is_some() || has_section {
        return Err(UnknownPath {
            path: path.to_owned(),
            nearest,
        });
    }
    Ok(Some(format!(
        "`{path}` belongs to no stock store: nothing here reads it"
    )))
}

/// PHP's integer cast: blanks, a sign and leading digits; saturates; 0 without digits.
pub(super) fn integer(text: &str) -> i64 {
    let text = text.trim_start();
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0_i64, |value, digit| {
            value
                .saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'))
        });
    if negative { -magnitude } else { magnitude }
}

impl Store {
    /// The value of a configuration path: what is set, else the default; none when neither is there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn setting(&self, path: &str) -> storage::Result<Option<String>> {
        let set = self.storage.setting(path)?;
        let value = set.or_else(|| default_of(self.profile(), path).map(ToOwned::to_owned));
        Ok(match self.faults() {
            None => value,
            Some(faults) => faults.setting(path, value),
        })
    }

    /// Whether a Yes/No setting is on: any value that PHP reads as true.
    ///
    /// # Errors
    /// When the database fails.
    pub fn is_on(&self, path: &str) -> storage::Result<bool> {
        Ok(self
            .setting(path)?
            .is_some_and(|value| !matches!(value.as_str(), "" | "0")))
    }

    /// A setting as PHP casts it to an integer: leading digits, else 0.
    ///
    /// # Errors
    /// When the database fails.
    pub fn number(&self, path: &str) -> storage::Result<i64> {
        Ok(self.setting(path)?.map_or(0, |value| integer(&value)))
    }

    /// A setting that must be positive; otherwise the default counts (docs/protocol/flow.md).
    ///
    /// # Errors
    /// When the database fails.
    pub fn positive(&self, path: &str) -> storage::Result<i64> {
        let value = self.number(path)?;
        if value > 0 {
            return Ok(value);
        }
        Ok(default_of(self.profile(), path).map_or(0, integer))
    }
}
