//! A store and an app that listen, a browser that a test drives, and pictures of what it saw.

use std::env;
use std::fs;
use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use magespec::app;
use magespec::oauth::Profile;
use magespec::random::SystemEntropy;
use magespec::secret::Secret;
use magespec::storage::Sqlite;
use magespec::store::{Options, Store};
use magespec::time::MovableClock;
use magespec::wire::server::{self, Limits};
use serde_json::json;

pub(crate) const USER: &str = "merchant";
pub(crate) const PASSWORD: &str = "correct horse 1";
const PATIENCE: Duration = Duration::from_secs(10);

/// The window widths of the pictures.
const WIDTHS: [u32; 2] = [1280, 390];

/// Everything that a journey needs, torn down when dropped.
pub(crate) struct Stage {
    pub(crate) store: Arc<Store>,
    pub(crate) app: app::Running,
    pub(crate) browser: Client,
    base: String,
    address: SocketAddr,
    _server: server::Running,
    _driver: Driver,
    _profile: tempfile::TempDir,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a journey, unless the machine has no browser; then it says what is missing. `modules` makes the module folders for an app that
/// listens at the given address.
pub(crate) fn play<F>(
    modules: impl FnOnce(SocketAddr) -> Vec<PathBuf>,
    journey: impl FnOnce(Stage) -> F,
) where
    F: Future<Output = ()>,
{
    play_as("2.4.7", modules, journey);
}

/// [`play`] on another release.
pub(crate) fn play_as<F>(
    release: &str,
    modules: impl FnOnce(SocketAddr) -> Vec<PathBuf>,
    journey: impl FnOnce(Stage) -> F,
) where
    F: Future<Output = ()>,
{
    for program in ["chromedriver", "chromium"] {
        if !on_path(program) {
            eprintln!(
                "skipped: `{program}` is not on the PATH; Debian has it in the packages chromium and chromium-driver"
            );
            return;
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime starts").block_on(async {
        let stage = Stage::set(release, modules).await;
        let browser = stage.browser.clone();
        journey(stage).await;
        // The test is over whether or not the browser closes in order.
        let _ = browser.close().await;
    });
}

fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

impl Stage {
    async fn set(release: &str, modules: impl FnOnce(SocketAddr) -> Vec<PathBuf>) -> Self {
        let app = app::start(app::Options::default()).expect("the app starts");
        let listener =
            server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
        let address = listener.local();
        let base = format!("http://{address}/");
        let options = Options {
            profile: Profile::find(release).expect("a release that is known"),
            base_url: base.clone(),
            admins: vec![(USER.to_owned(), Secret::new(PASSWORD))],
            modules: modules(app.local()),
            ..Options::default()
        };
        let storage = Box::new(Sqlite::in_memory().expect("SQLite starts in memory"));
        let clock = Arc::new(MovableClock::new());
        let store =
            Store::open(options, storage, clock, Box::new(SystemEntropy)).expect("a store opens");
        let answering = Arc::clone(&store);
        let server = server::spawn_blocking(
            listener,
            Limits::default(),
            None,
            move |request, connection| answering.answer(request, connection),
        );
        let port = free_port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let profile = tempfile::tempdir().expect("a folder can be made");
        let browser = connect(port, profile.path()).await;
        Self {
            store,
            app,
            browser,
            base,
            address,
            _server: server,
            _driver: Driver(driver),
            _profile: profile,
        }
    }

    /// Signs in and arrives at the dashboard.
    pub(crate) async fn sign_in(&self) {
        self.open("admin").await;
        self.type_into("#username", USER).await;
        self.type_into("#login", PASSWORD).await;
        self.click("button.action-login").await;
        self.see_title("Dashboard / Magento Admin").await;
    }

