//! The addresses of the panel: which action a path names, and the path of an action with its secret key.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::acl::ResourceId;
use crate::text::percent;

/// The id of the panel's route, signed into every secret key.
const ROUTE_ID: &str = "adminhtml";

/// Which methods an action takes; any other is answered with the 404 page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Methods {
    Any,
    Get,
    GetAndPost,
    Post,
}

/// Methods that a real panel knows at all.
const KNOWN: [&str; 9] = [
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
];

impl Methods {
    fn take(self, method: &str) -> bool {
        let get = matches!(method, "GET" | "HEAD");
        match self {
            Self::Any => KNOWN.contains(&method),
            Self::Get => get,
            Self::GetAndPost => get || method == "POST",
            Self::Post => method == "POST",
        }
    }
}

/// What the panel can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Action {
    AccountIndex,
    AccountSave,
    CacheFlush,
    CacheIndex,
    CacheRefresh,
    CaptchaRefresh,
    ConfigurationEdit,
    ConfigurationSave,
    Dashboard,
    Delete,
    Edit,
    Grid,
    /// The start page with its key, as scripts know it.
    Home,
    Index,
    LoginSuccessCallback,
    New,
    /// The page for addresses that lead nowhere, by its own address.
    Nowhere,
    PermissionsDialog,
    Save,
    SignIn,
    SignOut,
    Start,
    TokensDialog,
    TokensExchange,
    UserEdit,
    UserIndex,
    UserNew,
    UserSave,
}

/// Controller, action and methods of every action. The words of a path are compared without regard to case.
const ACTIONS: &[(Action, &str, &str, Methods)] = {
    use Methods::{Any, Get, GetAndPost, Post};
    &[
        (Action::AccountIndex, "system_account", "index", GetAndPost),
        (Action::AccountSave, "system_account", "save", Post),
        (Action::CacheFlush, "cache", "flushSystem", GetAndPost),
        (Action::CacheFlush, "cache", "flushAll", GetAndPost),
        (Action::CacheIndex, "cache", "index", Get),
        (Action::CacheRefresh, "cache", "massRefresh", Post),
        (Action::CaptchaRefresh, "refresh", "refresh", Post),
        (
            Action::ConfigurationEdit,
            "system_config",
            "edit",
            GetAndPost,
        ),
        (
            Action::ConfigurationEdit,
            "system_config",
            "index",
            GetAndPost,
        ),
        (Action::ConfigurationSave, "system_config", "save", Post),
        (Action::Dashboard, "dashboard", "index", Get),
        (Action::Delete, "integration", "delete", Post),
        (Action::Edit, "integration", "edit", Get),
        (Action::Grid, "integration", "grid", GetAndPost),
        (Action::Index, "integration", "index", Get),
        (
            Action::LoginSuccessCallback,
            "integration",
            "loginSuccessCallback",
            Any,
        ),
        (Action::New, "integration", "new", Get),
        (Action::Nowhere, "noroute", "index", Any),
        (
            Action::PermissionsDialog,
            "integration",
            "permissionsDialog",
            Get,
        ),
        (Action::Save, "integration", "save", Post),
        (Action::SignOut, "auth", "logout", GetAndPost),
        (Action::Home, "index", "index", GetAndPost),
        (Action::SignIn, "auth", "login", GetAndPost),
        (Action::TokensDialog, "integration", "tokensDialog", Get),
        (Action::TokensExchange, "integration", "tokensExchange", Get),
        (Action::UserEdit, "user", "edit", Get),
        (Action::UserIndex, "user", "index", Get),
        (Action::UserNew, "user", "new", Get),
        (Action::UserSave, "user", "save", Post),
    ]
};

impl Action {
    /// Controller and action as they stand in a path; the first row of the action.
    fn words(self) -> (&'static str, &'static str) {
        ACTIONS
            .iter()
            .find(|(action, ..)| *action == self)
            .map(|(_, controller, action, _)| (*controller, *action))
            .expect("every action has a row")
    }

