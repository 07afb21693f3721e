//! A browser for the panel's tests: cookies, form key, secret keys followed from the page; no scripts.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use magespec::acl::{Release, baseline};
use magespec::integration::{Integration, IntegrationId, Status, Token};
use magespec::random::SeededEntropy;
use magespec::storage::{AccountKind, Sqlite};
use magespec::store::{Options, Store};
use magespec::text::form;
use magespec::time::{MovableClock, UnixTime};
use magespec::wire::{Headers, Request, Response};

use crate::spec::store::fixture;

pub(crate) const USER: &str = "merchant";
pub(crate) const PASSWORD: &str = "correct horse 1";
const NOW: UnixTime = UnixTime(1_795_000_000);

/// A store in memory with one administrator.
pub(crate) fn store(settings: &[(&str, &str)]) -> Arc<Store> {
    store_with(Options {
        settings: settings
            .iter()
            .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
            .collect(),
        ..Options::default()
    })
}

pub(crate) fn store_with(options: Options) -> Arc<Store> {
    let options = Options {
        tree: baseline(Release::V2_4_7).clone(),
        ..options
    };
    let storage = Box::new(Sqlite::in_memory().expect("SQLite starts in memory"));
    let clock = Arc::new(MovableClock::standing(NOW));
    let entropy = Box::new(SeededEntropy::new(11));
    let store = Store::open(options, storage, clock, entropy).expect("a store opens in memory");
    let quick = Params::new(8, 1, 1, None).expect("small parameters");
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, quick)
        .hash_password(PASSWORD.as_bytes())
        .expect("a password can be hashed")
        .to_string();
    store
        .storage()
        .put_account(AccountKind::Admin, USER, &hash)
        .expect("an account can be added");
    store
}

/// One browser, with its cookie and the form key of the last page that had one.
pub(crate) struct Browser {
    pub(crate) store: Arc<Store>,
    cookie: RefCell<Option<String>>,
    form_key: RefCell<String>,
    xhr: Cell<bool>,
    /// The address of the grid, with its key while that lives.
    grid: RefCell<String>,
    /// What the pages said on the way to other things.
    said: RefCell<Vec<String>>,
}

impl Browser {
    pub(crate) fn new(store: &Arc<Store>) -> Self {
        Self {
            store: Arc::clone(store),
            cookie: RefCell::default(),
            form_key: RefCell::default(),
            xhr: Cell::new(false),
            grid: RefCell::default(),
            said: RefCell::default(),
        }
    }

    /// A browser with the administrator signed in, on a store of its own.
    pub(crate) fn signed_in(settings: &[(&str, &str)]) -> Self {
        let browser = Self::new(&store(settings));
        browser.sign_in();
        browser
    }

    pub(crate) fn sign_in(&self) {
        self.get("/admin");
        let response = self.try_sign_in(PASSWORD);
        assert_eq!(response.status, 302, "{}", response.text());
        let mut page = response;
        for _ in 0..3 {
            if page.status == 302 {
                page = self.get(&location(&page));
            }
        }
        let dashboard = page.text();
        assert!(dashboard.contains("Dashboard"), "{dashboard}");
        self.grid.replace(url_with(&dashboard, "/integration/"));
    }

    pub(crate) fn try_sign_in(&self, password: &str) -> Response {
        let fields = [("login[username]", USER), ("login[password]", password)];
        self.post("/admin", &fields)
    }

