//! What no answer of the store may hold, looked for in every one of them at one place: the secrets of the run, and markup that a case has
//! put into a name.
//!
//! Secrets are told where they have to be: tokens at the token endpoints, and the four values on the form and in the dialog of their
//! integration.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::wire::{Request, Response};

use super::fields::CASE_HEADER;

/// Characters of each key, secret, token and verifier that a store draws.
const LENGTH: usize = 32;

/// What is kept of the run.
#[derive(Debug, Default)]
struct Known {
    /// Drawn values, with what they are.
    drawn: HashMap<String, &'static str>,
    /// Secrets of any other length: passwords.
    typed: Vec<(String, &'static str)>,
    /// Names with markup in them, as they were saved.
    markup: Vec<String>,
    leaks: Vec<Leak>,
}

/// Something where it may not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leak {
    case: String,
    /// What was expected, and what came.
    pub(crate) expected: String,
    pub(crate) actual: String,
}

/// The watch of one run.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<Known>);

impl Watch {
    /// From now on no answer may hold `secret`, but where it belongs.
    pub(crate) fn learn(&self, secret: &str, what: &'static str) {
        // What is sent as a bearer token is answered with by the endpoint that makes it, and a header of the operator's is no secret of the
        // store's.
        if secret.len() < 8 || matches!(what, "header" | "bearer" | "bearer-token") {
            return;
        }
        let mut known = self.known();
        if secret.len() == LENGTH && secret.bytes().all(is_drawn) {
            known.drawn.insert(secret.to_owned(), what);
        } else if !known.typed.iter().any(|(other, _)| other == secret) {
            known.typed.push((secret.to_owned(), what));
        }
    }

    /// From now on no page may hold this value of a form as it is.
    pub(crate) fn learn_markup(&self, value: &str) {
        let mut known = self.known();
        if value.contains('<') && !known.markup.iter().any(|other| other == value) {
            known.markup.push(value.to_owned());
        }
    }

    /// Looks through an answer.
    pub(crate) fn look(&self, request: &Request, response: &Response) {
        let path = request.target.split('?').next().unwrap_or_default();
        let path = path.to_ascii_lowercase();
        let mut known = self.known();
        let mut found = known.secrets_in(&path, response);
        found.extend(known.markup_in(response));
        let case = request.headers.first(CASE_HEADER).unwrap_or_default();
        let shown = without_key(&path);
        for (what, place) in found {
            let leak = Leak {
                case: case.to_owned(),
                expected: format!("no {what} in the answer to `{} {shown}`", request.method),
                actual: format!("{what} {place}"),
            };
            if !known.leaks.contains(&leak) {
                known.leaks.push(leak);
            }
        }
    }

    /// Takes what the answers to a case held.
    pub(crate) fn leak_of(&self, case: &str) -> Option<Leak> {
        let mut known = self.known();
        let of_case = known.leaks.iter().position(|leak| leak.case == case)?;
        let leak = known.leaks.remove(of_case);
        known.leaks.retain(|leak| leak.case != case);
        Some(leak)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Every secret that does not belong there, and where it stands.
    fn secrets_in(&self, path: &str, response: &Response) -> Vec<(String, &'static str)> {
        let head = response.headers.iter();
        let head = head.flat_map(|(_, value)| self.named_in(value.as_bytes()));
        let head = head.map(|what| (what, "in a header field"));
        let body = self.named_in(&response.body).into_iter();
        head.chain(body.map(|what| (what, "in the body")))
            .filter(|(what, _)| !belongs(path, what))
            .map(|(what, place)| (what.replace('-', " "), place))
            .collect()
    }

    /// What the secrets are that a text holds.
    fn named_in(&self, text: &[u8]) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut run = 0;
        for (at, byte) in text.iter().chain(b" ").enumerate() {
            if is_drawn(*byte) {
                run += 1;
                continue;
            }
            if run == LENGTH
                && let Ok(value) = str::from_utf8(&text[at - LENGTH..at])
                && let Some(what) = self.drawn.get(value)
            {
                found.push(*what);
            }
            run = 0;
        }
        let text = String::from_utf8_lossy(text);
        let typed = self
            .typed
            .iter()
            .filter(|(secret, _)| text.contains(secret));
        found.extend(typed.map(|(_, what)| *what));
        found
    }

