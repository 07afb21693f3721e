//! Everything that the cases of one run against an app share.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::conformance::result::Scene;
use crate::time::Clock;
use crate::wire::tls::Trust;
use crate::wire::{Blocking, Timeouts};

use super::browser::{Browser, Manner};
use super::door::Door;
use super::played::{Host, Shape, Stage};
use super::record::Record;
use super::target::AppTarget;

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

/// The first handshake of a run.
pub(super) struct First {
    /// What it showed.
    pub(super) door: Door,
    pub(super) record: Record,
    /// Its story.
    pub(super) opening: Vec<Scene>,
}

/// Everything that the cases of one run against an app share.
pub struct House {
    /// The app under test.
    pub target: AppTarget,
    pub(crate) stage: Box<dyn Stage>,
    pub(super) sender: Blocking,
    home: Blocking,
    pub(crate) clock: Box<dyn Clock>,
    first: OnceLock<First>,
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
            first: OnceLock::new(),
            draws: Mutex::default(),
            stopped: OnceLock::new(),
            silences: AtomicU32::new(0),
        }
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
        let first = self.first.get();
        first.map(|first| first.door.clone()).unwrap_or_default()
    }

    /// The first handshake.
    #[must_use]
    pub fn first(&self) -> Option<&Record> {
        self.first.get().map(|first| &first.record)
    }

    /// The first handshake as a story.
    #[must_use]
    pub fn opening(&self) -> &[Scene] {
        self.first.get().map_or(&[], |first| &first.opening)
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
        let nobody = posted.answer.as_ref().err().filter(|_| posted.nobody);
        nobody.cloned()
    }

    pub(super) fn has_seen(&self, first: First) {
        self.remember_draws(&first.record);
        // There is one first handshake.
        let _ = self.first.set(first);
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

    /// The store that is played when a case asks for no other.
    pub(super) const MAIN: Shape = Shape {
        host: Host::Plain,
        folder: "",
        index_php: false,
        untrusted: false,
        number: 0,
    };
}