    /// Whether the secret key is not asked for.
    pub(super) const fn is_public(self) -> bool {
        matches!(self, Self::Nowhere)
    }

    /// Whether the controller of integrations answers, which tells a script where to go instead of redirecting it.
    pub(super) fn is_of_integrations(self) -> bool {
        self != Self::Start && self.words().0 == "integration"
    }

    /// The resource that an administrator needs for it.
    pub(super) const fn resource(self) -> &'static str {
        match self {
            Self::AccountIndex | Self::AccountSave => "Magento_Backend::myaccount",
            Self::CacheFlush | Self::CacheIndex | Self::CacheRefresh => "Magento_Backend::cache",
            Self::ConfigurationEdit | Self::ConfigurationSave => "Magento_Config::config",
            Self::CaptchaRefresh
            | Self::Dashboard
            | Self::Home
            | Self::Nowhere
            | Self::SignIn
            | Self::SignOut
            | Self::Start => ResourceId::ADMIN,
            Self::Delete
            | Self::Edit
            | Self::Grid
            | Self::Index
            | Self::LoginSuccessCallback
            | Self::New
            | Self::PermissionsDialog
            | Self::Save
            | Self::TokensDialog
            | Self::TokensExchange => "Magento_Integration::integrations",
            Self::UserEdit | Self::UserIndex | Self::UserNew | Self::UserSave => {
                "Magento_User::acl_users"
            }
        }
    }
}

/// A path of the panel, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The action, unless the words name none.
    action: Option<(Action, Methods)>,
    controller_word: String,
    action_word: String,
    /// `/key/value` pairs behind the action, decoded.
    pub(super) pairs: Vec<(String, String)>,
}

impl Address {
    /// Reads the path behind the panel's front name, e.g. `/admin/integration/edit/id/7/`. Absent words are `admin`, `index`, `index`.
    pub(super) fn parse(path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let words = path.trim_end_matches('/').split('/');
        let mut words = words.map(|word| percent::decode_text(word).into_owned());
        let module = words.next().filter(|_| !path.is_empty());
        let module = module.unwrap_or_else(|| "admin".to_owned());
        let mut word = |stock: &str| {
            let word = words.next().filter(|word| !word.is_empty());
            word.unwrap_or_else(|| stock.to_owned())
        };
        let controller_word = word("index");
        let action_word = word("index");
        let mut pairs = Vec::new();
        while let Some(name) = words.next() {
            pairs.push((name, words.next().unwrap_or_default()));
        }
        let action = (module == "admin")
            .then(|| {
                ACTIONS.iter().find(|(_, controller, action, _)| {
                    controller.eq_ignore_ascii_case(&controller_word)
                        && action.eq_ignore_ascii_case(&action_word)
                })
            })
            .flatten()
            .map(|(action, _, _, methods)| (*action, *methods));
        Self {
            action,
            controller_word,
            action_word,
            pairs,
        }
    }

    /// The action that the words name.
    pub(super) fn action(&self) -> Option<Action> {
        self.action.map(|(action, _)| action)
    }

    /// Whether the action takes this method.
    pub(super) fn takes(&self, method: &str) -> bool {
        self.action.is_some_and(|(_, methods)| methods.take(method))
    }

    /// The classes of the body of this address's page.
    pub(super) fn body_class(&self) -> String {
        let action = self.action();
        let layout = match action {
            Some(Action::New | Action::Edit | Action::ConfigurationEdit) => {
                "page-layout-admin-2columns-left"
            }
            _ => "page-layout-admin-1column",
        };
        let (controller, action) = action.map_or(("noroute", "index"), Action::words);
        format!("adminhtml-{controller}-{action} {layout}")
    }

    /// The secret key that this address needs.
    pub(super) fn secret_key(&self, keys: SecretKeys<'_>) -> String {
        keys.of(&self.controller_word, &self.action_word)
    }
}

/// Makes the secret keys of one session: HMAC-SHA256 over route, controller, action and form key, as 64 hex digits.
#[derive(Clone, Copy)]
pub(super) struct SecretKeys<'a> {
    pub(super) installation: &'a [u8],
    pub(super) form_key: &'a str,
}

