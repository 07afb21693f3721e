//! What the answers of the panel say of the session: cookies, keys, messages, and whether there is a session at all.

use std::time::{Duration, Instant};

use super::error::PanelError;
use super::{Checked, Panel};
use crate::conformance::channel::Channel;
use crate::conformance::markup::Markup;
use crate::conformance::probe::{address, onward, path_of};
use crate::wire::{Origin, Request, Response, Scheme};

/// How many messages are remembered: more than the cases that run together can leave.
const MEMORY: usize = 200;

/// How a page of a store begins that cannot answer.
pub(super) const ERROR_PAGE: &str = "There has been an error processing your request";

impl Panel {
    /// Sends a request of this session and takes its answer in.
    ///
    /// # Errors
    /// When no answer comes, or one that ends the session.
    pub fn send(&mut self, channel: &Channel, request: &Request) -> Result<Response, PanelError> {
        let response = channel.send_at(&self.origin, request)?;
        self.take(channel, request, &response)?;
        Ok(response)
    }

    /// Takes in what an answer says of the session.
    ///
    /// # Errors
    /// When the session is over, or the store's pages are broken.
    pub(in crate::conformance) fn take(
        &mut self,
        channel: &Channel,
        request: &Request,
        response: &Response,
    ) -> Result<(), PanelError> {
        let ended = self.keep_cookies(response);
        if checks_password(request) {
            self.checked = Some(Checked {
                next: next_page(response),
            });
        } else if ended.form_key && self.checked.is_none() {
            self.checked = Some(Checked::default());
        }
        if ended.session {
            return Err(self.ended(&Markup::read(&response.text())));
        }
        if response.status == 500 && response.text().contains(ERROR_PAGE) {
            return self.inspect(channel);
        }
        Ok(())
    }

    /// Whether the panel still has pages, after an answer that looks as if it had none.
    fn inspect(&mut self, channel: &Channel) -> Result<(), PanelError> {
        let mut path = self.start(channel);
        for _ in 0..5 {
            let request = self.request("GET", &path, false);
            let response = channel.send_at(&self.origin, &request)?;
            if self.keep_cookies(&response).session {
                return Err(self.ended(&Markup::default()));
            }
            match self.next_on_origin(&response) {
                Some((_, next)) => path = next,
                None if response.status == 500 => {
                    channel.stop(super::error::BROKEN);
                    return Err(PanelError::Broken);
                }
                None => break,
            }
        }
        self.checked = Some(Checked::default());
        Ok(())
    }

    /// Sends a request and follows up to six redirects within the store.
    ///
    /// # Errors
    /// When no answer comes, or one that ends the session.
    pub(in crate::conformance) fn follow(
        &mut self,
        channel: &Channel,
        request: &Request,
    ) -> Result<Response, PanelError> {
        self.at.clone_from(&request.target);
        let mut response = self.send(channel, request)?;
        for _ in 0..6 {
            let Some((origin, path)) = self.next_on_origin(&response) else {
                break;
            };
            self.origin = origin;
            response = self.send(channel, &self.request("GET", &path, false))?;
            self.at = path;
        }
        Ok(response)
    }

    /// Where a redirect leads, if it stays with the store: from http to https of the same host, or else on the origin under test, since a
    /// store behind a proxy calls itself by another port.
    fn next_on_origin(&self, response: &Response) -> Option<(Origin, String)> {
        let location = onward(response)?;
        if location.starts_with('/') && !location.starts_with("//") {
            return Some((self.origin.clone(), location.to_owned()));
        }
        let (origin, path) = Origin::split(location).ok()?;
        if origin.host != self.origin.host {
            return None;
        }
        let safer = self.origin.scheme == Scheme::Http && origin.scheme == Scheme::Https;
        Some((if safer { origin } else { self.origin.clone() }, path))
    }

    /// Why there is no session any more.
    pub(super) fn ended(&self, page: &Markup) -> PanelError {
        let displaced = self
            .cookies
            .get("loggedOutReasonCode")
            .is_some_and(|code| code == "2")
            || page
                .messages()
                .iter()
                .any(|message| message.contains("from another device or browser"));
        if displaced {
            PanelError::Displaced(self.access.user.clone())
        } else {
            PanelError::Ended(self.access.user.clone())
        }
    }

    /// Keeps the cookies of an answer, whatever else it says.
    pub(in crate::conformance) fn keep(&mut self, response: &Response) {
        self.keep_cookies(response);
    }

    fn keep_cookies(&mut self, response: &Response) -> EndedCookies {
        let mut ended = EndedCookies::default();
        for line in response.headers.all("Set-Cookie") {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let age = parts.find_map(|part| {
                let (key, value) = part.split_once('=')?;
                let value = value.trim();
                key.trim()
                    .eq_ignore_ascii_case("max-age")
                    .then(|| value.parse::<i64>().unwrap_or_default())
            });
            let name = name.trim();
            if value == "deleted" || age.is_some_and(|age| age <= 0) {
                self.cookies.remove(name);
                ended.session |= name == "admin";
                ended.form_key |= name == "form_key";
                continue;
            }
            if name == "admin" {
                ended.session = false;
                let age = age.and_then(|age| u64::try_from(age).ok());
                self.ends = age.map(|age| Instant::now() + Duration::from_secs(age));
            }
            self.cookies
                .insert(name.to_owned(), value.trim().to_owned());
        }
        ended
    }

    /// Takes form key, secret keys and messages from a page.
    pub(in crate::conformance) fn learn(&mut self, page: &Markup) {
        self.heard.extend(page.messages());
        let old = self.heard.len().saturating_sub(MEMORY);
        self.heard.drain(..old);
        if let Some(key) = page.form_key()
            && key != self.form_key
        {
            self.form_key = key;
            self.keys.clear();
        }
        for text in page.said() {
            if let Some((_, "index")) = address::controller(&text, "user") {
                self.users = Some(path_of(&text));
            }
            let Some((folder, action)) = address::controller(&text, "integration") else {
                continue;
            };
            if self.controller.is_empty() {
                folder.clone_into(&mut self.controller);
            }
            if folder != self.controller {
                continue;
            }
            if let Some(key) = address::secret_key(&text) {
                self.keyed = true;
                self.keys.insert(action.to_owned(), key.to_owned());
            }
        }
    }
}

/// What an answer took away.
#[derive(Default)]
struct EndedCookies {
    session: bool,
    form_key: bool,
}

/// Whether the store looks at a password before it does this.
fn checks_password(request: &Request) -> bool {
    let mut segments = request.target.split(['/', '?']);
    request.method == "POST" && segments.any(|segment| segment == "save")
}

/// The page to which an answer leads: by its `Location`, or by the `_redirect` of an answer to a script.
fn next_page(response: &Response) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let url = json["_redirect"].as_str().or_else(|| onward(response))?;
    Some(path_of(url))
}
