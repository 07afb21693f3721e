//! The merchant's browser: cookies, redirects, forms; no scripts.

use std::time::{Duration, Instant};

use url::Url;

use crate::text::form;
use crate::wire::{Blocking, Headers, Origin, Request, Response};

use super::page::{Form, Page};
use super::target::LoginForm;
use super::visit::{Hop, Visit, VisitEnd};

/// Requests of one visit.
const MOST_HOPS: usize = 25;

/// Redirects in a row that a browser follows.
const MOST_REDIRECTS: usize = 20;

/// Bytes of a page that are read for forms and links.
const MOST_READ: usize = 1024 * 1024;

/// Time that one page has.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hosts that nobody has (RFC 2606 section 2): what leads there is not followed.
const NOBODY: [&str; 3] = [".example", ".invalid", ".test"];

/// How a visitor fills in forms.
#[derive(Clone, Debug, Default)]
pub(super) struct Manner {
    pub(super) login: Option<LoginForm>,
    /// Leaves out what looks like a form token, as a forged form would.
    pub(super) without_tokens: bool,
}

#[derive(Clone, Debug)]
struct Cookie {
    host: String,
    name: String,
    value: String,
}

/// A browser with its cookies.
#[derive(Debug)]
pub struct Browser<'a> {
    sender: &'a Blocking,
    /// Asks the played store, whose certificate the app has to know and nobody else.
    home: &'a Blocking,
    jar: Vec<Cookie>,
    hops: Vec<Hop>,
}

/// Where a chain of redirects ended.
enum Landing {
    Page(Url, Response),
    End(VisitEnd),
}

impl<'a> Browser<'a> {
    /// A browser that has these cookies for the host of `site`.
    pub(super) fn new(
        [sender, home]: [&'a Blocking; 2],
        site: &str,
        cookies: &[(String, String)],
    ) -> Self {
        let host = Url::parse(site).ok();
        let host = host.and_then(|url| url.host_str().map(ToOwned::to_owned));
        let jar = cookies.iter().map(|(name, value)| Cookie {
            host: host.clone().unwrap_or_default(),
            name: name.clone(),
            value: value.clone(),
        });
        Self {
            sender,
            home,
            jar: jar.collect(),
            hops: Vec::new(),
        }
    }

    /// Opens `link` and does what the pages ask of a merchant, until `back` is reached or nothing is left to do.
    pub(super) fn visit(&mut self, link: &str, back: &str, manner: &Manner) -> Visit {
        self.hops.clear();
        let mut visit = Visit {
            hops: Vec::new(),
            end: VisitEnd::Page,
            logged_in: false,
            tokens: Vec::new(),
            text: String::new(),
        };
        let mut clicks = 0;
        let mut landing = self.open("GET", link, String::new(), None, back);
        loop {
            let (url, mut response) = match landing {
                Landing::Page(url, response) => (url, response),
                Landing::End(end) => {
                    visit.end = end;
                    break;
                }
            };
            response.body.truncate(MOST_READ);
            let page = Page::read(&url, &response);
            visit.text.clone_from(&page.text);
            let from = Some(&url);
            if let Some(form) = page.forms.iter().find(|form| form.password().is_some()) {
                let Some(login) = manner.login.as_ref().filter(|_| !visit.logged_in) else {
                    visit.end = if visit.logged_in {
                        VisitEnd::Page
                    } else {
                        VisitEnd::Login
                    };
                    break;
                };
                visit.logged_in = true;
                visit.tokens = form.tokens();
                let body = filled(form, login, manner);
                landing = self.send(form, body, from, back);
            } else if response.status >= 400 || clicks >= 4 {
                break;
            } else if let Some(form) = page.forms.iter().find(|form| same(&form.action, back)) {
                let body = filled(form, &LoginForm::default(), manner);
                landing = self.send(form, body, from, back);
            } else if page.links.iter().any(|link| same(link, back)) {
                landing = self.open("GET", back, String::new(), from, back);
            } else if let Some(place) = &page.refresh {
                clicks += 1;
                landing = self.open("GET", place, String::new(), from, back);
            } else if let [form] = page.forms.as_slice()
                && form.method == "POST"
            {
                clicks += 1;
                let body = filled(form, &LoginForm::default(), manner);
                landing = self.send(form, body, from, back);
            } else {
                break;
            }
        }
        visit.hops = std::mem::take(&mut self.hops);
        visit
    }

    /// Asks for one page and follows its redirects.
    pub(super) fn page(&mut self, url: &str) -> Result<Response, String> {
        self.hops.clear();
        match self.open("GET", url, String::new(), None, "") {
            Landing::Page(_, response) => Ok(response),
            Landing::End(end) => Err(format!("{end:?}")),
        }
    }

    fn send(&mut self, form: &Form, body: String, from: Option<&Url>, back: &str) -> Landing {
        if form.method == "POST" {
            return self.open("POST", &form.action, body, from, back);
        }
        let bare = form.action.split(['?', '#']).next().unwrap_or_default();
        let target = if body.is_empty() {
            form.action.clone()
        } else {
            format!("{bare}?{body}")
        };
        self.open("GET", &target, String::new(), from, back)
    }

    fn open(
        &mut self,
        method: &str,
        place: &str,
        body: String,
        from: Option<&Url>,
        back: &str,
    ) -> Landing {
        let (mut method, mut body) = (method.to_owned(), body);
        let mut place = place.to_owned();
        let mut from = from.cloned();
        for _ in 0..=MOST_REDIRECTS {
            let left = || Landing::End(VisitEnd::Left(place.clone()));
            let Ok(url) = Url::parse(&place) else {
                return left();
            };
            let host = url.host_str().unwrap_or_default();
            let nobodys = NOBODY.iter().any(|end| host.ends_with(end));
            if !matches!(url.scheme(), "http" | "https") || nobodys {
                return left();
            }
            if self.hops.len() >= MOST_HOPS {
                let reason = format!("more than {MOST_HOPS} requests in one visit");
                return Landing::End(VisitEnd::Lost(reason));
            }
            let home = same(&place, back);
            let sender = if home { self.home } else { self.sender };
            let answer = self.ask(sender, &method, &url, &body, from.as_ref());
            let response = match answer {
                _ if home => return Landing::End(VisitEnd::Returned),
                Ok(response) => response,
                Err(reason) => return Landing::End(VisitEnd::Lost(reason)),
            };
            let location = response.headers.first("Location");
            let Some(location) = location.filter(|_| is_redirect(response.status)) else {
                return Landing::Page(url, response);
            };
            // A browser drops the blanks, tabs and line ends of a location as the URL standard has it.
            place = url
                .join(location)
                .map_or_else(|_| location.to_owned(), |url| url.to_string());
            if !matches!(response.status, 307 | 308) {
                "GET".clone_into(&mut method);
                body = String::new();
            }
            from = Some(url);
        }
        let reason = format!("more than {MOST_REDIRECTS} redirects in a row");
        Landing::End(VisitEnd::Lost(reason))
    }

    fn ask(
        &mut self,
        sender: &Blocking,
        method: &str,
        url: &Url,
        body: &str,
        from: Option<&Url>,
    ) -> Result<Response, String> {
        let at = Instant::now();
        let answer = self.exchanged(sender, method, url, body, from);
        if let Ok(response) = &answer {
            self.keep(url, response);
        }
        self.hops.push(Hop {
            at,
            method: method.to_owned(),
            url: url.to_string(),
            body: body.to_owned(),
            answer: answer.clone(),
        });
        answer
    }

    fn exchanged(
        &self,
        sender: &Blocking,
        method: &str,
        url: &Url,
        body: &str,
        from: Option<&Url>,
    ) -> Result<Response, String> {
        let mut whole = url.clone();
        whole.set_fragment(None);
        let (origin, target) = Origin::split(whole.as_str()).map_err(|error| error.to_string())?;
        let mut headers = Headers::from_iter([
            ("Host", origin.authority().as_str()),
            (
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; magespec) Gecko/20100101",
            ),
            ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
            ("Accept-Language", "en"),
        ]);
        if let Some(from) = from {
            headers.add("Referer", from.as_str());
        }
        if method == "POST" {
            let origin = from.unwrap_or(url).origin().ascii_serialization();
            headers.add("Origin", origin);
            headers.add("Content-Type", "application/x-www-form-urlencoded");
        }
        let host = url.host_str().unwrap_or_default();
        let cookies: Vec<String> = self
            .jar
            .iter()
            .filter(|cookie| cookie.host == host)
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        if !cookies.is_empty() {
            headers.add("Cookie", cookies.join("; "));
        }
        let request = Request {
            method: method.to_owned(),
            target,
            headers,
            body: body.as_bytes().to_vec(),
        };
        sent(sender, &origin, &request, PATIENCE)
    }