    pub(crate) async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.base);
        self.browser.goto(&url).await.expect("the page opens");
    }

    /// Waits for the element, as long as a person would.
    pub(crate) async fn see(&self, css: &str) -> Element {
        self.find(Locator::Css(css), css).await
    }

    async fn find(&self, place: Locator<'_>, what: &str) -> Element {
        let began = Instant::now();
        loop {
            match self.browser.find(place).await {
                Ok(element) => return element,
                Err(error) if began.elapsed() > PATIENCE => {
                    panic!("`{what}` does not appear: {error}")
                }
                // Between two pages the driver's answer may be no answer at all.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self.see(css).await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("`{css}` cannot be clicked: {error}"));
    }

    pub(crate) async fn click_link(&self, text: &str) {
        let link = self.find(Locator::LinkText(text), text).await;
        link.click().await.expect("a link can be clicked");
    }

    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.expect("a field can be cleared");
        field.send_keys(text).await.expect("a field takes keys");
    }

    pub(crate) async fn choose(&self, css: &str, value: &str) {
        self.see(css)
            .await
            .select_by_value(value)
            .await
            .expect("the option is there");
    }

    /// The visible text of an element.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.see(css)
            .await
            .text()
            .await
            .expect("an element has text")
    }

    pub(crate) async fn value(&self, css: &str) -> String {
        let value = self
            .see(css)
            .await
            .prop("value")
            .await
            .expect("a property can be read");
        value.unwrap_or_default()
    }

    /// What a script in the page says.
    pub(crate) async fn evaluate(&self, script: &str) -> serde_json::Value {
        self.browser
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Waits until a script in the page says true.
    pub(crate) async fn until(&self, what: &str, condition: &str) {
        let script = format!("return {condition}");
        for _ in 0..100 {
            // Between two pages there is nothing to ask.
            let said = self.browser.execute(&script, Vec::new()).await;
            if said.is_ok_and(|value| value == json!(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let page = self.browser.source().await.unwrap_or_default();
        panic!("{what} does not happen in:\n{page}");
    }

    pub(crate) async fn see_title(&self, title: &str) {
        let condition = format!(
            "document.title === {} && document.documentElement.dataset.ready === 'true'",
            json!(title)
        );
        self.until(title, &condition).await;
    }

    pub(crate) async fn see_grid(&self) {
        self.see_title("Integrations / Extensions / System / Magento Admin")
            .await;
    }

    /// The texts of the messages on this page, without the notice of insecure addresses.
    pub(crate) async fn messages(&self) -> Vec<String> {
        let said = self.evaluate("return [...document.querySelectorAll('#messages .message')].map(it => it.textContent.trim()).filter(it => !it.startsWith('Warning! Integrations not using HTTPS'))").await;
        serde_json::from_value(said).expect("a list of texts")
    }

    /// The status label in the row of this integration.
    pub(crate) async fn status(&self, name: &str) -> String {
        let script = format!(
            "return [...document.querySelectorAll('#integrationGrid_table tbody tr')].find(row => row.querySelector('.col-name')?.firstChild.textContent.trim() === {})?.querySelector('.col-status').textContent.trim()",
            json!(name)
        );
        self.evaluate(&script)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Keeps a picture at both widths when `MAGESPEC_SCREENSHOTS` names a folder, and checks that nothing is wider than the window.
    pub(crate) async fn picture(&self, name: &str) {
        for width in WIDTHS {
            self.resize(width).await;
            let overflow = self.evaluate("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            assert!(
                overflow.as_i64() <= Some(0),
                "`{name}` is wider than {width} pixels"
            );
            if let Some(folder) = env::var_os("MAGESPEC_SCREENSHOTS") {
                fs::create_dir_all(&folder).expect("the folder can be made");
                let picture = self
                    .browser
                    .screenshot()
                    .await
                    .expect("a picture can be taken");
                let file = Path::new(&folder).join(format!("{name}-{width}.png"));
                fs::write(file, picture).expect("a picture can be written");
            }
        }
        self.resize(WIDTHS[0]).await;
    }

    async fn resize(&self, width: u32) {
        // A headless window has no frame, but cannot be made narrower than 500 pixels: the page's own width is overridden.
        self.browser
            .set_window_size(width.max(500), 900)
            .await
            .expect("the window can be resized");
        let metrics = if width < 500 {
            json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false}})
        } else {
            json!({"cmd": "Emulation.clearDeviceMetricsOverride", "params": {}})
        };
        self.browser
            .issue_cmd(Cdp(metrics))
            .await
            .expect("the page's width can be set");
    }

    /// The status line's number for a GET without credentials.
    pub(crate) fn guest_status(&self, path: &str) -> u16 {
        let mut stream = TcpStream::connect(self.address).expect("the store listens");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("written");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("an answer in UTF-8");
        let status = answer.split(' ').nth(1).expect("a status line");
        status.parse().expect("a number")
    }

    /// Goes through the login page of the app in the pop-up, then back to the window that opened it.
    pub(crate) async fn log_in_at_the_app(&self) {
        let opener = self.browser.window().await.expect("there is a window");
        let windows = self.windows_until(|count| count > 1).await;
        let page = self.browser.source().await.unwrap_or_default();
        let popup = windows
            .into_iter()
            .find(|window| *window != opener)
            .unwrap_or_else(|| panic!("no pop-up opens:\n{page}"));
        self.browser
            .switch_to_window(popup)
            .await
            .expect("the pop-up is there");
        // The pop-up is empty until the store has sent its credentials.
        self.see("#username").await;
        let address = self.browser.current_url().await.expect("it has an address");
        let port = self.app.local().port();
        assert_eq!(address.port(), Some(port), "{address} is the app's");
        self.type_into("#username", "merchant").await;
        self.type_into("#password", "anything").await;
        self.click("button[type=submit]").await;
        self.browser
            .switch_to_window(opener)
            .await
            .expect("the opener is there");
        let message =
            "document.querySelector('#messages')?.textContent.includes('has been sent') === true";
        self.until("the grid comes back with a message", message)
            .await;
        // The page of the return closes its window after a second; a later pop-up must not be taken for this one.
        let left = self.windows_until(|count| count == 1).await;
        assert_eq!(left.len(), 1, "the pop-up closes by itself");
    }

    /// The windows, once their number is right or patience ends.
    async fn windows_until(&self, right: impl Fn(usize) -> bool) -> Vec<WindowHandle> {
        let began = Instant::now();
        loop {
            let windows = self.browser.windows().await.expect("windows can be listed");
            if right(windows.len()) || began.elapsed() > PATIENCE {
                return windows;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn connect(port: u16, profile: &Path) -> Client {
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--force-prefers-reduced-motion",
        "--hide-scrollbars",
        "--window-size=1280,900",
    ];
    let mut arguments: Vec<String> = arguments.map(ToOwned::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let wanted = json!({"goog:chromeOptions": {"args": arguments}});
    let capabilities = wanted.as_object().expect("an object").clone();
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.clone());
        if let Ok(client) = builder.connect(&address).await {
            return client;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("chromedriver gives no session within twenty seconds");
}

/// A command of Chromium's own protocol, which chromedriver passes on.
#[derive(Debug)]
struct Cdp(serde_json::Value);

impl fantoccini::wd::WebDriverCompatibleCommand for Cdp {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(self.0.to_string()))
    }
}
