//! A third-party app that is written in Rust, judged from its own `cargo test`.
//!
//! [`AppTest`] does what `magespec test-app` does, in the process of the test: it plays the store and the merchant's browser, and answers
//! with the same report. The app listens already, in a thread of the test or elsewhere.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpListener;
//!
//! use magespec::app_test::AppTest;
//!
//! // An app that takes the credentials and does nothing with them. Yours stands here.
//! let socket = TcpListener::bind("127.0.0.1:0")?;
//! let callback = format!("http://{}/callback", socket.local_addr()?);
//! std::thread::spawn(move || {
//!     for mut stream in socket.incoming().flatten() {
//!         let mut request = [0; 4096];
//!         let count = stream.read(&mut request).unwrap_or_default();
//!         let posted = request[..count].starts_with(b"POST /callback");
//!         let status = if posted { "200 OK" } else { "405 Method Not Allowed" };
//!         let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
//!     }
//! });
//!
//! let test = AppTest::new(&callback);
//! test.clone().only("app/callback/answers").only("app/callback/method/*").assert_conformant();
//!
//! let report = test.only("app/callback/field/missing").run()?;
//! assert_eq!(report.summary.warn, 1, "it takes a POST without a consumer key");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Deliberately absent: what is printed. A [`Report`] is data, and [`crate::report`] makes texts of it.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::conformance::{
    AppTarget, Baseline, LoginForm, Options, Report, Scope, Selection, StageError, Trigger,
    UnknownPattern, first_handshake, run,
};
use crate::oauth::Profile;
use crate::secret::Secret;
use crate::stage;

/// Why an app was not judged at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pattern that fits no case.
    #[error(transparent)]
    Pattern(#[from] UnknownPattern),
    /// The store cannot be played.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Nothing can be told from the first handshake.
    #[error("the first handshake could not be tried: {0}")]
    Handshake(String),
    /// Nothing listens at the callback endpoint.
    #[error("the callback endpoint cannot be reached: {0}")]
    Unreachable(String),
}

/// An app and how it is judged.
#[derive(Clone)]
pub struct AppTest {
    target: AppTarget,
    stores: stage::Options,
    selection: Selection,
    strict: bool,
}

impl AppTest {
    /// The app whose callback endpoint this is. Cases that need more than what is said of it do not apply.
    #[must_use]
    pub fn new(callback: impl Into<String>) -> Self {
        Self::of(AppTarget {
            callback: callback.into(),
            ..AppTarget::default()
        })
    }

    /// This app, with the ways into it that have no function here.
    #[must_use]
    pub fn of(target: AppTarget) -> Self {
        Self {
            target,
            stores: stage::Options::default(),
            selection: Selection::default(),
            strict: false,
        }
    }

    /// Where the merchant's browser is sent.
    #[must_use]
    pub fn identity_link(mut self, url: impl Into<String>) -> Self {
        self.target.identity = Some(url.into());
        self
    }

    /// What the app's login page is filled in with.
    #[must_use]
    pub fn login(mut self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.target.login = Some(LoginForm {
            user: user.into(),
            password: password.into(),
            user_field: None,
        });
        self
    }

    /// Makes the app call the stores that it is connected with.
    #[must_use]
    pub fn trigger(
        mut self,
        call: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.target.trigger = Some(Trigger::Call(Arc::new(call)));
        self
    }

    /// Ends the app and starts it again at the same address.
    #[must_use]
    pub fn restart(
        mut self,
        start: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.target.restart = Some(Trigger::Call(Arc::new(start)));
        self
    }

    /// The app takes the credentials of any store.
    #[must_use]
    pub const fn second_store(mut self) -> Self {
        self.target.second_store = true;
        self
    }

    /// How stores are played: their profile, address and certificate.
    #[must_use]
    pub fn stores(mut self, stores: stage::Options) -> Self {
        self.stores = stores;
        self
    }

    /// The release that the played stores show.
    #[must_use]
    pub const fn profile(mut self, profile: &'static Profile) -> Self {
        self.stores.profile = profile;
        self
    }

    /// Only cases whose ids fit this pattern, or another one that was given.
    #[must_use]
    pub fn only(mut self, pattern: impl Into<String>) -> Self {
        self.selection.only.push(pattern.into());
        self
    }

    /// No cases whose ids fit this pattern.
    #[must_use]
    pub fn skip(mut self, pattern: impl Into<String>) -> Self {
        self.selection.skip.push(pattern.into());
        self
    }

    /// Warnings fail the run.
    #[must_use]
    pub const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Judges the app. It blocks: inside async code it needs a thread of its own.
    ///
    /// # Errors
    /// When nothing can be judged; what the app does wrong is in the report.
    pub fn run(&self) -> Result<Report, Error> {
        let catalogue = crate::catalogue().of_apps();
        let every = catalogue.cases();
        let cases = self.selection.choose(&every)?;
        let house = stage::house(self.target.clone(), self.stores.clone())?;
        let notes =
            first_handshake(&house, &|_| ()).map_err(|stop| Error::Handshake(stop.to_string()))?;
        if let Some(reason) = house.unreachable() {
            return Err(Error::Unreachable(reason));
        }
        let baseline = Baseline::default();
        let options = Options {
            jobs: 1,
            strict: self.strict,
            shuffle: None,
            command: "test-app",
            catalogue: every.len(),
            scope: Scope {
                profile_cases: every.len(),
                ..Scope::default()
            },
            baseline: &baseline,
            opening: house.opening(),
            today: "",
        };
        let mut events = Vec::new();
        run(&house, &cases, notes, options, |event| events.push(event));
        Ok(Report::of(&events).expect("a run begins with its first event"))
    }

    /// Judges the app and says what it does wrong.
    ///
    /// # Panics
    /// When a case fails or could not run, and, when it is strict, when one warns.
    pub fn assert_conformant(&self) {
        let report = match self.run() {
            Ok(report) => report,
            Err(error) => panic!("the app was not judged: {error}"),
        };
        let faults = faults(&report, self.strict);
        assert!(faults.is_empty(), "the app is not conformant:\n{faults}");
    }
}

/// The cases that count against the app, with what was expected of it and what it did.
fn faults(report: &Report, strict: bool) -> String {
    let mut text = String::new();
    for case in &report.cases {
        let counts = if case.verdict == crate::conformance::Verdict::Warn {
            strict
        } else {
            case.verdict.is_open()
        };
        if counts {
            let _ = writeln!(
                text,
                "{} {}: {}\n  expected  {}\n  got       {}\n  {}",
                case.verdict, case.id, case.title, case.expected, case.actual, case.reason
            );
        }
    }
    text
}