    fn keep(&mut self, url: &Url, response: &Response) {
        let host = url.host_str().unwrap_or_default();
        for field in response.headers.all("Set-Cookie") {
            let (pair, attributes) = field.split_once(';').unwrap_or((field, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            self.jar
                .retain(|cookie| cookie.host != host || cookie.name != name.trim());
            let attributes = attributes.to_ascii_lowercase().replace(' ', "");
            if attributes.contains("max-age=0") || attributes.contains("expires=thu,01jan1970") {
                continue;
            }
            self.jar.push(Cookie {
                host: host.to_owned(),
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
            });
        }
    }
}

/// Sends a request and waits for the whole answer, in bounded time.
pub(super) fn sent(
    sender: &Blocking,
    origin: &Origin,
    request: &Request,
    patience: Duration,
) -> Result<Response, String> {
    let waited = sender
        .wait(async |client| tokio::time::timeout(patience, client.send(origin, request)).await);
    match waited {
        Err(error) => Err(error.to_string()),
        Ok(Err(_)) => Err(format!(
            "{origin} did not answer within {} s",
            patience.as_secs()
        )),
        Ok(Ok(answer)) => answer.map_err(|error| error.to_string()),
    }
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301..=303 | 307 | 308)
}

/// Whether a browser has these two for one address.
fn same(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// The form as the merchant sends it, with the first of its buttons.
fn filled(form: &Form, login: &LoginForm, manner: &Manner) -> String {
    let user = login.user_field.as_deref().or_else(|| form.user());
    let tokens = form.tokens();
    let mut pressed = false;
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (name, value, kind) in &form.inputs {
        if manner.without_tokens && tokens.contains(name) {
            continue;
        }
        if kind == "submit" {
            if !std::mem::replace(&mut pressed, true) && !name.is_empty() {
                pairs.push((name, value));
            }
        } else if kind == "password" {
            pairs.push((name, login.password.expose()));
        } else if Some(name.as_str()) == user && !login.user.is_empty() {
            pairs.push((name, &login.user));
        } else {
            pairs.push((name, value));
        }
    }
    form::encode_pairs(pairs)
}