    fn markup_in(&self, response: &Response) -> Option<(String, &'static str)> {
        let media = response.headers.first("Content-Type").unwrap_or_default();
        if self.markup.is_empty() || !media.starts_with("text/html") {
            return None;
        }
        let page = response.text();
        let is_held = self.markup.iter().any(|value| page.contains(value));
        is_held.then(|| ("markup of a name".to_owned(), "as it was typed"))
    }
}

/// Whether a place of the store is where secrets of this kind are told.
fn belongs(path: &str, what: &str) -> bool {
    let form = path.contains("/integration/edit") || path.contains("/integration/tokensdialog");
    match what {
        "token-secret" => path.contains("/oauth/token/") || form,
        "consumer-secret" | "secret" => form,
        // A form that is shown again after a refused save holds the password that was typed (measured 2.4.7-p3).
        "admin-password" => form || path.contains("/integration/new"),
        _ => false,
    }
}

/// A path of the panel without the key of the session.
fn without_key(path: &str) -> &str {
    path.split("/key/").next().unwrap_or_default()
}

const fn is_drawn(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::{CASE_HEADER, Watch};
    use crate::wire::{Headers, Request, Response};

    const SECRET: &str = "abcdefghijklmnopqrstuvwxyz012345";

    fn seen(watch: &Watch, target: &str, media: &str, body: &str) -> Option<String> {
        let request = Request {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter([(CASE_HEADER, "a/case")]),
            body: Vec::new(),
        };
        watch.look(&request, &Response::new(200, media, body));
        watch.leak_of("a/case").map(|leak| leak.actual)
    }

    #[test]
    fn a_secret_is_found_where_it_does_not_belong_and_nowhere_else() {
        let watch = Watch::default();
        watch.learn(SECRET, "consumer-secret");
        watch.learn("Password-1", "admin-password");
        let page = format!("<p>{SECRET}</p>");
        assert!(seen(&watch, "/admin/admin/integration/", "text/html", &page).is_some());
        assert_eq!(
            seen(
                &watch,
                "/admin/admin/integration/edit/id/1/",
                "text/html",
                &page
            ),
            None
        );
        // One letter more is another value.
        assert_eq!(
            seen(
                &watch,
                "/rest/V1/x",
                "application/json",
                &format!("{SECRET}6")
            ),
            None
        );
        let told = seen(
            &watch,
            "/rest/V1/x",
            "application/json",
            "no Password-1 here",
        );
        assert_eq!(told.as_deref(), Some("admin password in the body"));
        let again = seen(
            &watch,
            "/admin/admin/integration/new/",
            "text/html",
            "value=\"Password-1\"",
        );
        assert_eq!(again, None, "the form is filled with what was typed");
    }

    #[test]
    fn a_secret_that_belongs_hides_none_that_does_not() {
        let watch = Watch::default();
        let other = SECRET.replace('a', "z");
        watch.learn(SECRET, "token-secret");
        watch.learn(&other, "consumer-secret");
        let pair = format!("oauth_token_secret={SECRET}&x={other}");
        let told = seen(&watch, "/oauth/token/access", "text/html", &pair);
        assert_eq!(told.as_deref(), Some("consumer secret in the body"));
    }

    #[test]
    fn markup_is_found_in_pages_as_it_was_typed() {
        let watch = Watch::default();
        watch.learn_markup("magespec <b>x</b>");
        watch.learn_markup("magespec");
        assert!(seen(&watch, "/admin/", "text/html", "<td>magespec <b>x</b></td>").is_some());
        assert_eq!(
            seen(
                &watch,
                "/admin/",
                "text/html",
                "magespec &lt;b&gt;x&lt;/b&gt;"
            ),
            None
        );
        assert_eq!(
            seen(
                &watch,
                "/admin/",
                "application/json",
                "\"magespec <b>x</b>\""
            ),
            None
        );
    }
}
