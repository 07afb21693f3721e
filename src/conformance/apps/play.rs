//! One integration of a played store and what becomes of it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::conformance::result::{Need, Outcome, Stop};
use crate::text::form;

use super::browser::Manner;
use super::door::Moment;
use super::house::House;
use super::played::{Played, PlayedStore, PostAs, Posted, Rule, Seen, Shape, Wanted, When};
use super::record::Record;
use super::theatre::Theatre;
use super::visit::{Visit, VisitEnd};

/// How often a wait looks.
const TICK: Duration = Duration::from_millis(5);

/// The longest that one step of a handshake is waited for.
const LONGEST: Duration = Duration::from_secs(90);

/// Plays of a case.
impl<'a> Theatre<'a> {
    /// A new integration of the store.
    ///
    /// # Errors
    /// When the store cannot be played.
    pub fn opens(&'a self) -> Result<Play<'a>, Stop> {
        self.opens_at(House::MAIN)
    }

    /// A new integration of another store.
    ///
    /// # Errors
    /// When the store cannot be played.
    pub fn opens_at(&'a self, shape: Shape) -> Result<Play<'a>, Stop> {
        self.opens_as(shape, Wanted::default())
    }

    /// A new integration with URLs of its own, where they are given.
    ///
    /// # Errors
    /// When the store cannot be played.
    pub fn opens_as(&'a self, shape: Shape, wanted: Wanted) -> Result<Play<'a>, Stop> {
        let played = self.house().stage.store(&shape);
        let store = played.map_err(|error| {
            if shape == House::MAIN {
                Stop::CouldNotRun(error.0)
            } else {
                Stop::NotApplicable(error.0.into())
            }
        })?;
        let target = &self.house().target;
        let or = |given: String, usual: &str| {
            if given.is_empty() {
                usual.to_owned()
            } else {
                given
            }
        };
        let wanted = Wanted {
            callback: or(wanted.callback, &target.callback),
            identity: or(
                wanted.identity,
                target.identity.as_deref().unwrap_or_default(),
            ),
            ..wanted
        };
        let made = store.integrate(&wanted);
        let integration = made.map_err(|error| Stop::CouldNotRun(error.0))?;
        self.hide(integration.secret.expose(), "consumer-secret");
        let number = shape_number(&shape);
        Ok(Play::new(self, store, integration, wanted.identity, number))
    }

    /// Goes through a handshake that has to succeed as the first one did.
    ///
    /// # Errors
    /// Broken when it does not.
    pub fn connects(&self, play: &Play<'_>) -> Outcome {
        self.is_sound()?;
        play.through()?;
        self.is_connected(play)
    }

    /// The exchange of this play came to its end.
    ///
    /// # Errors
    /// Broken when it did not.
    pub fn is_connected(&self, play: &Play<'_>) -> Outcome {
        self.holds(
            play.connected()?,
            "an exchange that ends with an access token",
            play.record().told(),
        )
    }
}

/// A play: an integration, its POSTs and the merchant's visits.
pub struct Play<'a> {
    theatre: &'a Theatre<'a>,
    /// The store that is played.
    pub store: Arc<dyn PlayedStore>,
    /// The integration.
    pub integration: Played,
    /// The identity link, as the integration has it.
    pub identity: String,
    /// `success_call_back`
    pub back: RefCell<String>,
    number: u8,
    from: usize,
    posted: RefCell<Vec<Posted>>,
    visits: RefCell<Vec<Visit>>,
    told: Cell<bool>,
    redirected: Cell<bool>,
}

impl<'a> Play<'a> {
    pub(super) fn new(
        theatre: &'a Theatre<'a>,
        store: Arc<dyn PlayedStore>,
        integration: Played,
        identity: String,
        number: u8,
    ) -> Self {
        let (from, _) = store.activity();
        store.arrange(Vec::new());
        Self {
            theatre,
            integration,
            identity,
            back: RefCell::new(store.return_url()),
            number,
            from,
            posted: RefCell::default(),
            visits: RefCell::default(),
            told: Cell::new(false),
            redirected: Cell::new(false),
            store,
        }
    }

    /// From now on the store does so with the requests of this integration.
    pub fn arrange(&self, rules: Vec<Rule>) {
        let redirects = rules.iter().any(|rule| rule.deed.redirect.is_some());
        self.redirected.set(self.redirected.get() || redirects);
        let rules = rules.into_iter().map(|rule| Rule {
            key: Some(self.integration.key.clone()),
            ..rule
        });
        self.store.arrange(rules.collect());
    }

    /// Sends the credentials POST.
    ///
    /// # Errors
    /// When the store refuses it.
    pub fn post(&self) -> Result<Posted, Stop> {
        self.post_as(PostAs::default())
    }

    /// Sends the credentials POST in another way.
    ///
    /// # Errors
    /// When the store refuses it.
    pub fn post_as(&self, post: PostAs) -> Result<Posted, Stop> {
        self.theatre.may_go_on()?;
        let posted = self.store.activate(&self.integration, post);
        let posted = posted.map_err(|error| Stop::CouldNotRun(error.0))?;
        self.theatre.house().heard(posted.answer.is_ok());
        self.theatre.hide(posted.verifier.expose(), "verifier");
        self.posted.borrow_mut().push(posted.clone());
        Ok(posted)
    }

    /// Where the merchant's browser goes.
    #[must_use]
    pub fn link(&self) -> String {
        link(&self.identity, &self.integration.key, &self.back.borrow())
    }

    /// The merchant opens the identity link and passes the login page.
    ///
    /// # Errors
    /// Not applicable when the app has none, or its login page cannot be passed.
    pub fn visit(&self) -> Result<Visit, Stop> {
        let visit = self.look()?;
        if visit.end == VisitEnd::Login {
            return Err(Stop::lacks(Need::Login));
        }
        Ok(visit)
    }

    /// The same, and a login page is an end like any other.
    ///
    /// # Errors
    /// Not applicable when the app has no identity link.
    pub fn look(&self) -> Result<Visit, Stop> {
        self.visit_at(&self.link(), &self.theatre.manner())
    }

    /// The merchant opens the identity link and closes the window.
    ///
    /// # Errors
    /// Not applicable when the app has no identity link.
    pub fn glance(&self) -> Result<Visit, Stop> {
        self.visit_at(&self.link(), &Manner::default())
    }

    pub(super) fn visit_at(&self, link: &str, manner: &Manner) -> Result<Visit, Stop> {
        self.theatre.may_go_on()?;
        let house = self.theatre.house();
        if house.target.identity.is_none() {
            return Err(Stop::lacks(Need::Identity));
        }
        let mut browser = house.browser();
        let visit = browser.visit(link, &self.back.borrow(), manner);
        house.heard(visit.hops.iter().any(|hop| hop.answer.is_ok()));
        self.visits.borrow_mut().push(visit.clone());
        Ok(visit)
    }

    /// The POST, the visit, and whatever the app does by itself, as the first handshake went.
    ///
    /// # Errors
    /// Not applicable when the login page cannot be passed.
    pub fn through(&self) -> Result<Option<Visit>, Stop> {
        self.post()?;
        self.after_post();
        let visit = self.on()?;
        Ok(visit)
    }

    /// What follows the POST: the visit, when the exchange needs one or the app has a page, and the calls.
    ///
    /// # Errors
    /// Not applicable when the login page cannot be passed.
    pub fn on(&self) -> Result<Option<Visit>, Stop> {
        let door = self.theatre.house().door();
        let visit = if self.theatre.house().target.identity.is_none() {
            None
        } else if matches!(door.moment, Moment::InsidePost | Moment::AfterPost) {
            Some(self.look()?)
        } else {
            Some(self.visit()?)
        };
        self.after_visit();
        Ok(visit)
    }

    /// Waits for an exchange that follows the POST by itself.
    pub fn after_post(&self) {
        let door = self.theatre.house().door();
        if matches!(door.moment, Moment::InsidePost | Moment::AfterPost) {
            self.wait_for_exchange(door.patience());
        }
    }

    /// Waits for an exchange and for calls that follow the visit by themselves.
    pub fn after_visit(&self) {
        let door = self.theatre.house().door();
        if door.at_once {
            self.settle();
            return;
        }
        if matches!(door.moment, Moment::AtLink | Moment::AfterLogin) {
            self.wait_for_exchange(door.patience());
        }
        let began = |seen: &Seen| seen.when == When::Rest;
        let got = |seen: &Seen| is_done(seen, When::AccessToken) && seen.status() == 200;
        if door.calls && self.seen().iter().any(got) {
            self.wait(door.call_patience(), || self.seen().iter().any(began));
        }
        self.settle();
    }

    /// Waits until an exchange is done or was refused.
    fn wait_for_exchange(&self, limit: Duration) {
        self.wait(limit, || self.is_over());
    }

    /// Whether an exchange is done, or was refused: then nothing more is to come.
    pub(super) fn is_over(&self) -> bool {
        self.seen().iter().any(|seen| {
            let refused = is_done(seen, When::RequestToken) && seen.status() != 200;
            refused || is_done(seen, When::AccessToken)
        })
    }

    /// Whether an exchange is done.
    pub(super) fn has_ended(&self) -> bool {
        let seen = self.seen();
        seen.iter().any(|seen| is_done(seen, When::AccessToken))
    }

    /// Waits until nothing is open and nothing new came for a moment.
    pub fn settle(&self) {
        let grace = self.theatre.house().door().grace;
        let start = Instant::now();
        let mut last = (self.store.activity(), Instant::now());
        while start.elapsed() < LONGEST {
            let now = self.store.activity();
            if now != last.0 {
                last = (now, Instant::now());
            }
            if now.1 == 0 && last.1.elapsed() >= grace {
                return;
            }
            thread::sleep(TICK);
        }
    }

    /// Waits until this holds, at most so long; answers whether it does.
    pub fn wait(&self, limit: Duration, holds: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        loop {
            if holds() {
                return true;
            }
            if start.elapsed() >= limit {
                return false;
            }
            thread::sleep(TICK);
        }
    }

    /// The requests of this integration since the play began, and those that nobody signed.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        let seen = self.store.seen(self.from).into_iter();
        seen.filter(|seen| seen.is_of(&self.integration.key))
            .collect()
    }

    /// Those of this kind.
    #[must_use]
    pub fn of(&self, when: When) -> Vec<Seen> {
        let seen = self.seen().into_iter();
        seen.filter(|seen| seen.when == when).collect()
    }

    /// The last POST.
    #[must_use]
    pub fn last_post(&self) -> Option<Posted> {
        self.posted.borrow().last().cloned()
    }

    /// Whether the exchange came to its end.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub fn connected(&self) -> Result<bool, Stop> {
        let active = self.store.is_active(&self.integration);
        active.map_err(|error| Stop::CouldNotRun(error.0))
    }

