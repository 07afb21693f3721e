//! What a case can do beside playing a store: write to the app as a stranger, watch, pull the app's triggers.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::conformance::result::{Need, Outcome, Stop};
use crate::random::{self, SystemEntropy};
use crate::text::form;
use crate::wire::{Headers, Origin, Request, Response};

use super::browser::{Manner, sent};
use super::play::Play;
use super::play::link;
use super::played::{PlayedStore, Seen, Shape, When};
use super::record::Crafted;
use super::target::{LoginForm, Trigger};
use super::theatre::Theatre;
use super::transcript::of_request;
use super::visit::Visit;

/// Time that the app has for what the suite made up.
const PATIENCE: Duration = Duration::from_secs(10);

impl Theatre<'_> {
    /// Watches what comes to a store from now on.
    ///
    /// # Errors
    /// When the store cannot be played.
    pub fn watches(&self, shape: Shape) -> Result<Watch<'_>, Stop> {
        let played = self.house().stage.store(&shape);
        let store = played.map_err(|error| Stop::NotApplicable(error.0.into()))?;
        let (from, _) = store.activity();
        let connections = store.connections();
        Ok(Watch {
            theatre: self,
            store,
            from,
            connections,
        })
    }

    /// The callback endpoint is still there.
    ///
    /// # Errors
    /// Broken when it answers nothing any more.
    pub fn lives_on(&self) -> Outcome {
        let answer = self.sends("GET, to see whether it lives", "GET", None, "")?;
        self.holds(
            answer.is_ok(),
            "an app that lives on",
            answer.err().unwrap_or_default(),
        )
    }

    /// Opens the identity link with these two parameters, as a stranger could write them.
    ///
    /// # Errors
    /// Not applicable when the app has no identity link.
    pub fn opens_link(&self, key: &str, back: &str) -> Result<Visit, Stop> {
        let identity = self.identity()?;
        self.visits(&link(identity, key, back), back)
    }

    /// Opens this page of the app and passes its login page.
    ///
    /// # Errors
    /// When the run was stopped.
    pub fn visits(&self, url: &str, back: &str) -> Result<Visit, Stop> {
        self.may_go_on()?;
        let visit = self.browser().visit(url, back, &self.manner());
        self.note_visit(&visit);
        Ok(visit)
    }

    /// The merchant of this play comes again, fills in the login page so, and maybe leaves its form token out.
    ///
    /// # Errors
    /// As [`Play::look`].
    pub fn comes_as(
        &self,
        play: &Play<'_>,
        login: LoginForm,
        without_tokens: bool,
    ) -> Result<Visit, Stop> {
        let manner = Manner {
            login: Some(login),
            without_tokens,
        };
        play.visit_at(&play.link(), &manner)
    }

    /// Sends a request that no store would send to the callback endpoint, with a body of this media type.
    ///
    /// # Errors
    /// When the run was stopped.
    pub fn sends(
        &self,
        what: &str,
        method: &str,
        kind: Option<&str>,
        body: impl Into<Vec<u8>>,
    ) -> Result<Result<Response, String>, Stop> {
        self.may_go_on()?;
        let (origin, target) = Origin::split(&self.house().target.callback)
            .map_err(|error| Stop::Harness(error.to_string()))?;
        let mut headers = Headers::from_iter([
            ("Host", origin.authority().as_str()),
            ("User-Agent", r"Laminas\Http\Client"),
            ("Accept", "*/*"),
        ]);
        if let Some(kind) = kind {
            headers.add("Content-Type", kind);
        }
        let request = Request {
            method: method.to_owned(),
            target,
            headers,
            body: body.into(),
        };
        let at = Instant::now();
        let answer = sent(&self.house().sender, &origin, &request, PATIENCE);
        self.house().heard(answer.is_ok());
        self.crafted.borrow_mut().push(Crafted {
            at,
            what: what.to_owned(),
            request: of_request(&request),
            answer: answer.clone(),
        });
        Ok(answer)
    }

    /// Sends a form to the callback endpoint.
    ///
    /// # Errors
    /// When the run was stopped.
    pub fn sends_form(
        &self,
        what: &str,
        pairs: &[(&str, &str)],
    ) -> Result<Result<Response, String>, Stop> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let body = form::encode_pairs(pairs.iter().copied());
        self.sends(what, "POST", Some(FORM), body)
    }

    /// A made-up key, secret or verifier.
    #[must_use]
    pub fn value(&self) -> String {
        random::value(&SystemEntropy)
    }

    /// Makes the app call the store.
    ///
    /// # Errors
    /// Not applicable when nothing does; could-not-run when that fails.
    pub fn triggers(&self) -> Result<(), Stop> {
        self.may_go_on()?;
        let trigger = self.house().target.trigger.as_ref();
        let trigger = trigger.ok_or_else(|| Stop::lacks(Need::Trigger))?;
        self.pulls(trigger, "--trigger")
    }

    fn pulls(&self, trigger: &Trigger, flag: &str) -> Result<(), Stop> {
        let page = |url: &str| self.browser().page(url).map(drop);
        trigger.pull(flag, page).map_err(Stop::CouldNotRun)
    }

    /// Makes the app call the store again, if anything can, and waits for the end of that.
    ///
    /// # Errors
    /// As [`Theatre::triggers`].
    pub fn calls_again(&self, play: &Play<'_>) -> Result<Vec<Seen>, Stop> {
        let before = play.of(When::Rest).len();
        let came = || play.of(When::Rest).len() > before;
        let pulled = self.triggers();
        if !came() {
            // A trigger may fail because of what the store answers to the very call.
            pulled?;
        }
        play.wait(self.house().target.wait, came);
        play.settle();
        Ok(play.of(When::Rest).split_off(before))
    }

    /// Starts the app again and waits until it answers.
    ///
    /// # Errors
    /// Not applicable without a command; could-not-run when the app does not come back.
    pub fn restarts(&self) -> Result<(), Stop> {
        let restart = self.house().target.restart.as_ref();
        let restart = restart.ok_or_else(|| Stop::lacks(Need::Restart))?;
        self.pulls(restart, "--restart")?;
        let (origin, _) = Origin::split(&self.house().target.callback)
            .map_err(|error| Stop::Harness(error.to_string()))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if std::net::TcpStream::connect(origin.address()).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Stop::CouldNotRun(format!(
            "--restart: nothing listens at {origin} after {} s",
            PATIENCE.as_secs()
        )))
    }

    fn note_visit(&self, visit: &Visit) {
        let mut crafted = self.crafted.borrow_mut();
        for hop in &visit.hops {
            crafted.push(Crafted {
                at: hop.at,
                what: format!("{} {}", hop.method, path_of(&hop.url)),
                request: hop.request(),
                answer: hop.answer.clone(),
            });
        }
    }
}

/// A store that is watched.
pub struct Watch<'a> {
    theatre: &'a Theatre<'a>,
    /// The store.
    pub store: Arc<dyn PlayedStore>,
    from: usize,
    connections: usize,
}

impl Watch<'_> {
    /// The requests that have come; what is on its way is waited for.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        thread::sleep(self.theatre.house().door().grace);
        self.store.seen(self.from)
    }

    /// The connections that have been made; what is on its way is waited for.
    #[must_use]
    pub fn connections(&self) -> usize {
        thread::sleep(self.theatre.house().door().grace);
        self.store.connections() - self.connections
    }
}

fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split('?').next().unwrap_or_default().to_owned()
}