impl SecretKeys<'_> {
    fn of(self, controller: &str, action: &str) -> String {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.installation)
            .expect("HMAC takes a key of any length");
        for part in [ROUTE_ID, controller, action, self.form_key] {
            mac.update(part.as_bytes());
        }
        mac.finalize()
            .into_bytes()
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                write!(hex, "{byte:02x}").expect("a string takes every text");
                hex
            })
    }
}

/// Writes the addresses of one session's pages.
#[derive(Clone, Copy)]
pub(super) struct Addresses<'a> {
    /// Base URL and front name, ending in a slash: `http://127.0.0.1:8080/admin/`.
    pub(super) front: &'a str,
    /// None when `admin/security/use_form_key` is off.
    pub(super) keys: Option<SecretKeys<'a>>,
}

impl Addresses<'_> {
    /// The URL of an action with path parameters; values are encoded but for `:`, which marks a place to fill.
    pub(super) fn of(self, action: Action, parameters: &[(&str, &str)]) -> String {
        if action == Action::Start {
            return format!("{}admin/", self.front);
        }
        let (controller, action) = action.words();
        let mut url = format!("{}admin/{controller}/", self.front);
        if action != "index" || !parameters.is_empty() || self.keys.is_some() {
            let _ = write!(url, "{action}/");
        }
        for (name, value) in parameters {
            let _ = write!(
                url,
                "{name}/{}/",
                percent::encode(value).replace("%3A", ":")
            );
        }
        if let Some(keys) = self.keys {
            let _ = write!(url, "key/{}/", keys.of(controller, action));
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_an_action_whatever_its_case_and_slashes() {
        for path in [
            "/admin/integration/tokensExchange/id/7/reauthorize/1/",
            "/admin/Integration/TOKENSEXCHANGE/id/7/reauthorize/1",
        ] {
            let address = Address::parse(path);
            assert_eq!(address.action(), Some(Action::TokensExchange));
            assert!(address.takes("GET") && !address.takes("POST"));
            let pairs = [("id", "7"), ("reauthorize", "1")];
            assert_eq!(
                address.pairs,
                pairs.map(|(a, b)| (a.to_owned(), b.to_owned()))
            );
        }
        assert_eq!(Address::parse("").action(), Some(Action::Home));
        assert_eq!(
            Address::parse("/admin/integration/").action(),
            Some(Action::Index)
        );
        assert_eq!(Address::parse("/other/integration/").action(), None);
        assert_eq!(Address::parse("//admin/integration/").action(), None);
        assert_eq!(Address::parse("/admin/integration/nothing").action(), None);
    }

    #[test]
    fn a_secret_key_has_64_digits_and_differs_by_action_and_session() {
        let keys = |form_key| SecretKeys {
            installation: b"installation",
            form_key,
        };
        let key = keys("a").of("integration", "index");
        assert_eq!(key.len(), 64);
        assert!(key.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(key, keys("b").of("integration", "index"));
        assert_ne!(key, keys("a").of("integration", "edit"));
    }

    #[test]
    fn a_written_address_is_read_back_with_its_key() {
        let keys = SecretKeys {
            installation: b"installation",
            form_key: "form",
        };
        let addresses = Addresses {
            front: "http://h/admin/",
            keys: Some(keys),
        };
        let url = addresses.of(Action::Edit, &[("id", "7")]);
        let address = Address::parse(url.strip_prefix("http://h/admin").expect("it starts so"));
        assert_eq!(address.action(), Some(Action::Edit));
        assert_eq!(
            address.pairs[1],
            ("key".to_owned(), address.secret_key(keys))
        );
        let plain = Addresses {
            keys: None,
            ..addresses
        };
        assert_eq!(
            plain.of(Action::Index, &[]),
            "http://h/admin/admin/integration/"
        );
        assert_eq!(
            plain.of(Action::New, &[]),
            "http://h/admin/admin/integration/new/"
        );
    }
}