    /// The same browser asking as a script does.
    pub(crate) fn as_script<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        self.xhr.set(true);
        let answer = work(self);
        self.xhr.set(false);
        answer
    }

    pub(crate) fn get(&self, address: &str) -> Response {
        self.send("GET", address, Vec::new())
    }

    /// Posts fields and the form key.
    pub(crate) fn post(&self, address: &str, fields: &[(&str, &str)]) -> Response {
        let form_key = self.form_key.borrow().clone();
        let mut all = vec![("form_key", form_key.as_str())];
        all.extend(fields);
        self.post_without_key(address, &all)
    }

    pub(crate) fn post_without_key(&self, address: &str, fields: &[(&str, &str)]) -> Response {
        self.send(
            "POST",
            address,
            form::encode_pairs(fields.iter().copied()).into_bytes(),
        )
    }

    pub(crate) fn send(&self, method: &str, address: &str, body: Vec<u8>) -> Response {
        let mut target = path_of(address);
        if self.xhr.get() {
            let separator = if target.contains('?') { '&' } else { '?' };
            target = format!("{target}{separator}isAjax=true");
        }
        let mut headers = Headers::from_iter([("Host", "127.0.0.1:8080")]);
        if let Some(cookie) = self.cookie.borrow().as_deref() {
            headers.add("Cookie", format!("other=1; {cookie}"));
        }
        if self.xhr.get() {
            headers.add("X-Requested-With", "XMLHttpRequest");
        }
        let request = Request {
            method: method.to_owned(),
            target,
            headers,
            body,
        };
        let response = self.answer(&request);
        for cookie in response.headers.all("Set-Cookie") {
            let pair = cookie.split(';').next().expect("a cookie has a value");
            if pair.starts_with("admin=") {
                let lives = pair != "admin=deleted";
                self.cookie.replace(lives.then(|| pair.to_owned()));
            }
        }
        if let Some(key) = attribute_after(&response.text(), "name=\"form_key\"", "value") {
            self.form_key.replace(key);
        }
        response
    }

    /// What the store answers to a request of somebody else.
    pub(crate) fn answer(&self, request: &Request) -> Response {
        fixture::answer(&self.store, request)
    }

    pub(crate) fn form_key(&self) -> String {
        self.form_key.borrow().clone()
    }

    /// The grid page. A check of the password ends every key: then the dashboard has the address of the grid.
    pub(crate) fn grid(&self) -> String {
        let grid = self.grid.borrow().clone();
        let mut page = self.get(&grid);
        if page.status == 302 {
            let dashboard = self.get(&location(&page)).text();
            self.said.borrow_mut().extend(messages(&dashboard));
            self.grid.replace(url_with(&dashboard, "/integration/"));
            page = self.get(&self.grid.borrow().clone());
        }
        let page = page.text();
        self.said.borrow_mut().extend(messages(&page));
        page
    }

    /// An action's address as the grid page has it, the places filled.
    pub(crate) fn dialog(&self, action: &str, id: &str, reauthorize: &str) -> String {
        url_with(&self.grid(), &format!("/integration/{action}/"))
            .replace(":id", id)
            .replace(":isReauthorize", reauthorize)
    }

    /// Saves a new integration through the form and answers with its id.
    pub(crate) fn create(&self, name: &str, fields: &[(&str, &str)]) -> String {
        let new = url_with(&self.grid(), "/integration/new/");
        let page = self.get(&new).text();
        let save = url_with(&page, "/integration/save/");
        let mut all = vec![
            ("name", name),
            ("email", ""),
            ("current_password", PASSWORD),
        ];
        all.extend(fields);
        let response = self.as_script(|script| script.post(&save, &all));
        let text = response.text();
        let id = text
            .split("\"integrationId\":\"")
            .nth(1)
            .unwrap_or_else(|| panic!("{text}"));
        id.split('"').next().expect("a value").to_owned()
    }

    pub(crate) fn row(&self, id: &str) -> Integration {
        let id = IntegrationId(id.parse().expect("a number"));
        let row = self
            .store
            .storage()
            .integration(id)
            .expect("rows can be read");
        row.expect("the integration is there")
    }

    pub(crate) fn status(&self, id: &str) -> Status {
        self.row(id).status
    }

    pub(crate) fn tokens(&self, id: &str) -> Vec<Token> {
        let consumer = self.row(id).consumer_id.expect("it has a consumer");
        self.store
            .storage()
            .tokens_of(consumer)
            .expect("rows can be read")
    }

    /// The messages that pages have shown since this was asked last, the next page included; without the notice of insecure addresses.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.grid();
        let mut said = self.said.take();
        said.retain(|message| !message.starts_with("Warning! Integrations not using HTTPS"));
        said
    }
}

/// The messages of a page, unescaped.
pub(crate) fn messages(page: &str) -> Vec<String> {
    page.split("<div data-ui-id=\"messages-message-")
        .skip(1)
        .filter_map(|message| Some(message.split_once('>')?.1.split_once("</div>")?.0))
        .map(unescape)
        .collect()
}

pub(crate) fn unescape(text: &str) -> String {
    [
        ("&#039;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, letter)| {
        text.replace(entity, letter)
    })
}

/// The path and query of an absolute address.
pub(crate) fn path_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest[rest.find('/').unwrap_or(0)..].to_owned()
}

pub(crate) fn location(response: &Response) -> String {
    let location = response.headers.first("Location");
    location
        .unwrap_or_else(|| panic!("no redirect: {}", response.text()))
        .to_owned()
}

/// The first address of a page that holds `part`, in an attribute or in a literal of a script.
pub(crate) fn url_with(page: &str, part: &str) -> String {
    let page = without_escapes(page);
    let at = page
        .find(part)
        .unwrap_or_else(|| panic!("no `{part}` in:\n{page}"));
    let quoted = |letter| matches!(letter, '"' | '\'');
    let start = page[..at].rfind(quoted).expect("it is quoted") + 1;
    let end = at + page[at..].find(quoted).expect("the quotes end");
    page[start..end].to_owned()
}

/// A page with the letters that its scripts write as `\uXXXX`.
pub(crate) fn without_escapes(page: &str) -> String {
    let mut pieces = page.split("\\u");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut text, piece| {
        let code = piece
            .get(..4)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        if let Some(letter) = code.and_then(char::from_u32) {
            text.push(letter);
            text.push_str(&piece[4..]);
        } else {
            text.push_str("\\u");
            text.push_str(piece);
        }
        text
    })
}

/// The value of an attribute in the tag that holds `mark`.
pub(crate) fn attribute_after(page: &str, mark: &str, attribute: &str) -> Option<String> {
    let at = page.find(mark)?;
    let start = page[..at].rfind('<')?;
    let tag = &page[start..at + page[at..].find('>')?];
    let value = tag.split_once(&format!(" {attribute}=\""))?.1;
    Some(unescape(value.split_once('"')?.0))
}
