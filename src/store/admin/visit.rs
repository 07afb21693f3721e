//! One request to the panel: whose session it is, what was asked, and the forms of answer that every action shares.

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};

use crate::integration::IntegrationId;
use crate::storage::{self, Account, AccountKind};
use crate::store::integrations::{Integrations, Refusal};
use crate::store::turn::Turn;
use crate::store::{Store, front, page};
use crate::wire::Response;

use super::address::{Action, Address, Addresses, SecretKeys};
use super::cookies::{self, Jar};
use super::fields::Fields;
use super::markup;
use super::messages::{self, fill};
use super::session::{Kind, Session};

/// Only reported, as in a real panel: its pages are full of scripts of their own.
const POLICY: &str = "img-src data: 'self' 'unsafe-inline'; default-src 'self' 'unsafe-inline' 'unsafe-eval'; base-uri 'self' 'unsafe-inline'; form-action 'self' 'unsafe-inline'; frame-ancestors 'self' 'unsafe-inline';";

/// A request to the panel with its session.
pub(super) struct Visit<'a> {
    pub(super) store: &'a Store,
    pub(super) turn: &'a Turn<'a>,
    pub(super) session: Session,
    pub(super) address: Address,
    pub(super) fields: Fields,
    /// Base URL and front name, ending in a slash.
    pub(super) front: String,
    /// Sent by a script, by its header: what would redirect is JSON, and so is the answer to a save.
    pub(super) scripted: bool,
    /// Secret keys in addresses are on.
    pub(super) keyed: bool,
    /// What the answer tells the browser to keep.
    pub(super) jar: Jar,
    form_key: RefCell<String>,
    account: Option<Account>,
    is_signed_in: Cell<bool>,
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
        let brought = cookies::sent(&request.headers, cookies::SESSION);
        let known = match brought {
            Some(id) => sessions.resume(id, now, lifetime)?,
            None => None,
        };
        let session = match known {
            Some(session) => session,
            None => sessions.begin(brought, now, store.entropy())?,
        };
        let account = match session.admin {
            Some(id) => store.storage().account_with_id(AccountKind::Admin, id)?,
            None => None,
        };
        let front = format!(
            "{}{}/",
            store.panel_link_url(turn.is_secure())?,
            store.options().admin_front_name
        );
        Ok(Self {
            scripted: request
                .headers
                .first("X-Requested-With")
                .is_some_and(|value| value == "XMLHttpRequest"),
            keyed: store.is_on("admin/security/use_form_key")?,
            jar: Jar::new(turn, &front, lifetime),
            form_key: RefCell::new(session.form_key.clone()),
            is_signed_in: Cell::new(account.is_some()),
            account,
            front,
            store,
            turn,
            session,
            address,
            fields,
        })
    }

    /// The front without scheme and host.
    pub(super) fn front_path(&self) -> &str {
        cookies::path_of(&self.front)
    }

    /// The administrator who is signed in.
    pub(super) fn account(&self) -> Option<&Account> {
        self.account.as_ref().filter(|_| self.is_signed_in.get())
    }

    /// The answer goes to a script that asked for JSON in the address: what is wrong with a key is JSON then.
    pub(super) fn wants_json(&self) -> bool {
        self.fields.queried_flag("isAjax") || self.fields.queried_flag("ajax")
    }

    /// Whether whoever is signed in has the resource of an action.
    pub(super) fn may(&self, action: Action) -> bool {
        let tree = self.store.tree();
        self.account()
            .is_some_and(|account| account.grant(&tree).allows(&tree, action.resource()))
    }

    /// The URL of an action, for those who may do it.
    pub(super) fn url_if_allowed(&self, action: Action) -> Option<String> {
        self.may(action).then(|| self.url(action, &[]))
    }

    /// The services over this store's rows.
    pub(super) fn integrations<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        self.store.with_integrations(work)
    }

    pub(super) fn url(&self, action: Action, parameters: &[(&str, &str)]) -> String {
        let form_key = self.form_key();
        Addresses {
            front: &self.front,
            keys: self.keyed.then(|| self.secret_keys(&form_key)),
        }
        .of(action, parameters)
    }

    /// The form key as it is now; a check of the password may have ended the one that came.
    pub(super) fn form_key(&self) -> String {
        self.form_key.borrow().clone()
    }

    pub(super) fn secret_keys<'k>(&'k self, form_key: &'k str) -> SecretKeys<'k> {
        SecretKeys {
            installation: self.store.panel_key().expose().as_bytes(),
            form_key,
        }
    }

    /// Ends the form key, where the release does so with every check of a password.
    pub(super) fn password_was_checked(&self) {
        if !self.store.profile().password_ends_form_key {
            return;
        }
        let sessions = &self.store.panel().sessions;
        sessions.end_form_key(&self.session.id, self.store.entropy());
        self.read_form_key();
        self.jar.delete_form_key();
    }

    /// Goes on as the session of before is called after a sign-in.
    pub(super) fn continue_as(&self, id: &str) {
        let sessions = &self.store.panel().sessions;
        if self.store.profile().password_ends_form_key {
            sessions.end_form_key(id, self.store.entropy());
            self.jar.delete_form_key();
        }
        if let Some(key) = sessions.form_key(id) {
            self.form_key.replace(key);
        }
        self.jar.rename(id);
    }

    /// Signs whoever is in out.
    pub(super) fn sign_out(&self) {
        let sessions = &self.store.panel().sessions;
        sessions.sign_out(&self.session.id, self.store.entropy());
        self.is_signed_in.set(false);
        self.read_form_key();
    }

    fn read_form_key(&self) {
        if let Some(key) = self.store.panel().sessions.form_key(&self.session.id) {
            self.form_key.replace(key);
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
        if self.scripted {
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
        response
            .headers
            .set("Content-Security-Policy-Report-Only", POLICY);
        response
    }

    /// JSON as PHP writes it.
    pub(super) fn json(&self, value: &Value) -> Response {
        let mut response = page::html(self.store, 200, markup::php_json(value));
        response.headers.set("Content-Type", "application/json");
        response
    }

    /// The parameter `id` as a number; none when it is absent, 0 or no number. Nothing has a negative one.
    pub(super) fn id(&self) -> Option<IntegrationId> {
        Some(self.fields.integer("id"))
            .filter(|id| *id != 0)
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
}
