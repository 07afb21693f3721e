//! One request to the panel: whose session it is, what was asked, and the forms of answer that every action shares.

use serde_json::{Value, json};

use crate::integration::IntegrationId;
use crate::random;
use crate::storage::{self, Account, AccountKind};
use crate::store::integrations::{Integrations, Refusal};
use crate::store::turn::Turn;
use crate::store::{Store, front, page};
use crate::wire::Response;

use super::address::{Action, Address, Addresses, SecretKeys};
use super::fields::Fields;
use super::messages::{self, fill};
use super::session::{Kind, Session};

/// The session cookie (spec config-acl-admin.md §5.1).
const COOKIE: &str = "admin";

/// A request to the panel with its session.
pub(super) struct Visit<'a> {
    pub(super) store: &'a Store,
    pub(super) turn: &'a Turn<'a>,
    pub(super) session: Session,
    pub(super) address: Address,
    pub(super) fields: Fields,
    /// Base URL and front name, ending in a slash.
    pub(super) front: String,
    /// The answer goes to a script: errors are JSON.
    pub(super) xhr: bool,
    /// Secret keys in addresses are on.
    pub(super) keyed: bool,
    /// The browser does not know the session yet.
    pub(super) fresh: bool,
    /// Names the inline script of this page to the browser.
    pub(super) nonce: String,
}

impl<'a> Visit<'a> {
    /// Reads the request and finds or begins its session. `path` is the path behind the front name.
    pub(super) fn begin(store: &'a Store, turn: &'a Turn<'a>, path: &str) -> storage::Result<Self> {
        let request = turn.request;
        let address = Address::parse(path);
        let query = front::raw_query(&request.target);
        let fields = Fields::new(address.pairs.clone(), query, &request.body);
        let sessions = &store.panel().sessions;
        let now = store.now();
        let lifetime = store.number("admin/security/session_lifetime")?;
        let known = request
            .headers
            .all("Cookie")
            .flat_map(|header| header.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| *name == COOKIE)
            .find_map(|(_, id)| sessions.resume(id, (now, lifetime), store.entropy()));
        let asked_by_script = request
            .headers
            .first("X-Requested-With")
            .is_some_and(|value| value.eq_ignore_ascii_case("XMLHttpRequest"));
        Ok(Self {
            fresh: known.is_none(),
            nonce: random::value(store.entropy()),
            session: known.unwrap_or_else(|| sessions.begin(now, store.entropy())),
            xhr: asked_by_script || fields.flag("isAjax") || fields.flag("ajax"),
            keyed: store.is_on("admin/security/use_form_key")?,
            front: format!(
                "{}{}/",
                store.link_url(turn.is_secure())?,
                store.options().admin_front_name
            ),
            store,
            turn,
            address,
            fields,
        })
    }

    /// The front without scheme and host.
    pub(super) fn front_path(&self) -> &str {
        let front = self.front.split_once("://");
        let front = front.map_or(self.front.as_str(), |(_, rest)| rest);
        &front[front.find('/').unwrap_or(front.len())..]
    }

    /// The administrator who is signed in.
    pub(super) fn account(&self) -> storage::Result<Option<Account>> {
        match self.session.admin {
            Some(id) => self.store.storage().account_with_id(AccountKind::Admin, id),
            None => Ok(None),
        }
    }

    /// Whether whoever is signed in has the resource of an action.
    pub(super) fn may(&self, action: Action) -> storage::Result<bool> {
        let tree = self.store.tree();
        Ok(self
            .account()?
            .is_some_and(|account| account.grant(&tree).allows(&tree, action.resource())))
    }

    /// The URL of an action, for those who may do it.
    pub(super) fn url_if_allowed(&self, action: Action) -> storage::Result<Option<String>> {
        Ok(self.may(action)?.then(|| self.url(action, &[])))
    }