    /// What happened so far.
    #[must_use]
    pub fn record(&self) -> Record {
        Record {
            key: self.integration.key.clone(),
            base_url: self.store.base_url(),
            store: self.number,
            back: self.back.borrow().clone(),
            posted: self.posted.borrow().clone(),
            visits: self.visits.borrow().clone(),
            seen: self.seen(),
            secrets: self.store.secrets(),
            connected: self.connected().unwrap_or_default(),
            redirected: self.redirected.get(),
        }
    }

    /// Its record is told by somebody else.
    pub(super) fn keep_quiet(&self) {
        self.told.set(true);
    }
}

impl Drop for Play<'_> {
    fn drop(&mut self) {
        self.store.arrange(Vec::new());
        if !self.told.get() {
            self.theatre.remember(self.record());
        }
    }
}

fn is_done(seen: &Seen, when: When) -> bool {
    seen.when == when && seen.done.is_some()
}

/// The identity link as a store's panel opens it: with a `?` of its own whatever stands in it.
pub(super) fn link(identity: &str, key: &str, back: &str) -> String {
    let pairs = form::encode_pairs([("oauth_consumer_key", key), ("success_call_back", back)]);
    format!("{identity}?{pairs}")
}

/// The number in the story of a store of this shape: 0 for the first.
fn shape_number(shape: &Shape) -> u8 {
    u8::from(*shape != House::MAIN) + shape.number.saturating_sub(1)
}
