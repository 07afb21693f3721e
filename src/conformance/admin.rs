use std::collections::BTreeMap;

use crate::text::form;
use crate::wire::{Headers, Request, Response};

use super::bench::{Bench, CASE_HEADER, USER_AGENT};
use super::page::{self, onward, path_of};
use super::{AdminAccess, PanelError};

/// A session in the admin panel, driven over HTTP as a browser would: cookies, form key, and secret keys followed from the pages.
#[derive(Clone, Debug)]
pub struct Panel {
    access: AdminAccess,
    authority: String,
    cookies: BTreeMap<String, String>,
    form_key: String,
    /// URL of the integration controller's folder, path only: `/admin/admin/integration`.
    controller: String,
    /// The secret key of every action that a page has linked to.
    keys: BTreeMap<String, String>,
    /// The case that works with the session, for the store's log.
    case: &'static str,
    /// Where the last page was, after its redirects.
    at: String,
}

/// What a saved integration is called by the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its id.
    pub id: String,
    /// The `isTokenExchange` flag as sent.
    pub token_exchange: String,
}

impl Panel {
    /// Signs in and finds the integrations.
    ///
    /// # Errors
    /// A [`PanelError`], each a sentence that says what to do.
    pub fn sign_in(bench: &Bench, access: &AdminAccess) -> Result<Self, PanelError> {
        let start = format!("{}{}", bench.target.prefix, access.path);
        let mut panel = Self {
            access: access.clone(),
            authority: bench.target.origin.authority(),
            cookies: BTreeMap::new(),
            form_key: String::new(),
            controller: String::new(),
            keys: BTreeMap::new(),
            case: "",
            at: String::new(),
        };
        let login = panel.follow(bench, &panel.request("GET", &start, false))?;
        if let Some(location) = onward(&login) {
            return Err(PanelError::Elsewhere(start, location.to_owned()));
        }
        let page = login.text();
        let key = page::input_value(&page, "form_key");
        let has_field = page::input_value(&page, "login[username]").is_some();
        let (Some(key), true) = (key, has_field) else {
            return Err(PanelError::NoPanel(start));
        };
        panel.form_key = key;
        let user = access.user.clone();
        let body = form::encode_pairs([
            ("form_key", panel.form_key.as_str()),
            ("login[username]", user.as_str()),
            ("login[password]", access.password.expose()),
        ]);
        let mut request = panel.request("POST", &start, false);
        request
            .headers
            .add("Content-Type", "application/x-www-form-urlencoded");
        request.body = body.into_bytes();
        let home = panel.follow(bench, &request)?;
        let page = home.text();
        if page::input_value(&page, "login[username]").is_some() {
            return Err(PanelError::Refused(user));
        }
        if !panel.at.starts_with(bench.target.folder()) {
            let elsewhere = format!("{}{}", bench.target.origin, panel.at);
            return Err(PanelError::Elsewhere(start, elsewhere));
        }
        if panel.at.contains("/tfa/") {
            return Err(PanelError::SecondFactor);
        }
        let link = page::url_with(&page, "/admin/integration").ok_or_else(|| {
            if page.contains("tfa_") || page.contains("Two-Factor") {
                PanelError::SecondFactor
            } else {
                PanelError::NoIntegrations
            }
        })?;
        let path = path_of(&link);
        let folder = path
            .find("/integration")
            .ok_or(PanelError::NoIntegrations)?;
        path[..folder + "/integration".len()].clone_into(&mut panel.controller);
        let grid = panel.follow(bench, &panel.request("GET", &path, false))?;
        panel.learn(&grid.text());
        Ok(panel)
    }

