//! The admin panel over HTTP, as a person's browser meets it.

mod answers;
mod error;
mod integrations;
mod otp;
mod session;
mod sign_in;

pub use error::PanelError;
pub(crate) use session::{Seat, Session};

use std::collections::BTreeMap;
use std::time::Instant;

use crate::text::form;
use crate::wire::{Headers, Origin, Request, Response};

use crate::conformance::channel::Channel;
use crate::conformance::markup::Markup;
use crate::conformance::probe::path_of;
use crate::conformance::probe::{CASE_HEADER, USER_AGENT};
use crate::conformance::target::AdminAccess;

/// A session in the admin panel, driven over HTTP as a browser would: cookies, form key, and secret keys followed from the pages.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(super) access: AdminAccess,
    origin: Origin,
    cookies: BTreeMap<String, String>,
    form_key: String,
    /// The folder of the integrations' actions, path only: `/admin/admin/integration`.
    controller: String,
    /// Whether the panel puts secret keys into its URLs.
    keyed: bool,
    /// Where the panel lists its administrators, with the secret key of now.
    users: Option<String>,
    /// The secret key of every action that a page has linked to since the form key changed.
    keys: BTreeMap<String, String>,
    /// A password was checked: form key and secret keys are read anew before anything else is done.
    checked: Option<Checked>,
    /// The messages that pages have shown.
    heard: Vec<String>,
    /// The case that works with the session, for the store's log.
    case: &'static str,
    /// Where the last page was, after its redirects.
    pub(super) at: String,
    /// When the session ends unless it is used.
    ends: Option<Instant>,
}

/// Where the answer to a password check leads, if anywhere.
#[derive(Clone, Debug, Default)]
struct Checked {
    next: Option<String>,
}

impl Panel {
    /// A session of nobody yet.
    pub(super) fn unsigned(channel: &Channel, access: &AdminAccess) -> Self {
        Self {
            access: access.clone(),
            origin: channel.target.origin.clone(),
            cookies: BTreeMap::new(),
            form_key: String::new(),
            controller: String::new(),
            keyed: false,
            users: None,
            keys: BTreeMap::new(),
            checked: None,
            heard: Vec::new(),
            case: "",
            at: String::new(),
            ends: None,
        }
    }

    /// From now on requests name this case.
    pub(super) const fn work_for(&mut self, case: &'static str) {
        self.case = case;
    }

    /// Whether it was left alone for longer than the store keeps a session.
    pub(super) fn has_expired(&self) -> bool {
        self.ends.is_some_and(|end| Instant::now() > end)
    }

    /// Where the panel is served: the store's own origin, or the same host over https.
    pub(super) const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The messages that pages have shown, and nobody has forgotten since.
    pub(super) fn heard(&self) -> &[String] {
        &self.heard
    }

    /// The value of a cookie of the session; empty without one.
    pub(super) fn cookie(&self, name: &str) -> String {
        self.cookies.get(name).cloned().unwrap_or_default()
    }

    /// From now on no message has been heard.
    pub(super) fn forget_messages(&mut self) {
        self.heard.clear();
    }

    /// The form key of the session.
    #[must_use]
    pub fn form_key(&self) -> &str {
        &self.form_key
    }

    /// The administrator's password, which every save asks for.
    #[must_use]
    pub fn password(&self) -> String {
        self.access.password.expose().to_owned()
    }

    /// The path of an action with its parameters, and the secret key when the panel uses them.
    #[must_use]
    pub fn path(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let mut path = self.keyless_path(action, parameters);
        if let Some(key) = self.keys.get(action) {
            path.push_str("key/");
            path.push_str(key);
            path.push('/');
        }
        path
    }

    /// The path of an action without secret key.
    #[must_use]
    pub fn keyless_path(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let mut path = format!("{}/{action}/", self.controller);
        for (name, value) in parameters {
            path.push_str(name);
            path.push('/');
            path.push_str(value);
            path.push('/');
        }
        path
    }

    /// Whether the panel puts secret keys into its URLs.
    #[must_use]
    pub const fn has_secret_keys(&self) -> bool {
        self.keyed
    }

    /// Whether an action can be asked for by GET: its secret key is known, or none is wanted.
    pub(super) fn may_ask(&self, action: &str) -> bool {
        !self.keyed || self.keys.contains_key(action)
    }

