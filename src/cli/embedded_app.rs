//! The reference app in this process, for `magespec test-app` without URLs and for `magespec selftest`.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::app::{self, Accounts, Files};
use crate::conformance::{AppTarget, LoginForm, Trigger};
use crate::oauth::Profile;
use crate::random::{self, SystemEntropy};
use crate::secret::Secret;
use crate::text::form;
use crate::wire::tls::Trust;
use crate::wire::{Headers, Request};

use super::{Exit, Failure};

/// The accounts of the app, whose passwords are made up for each run.
const ACCOUNTS: [&str; 2] = ["merchant", "neighbour"];

/// A list, so that there are pages to read, with a blank and brackets in its query.
const CALL: &str = "rest/V1/customerGroups/search?searchCriteria%5BpageSize%5D=20\
    &searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfield%5D=code\
    &searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5BconditionType%5D=neq\
    &searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=no%20group";

/// The reference app, running; what it keeps is removed when this is dropped.
pub(super) struct EmbeddedApp {
    running: Mutex<Option<app::Running>>,
    runtime: Handle,
    profile: &'static Profile,
    address: SocketAddr,
    passwords: [Secret; 2],
    trust: Trust,
    defects: Vec<&'static app::Defect>,
    folder: PathBuf,
}

impl EmbeddedApp {
    /// Starts it on a free port of loopback. It accepts the stores' certificate where that was made for this run, else those of `trust`.
    pub(super) fn start(
        profile: &'static Profile,
        trust: Trust,
        certificate: Option<&str>,
        defects: &[&'static app::Defect],
        runtime: &Handle,
    ) -> Result<Arc<Self>, Failure> {
        let password = || Secret::new(random::text(&SystemEntropy, 20));
        let name = format!("magespec-app-{}", random::text(&SystemEntropy, 12));
        let folder = std::env::temp_dir().join(name);
        let no_folder = |error: std::io::Error| {
            Failure::new(
                Exit::Harness,
                format_args!("the reference app has no folder for its data: {error}"),
            )
        };
        fs::create_dir_all(&folder).map_err(no_folder)?;
        let trust = match certificate {
            Some(pem) => {
                let file = folder.join("stores.pem");
                fs::write(&file, pem).map_err(no_folder)?;
                Trust::File(file)
            }
            None => trust,
        };
        let mut embedded = Self {
            running: Mutex::new(None),
            runtime: runtime.clone(),
            profile,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            passwords: [password(), password()],
            trust,
            defects: defects.to_vec(),
            folder,
        };
        let running = embedded.run()?;
        embedded.address = running.local();
        *embedded.lock() = Some(running);
        Ok(Arc::new(embedded))
    }

    fn run(&self) -> Result<app::Running, Failure> {
        let mut accounts = Accounts::anybody();
        for (name, password) in ACCOUNTS.into_iter().zip(&self.passwords) {
            accounts.add(name.to_owned(), Some(password.clone()));
        }
        let _inside = self.runtime.enter();
        app::start(app::Options {
            listen: self.address,
            profile: self.profile,
            accounts,
            call: CALL.to_owned(),
            trust: self.trust.clone(),
            defects: self.defects.clone(),
            files: Some(Files {
                data: self.folder.join("app.db"),
                key: self.folder.join("app.key"),
            }),
            ..app::Options::default()
        })
        .map_err(Failure::usage)
    }

    /// Its dashboard.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The app with everything that it offers.
    pub(super) fn target(self: &Arc<Self>, slow: bool) -> AppTarget {
        let login = |at: usize| LoginForm {
            user: ACCOUNTS[at].to_owned(),
            password: self.passwords[at].clone(),
            user_field: None,
        };
        let (calling, starting) = (Arc::clone(self), Arc::clone(self));
        AppTarget {
            callback: format!("http://{}/callback", self.address),
            identity: Some(format!("http://{}/login", self.address)),
            kind: "embedded",
            login: Some(login(0)),
            second: Some(login(1)),
            cookies: Vec::new(),
            manual: None,
            trigger: Some(Trigger::Call(Arc::new(move || calling.call()))),
            wait: Duration::from_secs(1),
            restart: Some(Trigger::Call(Arc::new(move || starting.restart()))),
            second_store: true,
            resources: Some(vec!["Magento_Customer::group".to_owned()]),
            slow,
        }
    }

    fn restart(&self) -> Result<(), String> {
        let stopped = self.lock().take();
        if let Some(running) = stopped {
            self.runtime.block_on(running.stop());
        }
        let running = self.run().map_err(|failure| failure.to_string())?;
        *self.lock() = Some(running);
        Ok(())
    }

    /// Presses *Call the store* of every connected store, as a person on the dashboard does.
    fn call(&self) -> Result<(), String> {
        let app = match self.lock().as_ref() {
            Some(running) => Arc::clone(running.app()),
            None => return Err("the reference app is not running".to_owned()),
        };
        let mut person = Person {
            cookie: String::new(),
            token: String::new(),
        };
        self.runtime.block_on(async {
            person.go(&app, "GET", "/sign-in", &[]).await;
            let name = [
                ("username", ACCOUNTS[0]),
                ("password", self.passwords[0].expose()),
            ];
            person.go(&app, "POST", "/sign-in", &name).await;
            person.go(&app, "GET", "/", &[]).await;
            let connected = app
                .stores()
                .into_iter()
                .filter(app::ConnectedStore::is_connected);
            for store in connected {
                let path = format!("/stores/{}/call", form::encode(&store.consumer_key));
                person.go(&app, "POST", &path, &[]).await;
            }
        });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<app::Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for EmbeddedApp {
    fn drop(&mut self) {
        self.lock().take();
        // What stays behind is two small files in the folder for such files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Somebody at the dashboard.
struct Person {
    cookie: String,
    token: String,
}

impl Person {
    async fn go(
        &mut self,
        app: &Arc<app::App>,
        method: &str,
        target: &str,
        pairs: &[(&str, &str)],
    ) {
        let mut fields: Vec<(&str, &str)> = pairs.to_vec();
        fields.push(("form_token", &self.token));
        let body = if method == "POST" {
            form::encode_pairs(fields)
        } else {
            String::new()
        };
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Headers::from_iter([
                ("Cookie", self.cookie.as_str()),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ]),
            body: body.into_bytes(),
        };
        let answer = app.answer(&request, IpAddr::from([127, 0, 0, 1])).await;
        if let Some(cookie) = answer.headers.first("Set-Cookie") {
            cookie
                .split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.cookie);
        }
        let page = answer.text();
        let token = page.split_once("name=\"form_token\" value=\"");
        if let Some((_, rest)) = token {
            rest.split('"')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.token);
        }
    }
}