    /// From now on requests name this case.
    pub(super) const fn work_for(&mut self, case: &'static str) {
        self.case = case;
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
    pub fn has_secret_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// A request with the session's cookies; `xhr` as the panel's own scripts send it.
    #[must_use]
    pub fn request(&self, method: &str, path: &str, xhr: bool) -> Request {
        let mut headers = Headers::default();
        headers.add("Host", self.authority.clone());
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
        bench: &Bench,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Response, PanelError> {
        let path = self.path(action, parameters);
        self.send(bench, &self.request("GET", &path, true))
    }

    /// GETs a page of the panel and follows redirects; secret keys are learned from it.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn page(
        &mut self,
        bench: &Bench,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, PanelError> {
        if !self.keys.is_empty() && !self.keys.contains_key(action) {
            let path = self.path("index", &[]);
            let grid = self.follow(bench, &self.request("GET", &path, false))?;
            self.learn(&grid.text());
        }
        let path = self.path(action, parameters);
        let page = self.follow(bench, &self.request("GET", &path, false))?;
        let text = page.text();
        self.learn(&text);
        Ok(text)
    }

    /// The grid with up to 200 rows; it also shows the messages that are due.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn grid(&mut self, bench: &Bench) -> Result<String, PanelError> {
        self.page(bench, "index", &[("limit", "200")])
    }

    /// Saves a new or existing integration as the form's script does. The form key and the administrator's password are added.
    ///
    /// # Errors
    /// When the panel does not answer with the integration's id.
    pub fn save(
        &mut self,
        bench: &Bench,
        parameters: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Result<Saved, PanelError> {
        let response = self.save_raw(bench, parameters, fields)?;
        let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
        match json["integrationId"].as_str() {
            Some(id) => Ok(Saved {
                id: id.to_owned(),
                token_exchange: json["isTokenExchange"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            }),
            None => Err(unexpected("save", &response, "the integration's id")),
        }
    }

    /// [`Panel::save`] with the response as it came.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn save_raw(
        &mut self,
        bench: &Bench,
        parameters: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Result<Response, PanelError> {
        let password = self.password();
        let form_key = self.form_key.clone();
        let mut all = vec![("form_key", form_key.as_str())];
        if !fields.iter().any(|(name, _)| *name == "current_password") {
            all.push(("current_password", password.as_str()));
        }
        all.extend_from_slice(fields);
        let path = self.path("save", parameters);
        let request = self.post(&path, &all, true);
        self.send(bench, &request)
    }

    /// Starts the token exchange: the store sends the credentials POST before it answers.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn exchange(
        &mut self,
        bench: &Bench,
        id: &str,
        reauthorize: bool,
    ) -> Result<Response, PanelError> {
        let flag = if reauthorize { "1" } else { "0" };
        self.get(
            bench,
            "tokensExchange",
            &[("id", id), ("reauthorize", flag)],
        )
    }

    /// Deletes an integration, also after the run was stopped.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn delete(&mut self, bench: &Bench, id: &str) -> Result<Response, PanelError> {
        let path = self.path("delete", &[("id", id)]);
        let form_key = self.form_key.clone();
        let request = self.post(&path, &[("form_key", form_key.as_str())], false);
        let response = bench.send_anyway(&request)?;
        self.keep_cookies(&response);
        Ok(response)
    }

    /// Whether the answer to [`Panel::delete`] is that of a session which may delete: back to the grid.
    #[must_use]
    pub fn has_deleted(&self, response: &Response) -> bool {
        let location = response.headers.first("Location").unwrap_or_default();
        response.status == 302 && path_of(location).starts_with(&self.controller)
    }

    /// Sends a request of this session. Cookies of an answer to a request without any are a stranger's and not kept.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn send(&mut self, bench: &Bench, request: &Request) -> Result<Response, PanelError> {
        let response = bench.send(request)?;
        if self.cookies.is_empty() || request.headers.first("Cookie").is_some() {
            self.keep_cookies(&response);
        }
        Ok(response)
    }

    /// Sends a request and follows up to five redirects within the store.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn follow(&mut self, bench: &Bench, request: &Request) -> Result<Response, PanelError> {
        self.at.clone_from(&request.target);
        let mut response = self.send(bench, request)?;
        for _ in 0..5 {
            let Some(path) = onward(&response).map(path_of) else {
                break;
            };
            response = self.send(bench, &self.request("GET", &path, false))?;
            self.at = path;
        }
        Ok(response)
    }

    pub(super) fn keep_cookies(&mut self, response: &Response) {
        for line in response.headers.all("Set-Cookie") {
            let pair = line.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies
                    .insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    fn learn(&mut self, page: &str) {
        if let Some(key) = page::input_value(page, "form_key") {
            self.form_key = key;
        }
        let plain = page.replace("\\/", "/").replace("&amp;", "&");
        for (at, found) in plain.match_indices("/integration/") {
            let rest = &plain[at + found.len()..];
            let end = rest
                .find(|letter: char| letter.is_whitespace() || "\"'<>`()".contains(letter))
                .unwrap_or(rest.len());
            let url = &rest[..end];
            let action = url.split('/').next().unwrap_or_default();
            if let Some(key) = page::secret_key(url) {
                self.keys.insert(action.to_owned(), key.to_owned());
            }
        }
    }
}

pub(super) fn unexpected(action: &str, response: &Response, wanted: &'static str) -> PanelError {
    PanelError::Unexpected {
        action: action.to_owned(),
        status: response.status,
        wanted,
        text: super::answer::shortened(&response.text()),
    }
}
