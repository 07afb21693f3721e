use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use crate::conformance::confirm::Try;
use crate::conformance::runner::{caught, reported};
use crate::conformance::{
    Case, CaseReport, Outcome, Run, Scene, Stop, TargetReport, Venue, Verdict,
};
use crate::oauth::Profile;
use crate::time::{Clock, UnixTime};
use crate::wire::tls::Trust;
use crate::wire::{Blocking, Timeouts};

use super::browser::{Browser, Manner};
use super::play::Record;
use super::probe::probe;
use super::{AppTarget, Door, Shape, Stage, Theatre};

/// Requests in a row without an answer, after which an app counts as lost.
const LOST_AFTER: u32 = 6;

/// What the run's requests were signed with, for what only many of them show.
#[derive(Clone, Debug)]
pub struct Draw {
    /// The consumer key.
    pub key: String,
    /// `oauth_nonce`
    pub nonce: String,
    /// `oauth_timestamp`
    pub timestamp: String,
}

/// Everything that the cases of one run against an app share.
pub struct House {
    /// The app under test.
    pub target: AppTarget,
    pub(super) stage: Box<dyn Stage>,
    pub(super) sender: Blocking,
    home: Blocking,
    clock: Box<dyn Clock>,
    door: OnceLock<Door>,
    first: OnceLock<Record>,
    opening: OnceLock<Vec<Scene>>,
    draws: Mutex<Vec<Draw>>,
    stopped: OnceLock<String>,
    silences: AtomicU32,
}

impl fmt::Debug for House {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("House")
            .field("callback", &self.target.callback)
            .finish_non_exhaustive()
    }
}

impl House {
    /// A house for this app, in which `stage` plays the stores.
    #[must_use]
    pub fn new(
        target: AppTarget,
        stage: Box<dyn Stage>,
        sender: Blocking,
        clock: Box<dyn Clock>,
    ) -> Self {
        Self {
            target,
            stage,
            sender,
            home: Blocking::new(Trust::Anyone, Timeouts::default()),
            clock,
            door: OnceLock::new(),
            first: OnceLock::new(),
            opening: OnceLock::new(),
            draws: Mutex::default(),
            stopped: OnceLock::new(),
            silences: AtomicU32::new(0),
        }
    }

    /// The first handshake. Answers what it showed, one sentence each; `ask` is told of the link that a person has to open.
    ///
    /// # Errors
    /// When the store cannot be played, or nothing takes the credentials POST.
    pub fn preflight(&self, ask: &dyn Fn(&str)) -> Result<Vec<String>, String> {
        probe(self, ask).map_err(|stop| stop.to_string())
    }

    /// Whether a request that is sent to the first store's URL comes to it.
    #[must_use]
    pub fn reaches_itself(&self) -> bool {
        let Ok(store) = self.stage.store(&Self::MAIN) else {
            return false;
        };
        let (before, _) = store.activity();
        let mut browser = Browser::new([&self.home, &self.home], "", &[]);
        // Whoever answers: what counts is whether the store was asked.
        let _ = browser.page(&store.base_url());
        store.activity().0 > before
    }

    /// What the first handshake showed.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.get().cloned().unwrap_or_default()
    }

    /// The first handshake.
    #[must_use]
    pub fn first(&self) -> Option<&Record> {
        self.first.get()
    }

    /// The first handshake as a story.
    #[must_use]
    pub fn opening(&self) -> &[Scene] {
        self.opening.get().map_or(&[], Vec::as_slice)
    }

    /// Ends the run: no further request is sent.
    pub fn stop(&self, reason: &str) {
        // The first reason counts.
        let _ = self.stopped.set(reason.to_owned());
    }

    /// The app answered a request, or did not.
    pub(super) fn heard(&self, answered: bool) {
        if answered {
            self.silences.store(0, Ordering::SeqCst);
        } else if self.silences.fetch_add(1, Ordering::SeqCst) + 1 >= LOST_AFTER {
            self.stop(&format!(
                "the app has not answered {LOST_AFTER} requests in a row: look whether it still runs"
            ));
        }
    }

    /// Why the run was ended.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// Whether nothing listened at the callback endpoint in the first handshake: why.
    #[must_use]
    pub fn unreachable(&self) -> Option<String> {
        let posted = self.first()?.posted.first()?;
        let reason = posted.answer.as_ref().err()?;
        let nobody = [
            "refuses the connection",
            "has no address",
            "cannot be reached",
        ];
        let nothing = nobody.iter().any(|words| reason.contains(words));
        nothing.then(|| reason.clone())
    }

    pub(super) fn has_seen(&self, door: Door, first: Record, opening: Vec<Scene>) {
        self.remember_draws(&first);
        // There is one first handshake.
        let _ = self.door.set(door);
        let _ = self.first.set(first);
        let _ = self.opening.set(opening);
    }

    pub(super) fn remember_draws(&self, record: &Record) {
        let draws = record.seen.iter().filter_map(|seen| {
            Some(Draw {
                key: seen.parameter("oauth_consumer_key")?,
                nonce: seen.parameter("oauth_nonce")?,
                timestamp: seen.parameter("oauth_timestamp").unwrap_or_default(),
            })
        });
        let mut known = self.draws.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(draws);
    }

    pub(super) fn draws(&self) -> Vec<Draw> {
        let known = self.draws.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone()
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        let site = self.target.identity.as_deref().unwrap_or_default();
        let cookies: Vec<(String, String)> = self
            .target
            .cookies
            .iter()
            .map(|(name, value)| (name.clone(), value.expose().to_owned()))
            .collect();
        Browser::new([&self.sender, &self.home], site, &cookies)
    }

    pub(super) fn manner(&self) -> Manner {
        Manner {
            login: self.target.login.clone(),
            without_tokens: false,
        }
    }

    fn attempt(&self, case: &Case, theatre: &Theatre<'_>) -> Outcome {
        if let Some(reason) = self.target.lacks(case.needs) {
            return Err(Stop::NotApplicable(reason));
        }
        theatre.may_go_on()?;
        match case.run {
            Run::App(run) => caught(|| run(theatre)),
            Run::Store(_) => Err(Stop::NotApplicable("the case is about a store".into())),
        }
    }

    /// The store that is played when a case asks for no other.
    pub(super) const MAIN: Shape = Shape {
        host: super::Host::Plain,
        folder: "",
        index_php: false,
        untrusted: false,
        number: 0,
    };
}

impl Venue for House {
    fn profile(&self) -> &'static Profile {
        self.stage.profile()
    }

    fn target(&self) -> TargetReport {
        self.target.report()
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    fn run_case(&self, case: &Case) -> CaseReport {
        let start = Instant::now();
        let theatre = Theatre::new(self);
        let outcome = self.attempt(case, &theatre);
        let outcome = outcome.map_err(|stop| stop.cleaned(|text| theatre.clean(text)));
        let by_the_last = matches!(outcome, Err(Stop::CouldNotRun(_) | Stop::Harness(_)));
        let (exchanges, timeline) = theatre.finish(by_the_last);
        let tried = Try { outcome, exchanges };
        let mut report = reported(case, self.profile(), tried, start);
        if !matches!(report.verdict, Verdict::Pass | Verdict::NotApplicable) {
            report.timeline = timeline;
        }
        report
    }

    /// The played stores go with the process.
    fn clean_up(&self) -> Vec<String> {
        Vec::new()
    }
}