    /// A request with the session's cookies; `xhr` as the panel's own scripts send it.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, xhr: bool) -> Request {
        let mut headers = Headers::default();
        headers.add("Host", self.origin.authority());
        headers.add("User-Agent", USER_AGENT);
        if !self.case.is_empty() {
            headers.add(CASE_HEADER, self.case);
        }
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            headers.add("Cookie", cookies.join("; "));
        }
        let mut target = path.to_owned();
        if xhr {
            headers.add("X-Requested-With", "XMLHttpRequest");
            target.push_str(if path.contains('?') {
                "&isAjax=true"
            } else {
                "?isAjax=true"
            });
        }
        Request {
            method: method.to_owned(),
            target,
            headers,
            body: Vec::new(),
        }
    }

    /// A form POST of the session; the form key is not added.
    #[must_use]
    pub fn post(&self, path: &str, fields: &[(&str, &str)], xhr: bool) -> Request {
        let mut request = self.request("POST", path, xhr);
        request.headers.add(
            "Content-Type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
        request.body = form::encode_pairs(fields.iter().copied()).into_bytes();
        request
    }

    /// GETs an action as the panel's scripts do.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn get(
        &mut self,
        channel: &Channel,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Response, PanelError> {
        self.prepare(channel, action)?;
        let path = self.path(action, parameters);
        self.send(channel, &self.request("GET", &path, true))
    }

    /// GETs a page of the panel and follows redirects; secret keys are learned from it.
    ///
    /// # Errors
    /// When no answer comes, or another page.
    pub(super) fn page(
        &mut self,
        channel: &Channel,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Markup, PanelError> {
        self.prepare(channel, action)?;
        let path = self.path(action, parameters);
        self.open(channel, &path)
    }

    /// The grid with up to 200 rows; it also shows the messages that are due.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) fn grid(&mut self, channel: &Channel) -> Result<Markup, PanelError> {
        self.page(channel, "index", &[("limit", "200")])
    }

    /// Reads keys anew when a password check has ended them, and those of an action that is not linked to everywhere.
    ///
    /// # Errors
    /// When no answer comes.
    pub(super) fn prepare(&mut self, channel: &Channel, action: &str) -> Result<(), PanelError> {
        self.renew(channel)?;
        if !self.may_ask("index") {
            let start = self.start(channel);
            self.open(channel, &start)?;
        }
        if !self.may_ask(action) {
            let path = self.path("index", &[("limit", "200")]);
            self.open(channel, &path)?;
        }
        if !self.may_ask(action) && action == "save" {
            let path = self.path("new", &[]);
            self.open(channel, &path)?;
        }
        Ok(())
    }

    /// The path at which the panel begins.
    pub(super) fn start(&self, channel: &Channel) -> String {
        format!("{}{}", channel.target.prefix, self.access.path)
    }

    /// After a password check: the page to which its answer leads, or else the panel's first page.
    fn renew(&mut self, channel: &Channel) -> Result<(), PanelError> {
        let Some(Checked { next }) = self.checked.take() else {
            return Ok(());
        };
        let start = self.start(channel);
        let path = next.unwrap_or(start);
        self.open(channel, &path).map(|_| ())
    }

    /// Opens a page, follows its redirects, and learns from it.
    pub(super) fn open(&mut self, channel: &Channel, path: &str) -> Result<Markup, PanelError> {
        let page = self.follow(channel, &self.request("GET", path, false))?;
        let markup = Markup::read(&page.text());
        if markup.input("login[username]").is_some() {
            return Err(self.ended(&markup));
        }
        self.learn(&markup);
        Ok(markup)
    }

    /// Goes where an answer leads, and learns from the page.
    pub(super) fn lead_on(&mut self, channel: &Channel, url: &str) -> Result<Response, PanelError> {
        self.checked = None;
        let page = self.follow(channel, &self.request("GET", &path_of(url), false))?;
        self.learn(&Markup::read(&page.text()));
        Ok(page)
    }

    /// Whether a page has linked to the integrations.
    pub(super) const fn knows_integrations(&self) -> bool {
        !self.controller.is_empty()
    }
}

pub(super) fn unexpected(action: &str, response: &Response, wanted: &'static str) -> PanelError {
    PanelError::Unexpected {
        action: action.to_owned(),
        status: response.status,
        wanted,
        text: crate::conformance::probe::shortened(&response.text()),
    }
}