    /// The services over this store's rows.
    pub(super) fn integrations<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        self.store.with_integrations(work)
    }

    pub(super) fn url(&self, action: Action, parameters: &[(&str, &str)]) -> String {
        Addresses {
            front: &self.front,
            keys: self.keyed.then(|| self.secret_keys()),
        }
        .of(action, parameters)
    }

    pub(super) fn secret_keys(&self) -> SecretKeys<'_> {
        SecretKeys {
            installation: &self.store.panel().installation_key,
            form_key: &self.session.form_key,
        }
    }

    /// Queues a message for the next full page.
    pub(super) fn say(&self, kind: Kind, text: impl Into<String>) {
        self.store
            .panel()
            .sessions
            .say(&self.session.id, kind, text);
    }

    /// To `url`: 302 for a page, `{"_redirect": url}` for a script.
    pub(super) fn go(&self, url: &str) -> Response {
        if self.xhr {
            return self.json(&json!({ "_redirect": url }));
        }
        self.redirect(url)
    }

    /// 302, for scripts too.
    pub(super) fn redirect(&self, url: &str) -> Response {
        let mut response = self.html(302, String::new());
        response.headers.add("Location", url);
        response
    }

    /// Queues an error and goes to the grid.
    pub(super) fn back_to_grid(&self, sentence: impl Into<String>) -> Response {
        self.say(Kind::Error, sentence);
        self.go(&self.url(Action::Index, &[]))
    }

    /// A page or fragment.
    pub(super) fn html(&self, status: u16, body: String) -> Response {
        let mut response = page::html(self.store, status, body);
        response.headers.set(
            "Content-Security-Policy",
            format!(
                "default-src 'none'; script-src 'self' 'nonce-{}'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'",
                self.nonce
            ),
        );
        response
    }

    /// JSON as PHP writes it: `/` escaped, everything outside ASCII as `\u` (spec oauth.md §4.1).
    pub(super) fn json(&self, value: &Value) -> Response {
        let mut response = page::html(self.store, 200, php_json(value));
        response.headers.set("Content-Type", "application/json");
        response
    }

    /// The parameter `id` as a number; none when it is absent, 0 or no number.
    pub(super) fn id(&self) -> Option<IntegrationId> {
        Some(self.fields.integer("id"))
            .filter(|id| *id > 0)
            .map(IntegrationId)
    }

    /// The sentence for a refusal; what a person need not see goes to the log.
    pub(super) fn sentence(refusal: &Refusal) -> String {
        use crate::integration::DraftRefusal::{FromConfigFile, IdentityLink, NameAbsent};
        match refusal {
            Refusal::Unknown(asked) => fill(messages::ID_UNKNOWN, asked),
            Refusal::NameTaken(name) => fill(messages::NAME_TAKEN, name),
            Refusal::FromModule(name) => fill(messages::UNINSTALL, name),
            Refusal::Draft(FromConfigFile) => messages::CONFIG_NOT_EDITED.to_owned(),
            Refusal::Draft(IdentityLink) => messages::LINK_INVALID.to_owned(),
            Refusal::Draft(NameAbsent) => fill(messages::UNDEFINED_KEY, "name"),
            Refusal::NoAnswer(why) => {
                tracing::error!(%why, "credentials POST");
                messages::POST_FAILED.to_owned()
            }
            Refusal::Files(_) | Refusal::Undeclared(_) | Refusal::Storage(_) => {
                tracing::error!(%refusal, "integration");
                messages::INTERNAL_ERROR.to_owned()
            }
        }
    }

    /// Gives the browser the cookie of the session `id`.
    pub(super) fn set_cookie(&self, response: &mut Response, id: &str) {
        let secure = if self.turn.is_secure() {
            "; secure"
        } else {
            ""
        };
        let path = self.front_path();
        let path = path.trim_end_matches('/');
        response.headers.add(
            "Set-Cookie",
            format!("{COOKIE}={id}; path={path}{secure}; HttpOnly; SameSite=Lax"),
        );
    }
}

fn php_json(value: &Value) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '/' => text.push_str("\\/"),
            letter if letter.is_ascii() => text.push(letter),
            letter => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").expect("a string takes every text");
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_php_writes_it() {
        let value = json!({"_redirect": "http://h/é\u{1F600}\""});
        assert_eq!(
            php_json(&value),
            r#"{"_redirect":"http:\/\/h\/\u00e9\ud83d\ude00\""}"#
        );
    }
}
