//! The workplace of a case about an app.

use std::cell::RefCell;

use crate::conformance::probe::Recorder;
use crate::conformance::result::{Held, Need, Outcome, Stop};
use crate::oauth::Profile;
use crate::text::form;
use crate::wire::redact;

use super::browser::Browser;
use super::browser::Manner;
use super::house::{Draw, House};
use super::played::{Seen, When};
use super::record::{Crafted, Record};
use super::signature::Judged;

/// The workplace of one case: plays, made-up requests, expectations.
pub struct Theatre<'a> {
    house: &'a House,
    pub(super) recorder: Recorder,
    pub(super) records: RefCell<Vec<Record>>,
    pub(super) crafted: RefCell<Vec<Crafted>>,
}

impl<'a> Theatre<'a> {
    pub(crate) fn new(house: &'a House) -> Self {
        let theatre = Self {
            house,
            recorder: Recorder::default(),
            records: RefCell::default(),
            crafted: RefCell::default(),
        };
        for login in [&house.target.login, &house.target.second]
            .into_iter()
            .flatten()
        {
            theatre.hide(login.password.expose(), "password");
        }
        for (_, value) in &house.target.cookies {
            theatre.hide(value.expose(), "cookie");
        }
        theatre
    }

    /// What the cases share.
    #[must_use]
    pub const fn house(&self) -> &'a House {
        self.house
    }

    /// The behaviour that the played stores show.
    #[must_use]
    pub fn profile(&self) -> &'static Profile {
        self.house.stage.profile()
    }

    /// The first handshake of the run.
    ///
    /// # Errors
    /// Could-not-run when there was none.
    pub fn first(&self) -> Result<&'a Record, Stop> {
        let first = self.house.first();
        first.ok_or_else(|| Stop::CouldNotRun("there was no first handshake".to_owned()))
    }

    /// The requests of this kind in the first handshake.
    ///
    /// # Errors
    /// Not applicable when there is none.
    pub fn first_of(&self, when: When) -> Result<Vec<&'a Seen>, Stop> {
        let first = self.first()?;
        self.recall();
        let found: Vec<&Seen> = first.of(when).collect();
        if found.is_empty() {
            let missing = match when {
                When::RequestToken => "the app asked for no request token in the first handshake",
                When::AccessToken => "the app asked for no access token in the first handshake",
                When::Rest => {
                    "the app made no call in the first handshake: give --trigger or a longer --wait"
                }
                When::Other => "the browser did not return",
            };
            return Err(Stop::NotApplicable(missing.into()));
        }
        Ok(found)
    }

    /// The first handshake belongs to the story of this case.
    pub fn recall(&self) {
        if let Some(first) = self.house.first()
            && self.records.borrow().is_empty()
        {
            self.tells(first.clone());
        }
    }

    /// Every signed request of this kind that the run has seen is told by the first handshake; this says whether that one succeeded.
    ///
    /// # Errors
    /// Could-not-run when it did not.
    pub fn is_sound(&self) -> Result<(), Stop> {
        let first = self.first()?;
        if first.connected {
            return Ok(());
        }
        if let Some(visit) = first.visits.last()
            && visit.end == super::VisitEnd::Login
        {
            return Err(Stop::lacks(Need::Login));
        }
        Err(Stop::CouldNotRun(format!(
            "the first handshake did not come to an access token ({}), so that nothing can be told from another one",
            first.told()
        )))
    }

    /// Nonces and timestamps of every request of the run so far.
    #[must_use]
    pub fn draws(&self) -> Vec<Draw> {
        self.house.draws()
    }

    /// A browser of its own.
    #[must_use]
    pub fn browser(&self) -> Browser<'_> {
        self.house.browser()
    }

    /// The identity link.
    ///
    /// # Errors
    /// Not applicable without one.
    pub fn identity(&self) -> Result<&'a str, Stop> {
        let identity = self.house.target.identity.as_deref();
        identity.ok_or_else(|| Stop::lacks(Need::Identity))
    }

    pub(super) fn manner(&self) -> Manner {
        self.house.manner()
    }

    /// What the doctor says of a request.
    #[must_use]
    pub fn judge(&self, seen: &Seen) -> Judged {
        Judged::of(seen, self.profile())
    }

    /// The expectation holds, or it is broken.
    ///
    /// # Errors
    /// Broken when it is not good.
    pub fn holds(&self, good: bool, expected: &str, actual: impl Into<String>) -> Outcome {
        if good {
            return Ok(Held::new());
        }
        Err(Stop::Broken {
            expected: expected.to_owned(),
            actual: actual.into(),
        })
    }

    /// Every one of these is good, or the first that is not breaks the expectation with its text.
    ///
    /// # Errors
    /// Broken by the first that is not good.
    pub fn all<T>(
        &self,
        expected: &str,
        these: impl IntoIterator<Item = T>,
        wrong: impl Fn(&T) -> Option<String>,
    ) -> Outcome {
        for one in these {
            if let Some(actual) = wrong(&one) {
                return self.holds(false, expected, actual);
            }
        }
        Ok(Held::new())
    }

    /// From now on `value` is not shown.
    pub fn hide(&self, value: &str, label: &'static str) {
        self.recorder.hide(value, label);
    }

    /// The run goes on.
    pub(crate) fn may_go_on(&self) -> Result<(), Stop> {
        match self.house.stopped() {
            None => Ok(()),
            Some(reason) => Err(Stop::CouldNotRun(format!("the run was stopped: {reason}"))),
        }
    }

    pub(crate) fn clean(&self, text: &str) -> String {
        self.recorder.clean(&redact(text))
    }

    /// The record belongs to the story of this case, and its nonces to the run.
    pub(super) fn remember(&self, record: Record) {
        if !record.redirected {
            self.house.remember_draws(&record);
        }
        self.tells(record);
    }

    /// The record belongs to the story of this case.
    pub(super) fn tells(&self, record: Record) {
        for entry in &record.secrets {
            self.hide(entry.consumer_secret.expose(), "consumer-secret");
            if let Some(secret) = &entry.token_secret {
                self.hide(secret.expose(), "token-secret");
            }
        }
        for seen in &record.seen {
            if let Some(response) = &seen.response {
                for (name, value) in form::pairs(&response.text()) {
                    if name == "oauth_token_secret" {
                        self.hide(&value, "token-secret");
                    }
                }
            }
        }
        for posted in &record.posted {
            self.hide(posted.verifier.expose(), "verifier");
        }
        self.records.borrow_mut().push(record);
    }
}
