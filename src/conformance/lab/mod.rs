//! The workplace of a case.

mod administrators;
mod control;
mod drafts;
mod fixtures;
mod law;
mod modules;
mod panel;
mod person;
mod pool;
mod probes;
mod rows;
mod run;
mod screen;
mod stranger;
mod visitor;

pub use administrators::SecondAdministrator;
pub use law::{Draws, Pairs};
pub use modules::Module;
pub use panel::GridRow;
pub use person::Person;
pub use pool::{Integration, Token};
pub use probes::Proven;
pub use rows::{Kept, TokenRow};
pub use run::{ListenError, Run};
pub use screen::Screen;
pub use stranger::Stranger;
pub use visitor::Visitor;

use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::oauth::{Dialect, Profile};
use crate::random;
use crate::text::percent;

use crate::conformance::channel::{Channel, SendError};
use crate::conformance::panel::PanelError;
use crate::conformance::panel::Seat;
use crate::conformance::probe::Recorder;
use crate::conformance::probe::{Expected, Observed, Said};
use crate::conformance::result::{Absence, ExchangeText, Stop};

/// The workplace of one case: integrations in known states, probes, and the only way to an outcome.
///
/// Every fixture is named after the conventions of docs/protocol/README.md: `verified` is I.V, `requested` is I.R, `active` is I.A,
/// `other` is J.A, `limited` is L.A, `powerless` is N.A.
pub struct Lab<'a> {
    run: &'a Run,
    case: &'static str,
    recorder: Recorder,
    /// The turn at the panel's session, from the first page that the case opens until it ends.
    turn: RefCell<Option<MutexGuard<'a, Seat>>>,
    leased: RefCell<Vec<Integration>>,
    own: RefCell<Vec<String>>,
    spoiled: Cell<bool>,
    moved: Cell<bool>,
    configured: RefCell<Vec<(String, Option<String>)>>,
}

impl<'a> Lab<'a> {
    pub(super) fn new(run: &'a Run, case: &'static str) -> Self {
        let lab = Self {
            run,
            case,
            recorder: Recorder::new(Arc::clone(&run.channel.watch)),
            turn: RefCell::new(None),
            leased: RefCell::new(Vec::new()),
            own: RefCell::new(Vec::new()),
            spoiled: Cell::new(false),
            moved: Cell::new(false),
            configured: RefCell::new(Vec::new()),
        };
        for secret in run.target().passage.secrets() {
            lab.recorder.hide(secret, "header");
        }
        if let Some(admin) = &run.target().access.admin {
            lab.recorder.hide(admin.password.expose(), "admin-password");
        }
        lab
    }

    /// The behaviour that the target is held against.
    #[must_use]
    pub fn profile(&self) -> &'static Profile {
        self.run.target().profile
    }

    /// The profile's way of building the base string.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.run.target().profile.dialect
    }

    /// Whether the profile's dialect is one of these.
    #[must_use]
    pub fn speaks(&self, dialects: &[Dialect]) -> bool {
        dialects.contains(&self.dialect())
    }

    /// A header value as the profile's stores compare and quote it: the native dialect encodes it first (docs/protocol/signatures.md#details-of-generation-c).
    #[must_use]
    pub fn compared(&self, value: &str) -> String {
        match self.dialect() {
            Dialect::Native => percent::encode(value),
            Dialect::Rfc5849 | Dialect::Zend | Dialect::Laminas => value.to_owned(),
        }
    }

    /// User name and password of the administrator.
    ///
    /// # Errors
    /// Not-applicable without them.
    pub fn administrator(&self) -> Result<(String, String), Stop> {
        let admin = self.run.target().access.admin.as_ref();
        admin
            .map(|admin| (admin.user.clone(), admin.password.expose().to_owned()))
            .ok_or_else(|| Stop::NotApplicable("no administrator was given".into()))
    }

    /// E-mail address and password of a customer.
    ///
    /// # Errors
    /// Not-applicable without them.
    pub fn customer(&self) -> Result<(String, String), Stop> {
        let customer = self.run.target().access.customer.as_ref();
        let (login, password) =
            customer.ok_or_else(|| Stop::NotApplicable("no customer was given".into()))?;
        self.recorder.hide(password.expose(), "customer-password");
        Ok((login.clone(), password.expose().to_owned()))
    }

    /// The way to the store, which the panel's methods ask for.
    #[must_use]
    pub const fn channel(&self) -> &Channel {
        &self.run.channel
    }

    /// What the cases of the run share.
    #[must_use]
    pub const fn run(&self) -> &Run {
        self.run
    }

    pub(super) const fn case(&self) -> &'static str {
        self.case
    }

    /// What the store shows for an address that it does not know.
    #[must_use]
    pub fn unknown(&self) -> Expected {
        let target = &self.run.target();
        Expected::Unknown(format!("{}{}", target.origin, target.folder()))
    }

    /// The value of the `Host` header that names the store.
    #[must_use]
    pub fn authority(&self) -> String {
        self.run.target().origin.authority()
    }

    /// The store's base URL without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        self.run.target().base()
    }

    /// What the preflight saw of the store's settings.
    #[must_use]
    pub fn observed(&self) -> Arc<Observed> {
        self.run.observed()
    }

    /// A route that an integration may read and a guest may not, as the store is set: [`PROTECTED`](crate::conformance::PROTECTED), unless guests may read that.
    #[must_use]
    pub fn protected(&self) -> &'static str {
        self.run.observed().protected()
    }

    /// What a guest is told at [`Lab::protected`].
    #[must_use]
    pub fn unauthorized(&self) -> Said {
        self.run.observed().unauthorized()
    }

    /// A fresh nonce.
    #[must_use]
    pub fn nonce(&self) -> String {
        random::value(self.run.entropy.as_ref())
    }

    /// Now, as the store's clock shows it.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.run.channel.now()
    }

    /// How long the work takes.
    pub fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, Duration) {
        let start = Instant::now();
        let result = work();
        (result, start.elapsed())
    }

    /// Hides a value from the report.
    pub fn hide(&self, value: &str, label: &'static str) {
        self.recorder.hide(value, label);
    }

    fn know(&self, integration: &Integration) {
        for (secret, label) in [
            (&integration.secret, "consumer-secret"),
            (&integration.verifier, "verifier"),
            (&integration.request.secret, "token-secret"),
            (&integration.access.secret, "token-secret"),
        ] {
            self.recorder.hide(secret.expose(), label);
        }
    }

    /// Ends the case: gives back what may be used again, deletes what was its own, and answers what went over the wire; see
    /// [`Recorder::take`].
    pub(super) fn finish(self, by_the_last: bool) -> Vec<ExchangeText> {
        let exchanges = self.recorder.take(by_the_last);
        // A session that began under other rules of the panel, or at another time, is nobody's after it.
        let of_panel = |(path, _): &(String, _)| path.starts_with("admin/");
        let is_over = self.moved.get() || self.configured.borrow().iter().any(of_panel);
        self.put_back();
        let mut delete = self.own.take();
        let leased = self.leased.take();
        if self.spoiled.get() {
            delete.extend(leased.into_iter().map(|integration| integration.id));
        } else {
            lock(&self.run.pool.spare).extend(leased);
        }
        // What cannot be deleted now is tried again when the run ends.
        for id in delete {
            let gone = self.in_passing(|panel| {
                let answer = panel.delete(self.channel(), &id)?;
                Ok(panel.has_deleted(&answer))
            });
            if gone.unwrap_or(false) {
                lock(&self.run.pool.made).retain(|made| *made != id);
            }
        }
        if is_over {
            self.leave_session();
        }
        exchanges
    }

    /// Has the next work in the panel begin with a sign-in.
    fn leave_session(&self) {
        match self.turn.borrow_mut().as_mut() {
            Some(seat) => seat.leave(),
            None => self.run.session.turn().leave(),
        }
    }

    /// Undoes what the case did to the clock and the configuration.
    fn put_back(&self) {
        let Some(control) = &self.run.target().access.control else {
            return;
        };
        for (path, before) in self.configured.take().into_iter().rev() {
            // A control API that is gone shows in the next case.
            let _ = control.configure(&path, before.as_deref());
        }
        if self.moved.get() {
            let now = self.run.channel.clock.now().0;
            let _ = control.set_clock(now);
            *lock(&self.run.channel.lead) = 0;
        }
    }

    pub(super) fn clean(&self, text: &str) -> String {
        self.recorder.clean(text)
    }
}

fn stop_of(error: &PanelError) -> Stop {
    match error {
        PanelError::Send(error) => stop_of_send(error),
        PanelError::NoAccess => Stop::NotApplicable(error.to_string().into()),
        error => Stop::CouldNotRun(error.to_string()),
    }
}

fn stop_of_send(error: &SendError) -> Stop {
    match error {
        SendError::ReadOnly(request) => {
            Stop::NotApplicable(Absence::ReadOnly(format!("`{request}` is not sent")))
        }
        SendError::NoRoom => Stop::NotApplicable(error.to_string().into()),
        error => Stop::CouldNotRun(error.to_string()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
