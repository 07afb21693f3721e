use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::oauth::{Dialect, Profile};
use crate::random;
use crate::secret::Secret;
use crate::text::form;
use crate::wire::{Origin, Request, Response};

use super::admin::{PanelError, unexpected};
use super::draft::{Draft, Step};
use super::pool::{Integration, Token};
use super::recorder::Recorder;
use super::target::{Bench, SendError, USER_AGENT};
use super::{
    Answer, Behaviour, ControlApi, CredentialsPost, Declared, ExchangeText, Expected, Held,
    Listener, Outcome, Panel, Stop,
};

/// The REST route on which a case tries a signature: a GET that needs `Magento_Backend::store`.
pub const PROTECTED: &str = "/rest/V1/store/storeViews";
/// A REST route that anybody may read.
pub const ANONYMOUS: &str = "/rest/V1/directory/countries";

/// The workplace of one case: integrations in known states, probes, and the only way to an outcome.
///
/// Every fixture is named after the conventions of spec oauth.md §7: `verified` is I.V, `requested` is I.R, `active` is I.A,
/// `other` is J.A, `limited` is L.A, `powerless` is N.A.
pub struct Lab<'a> {
    bench: &'a Bench,
    case: &'static str,
    recorder: Recorder,
    panel: RefCell<Option<Panel>>,
    leased: RefCell<Vec<Integration>>,
    own: RefCell<Vec<String>>,
    spoiled: Cell<bool>,
    moved: Cell<bool>,
    configured: RefCell<Vec<(String, Option<String>)>>,
}

impl<'a> Lab<'a> {
    pub(super) fn new(bench: &'a Bench, case: &'static str) -> Self {
        let lab = Self {
            bench,
            case,
            recorder: Recorder::default(),
            panel: RefCell::new(None),
            leased: RefCell::new(Vec::new()),
            own: RefCell::new(Vec::new()),
            spoiled: Cell::new(false),
            moved: Cell::new(false),
            configured: RefCell::new(Vec::new()),
        };
        if let Some(admin) = &bench.target.access.admin {
            lab.recorder.hide(admin.password.expose(), "admin-password");
        }
        lab
    }

    // ---- what a case may ask about the target ------------------------------------------------------------------------------

    /// The behaviour that the target is held against.
    #[must_use]
    pub fn profile(&self) -> &'static Profile {
        self.bench.target.profile
    }

    /// The profile's way of building the base string.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.bench.target.profile.dialect
    }

    /// Whether the profile's dialect is one of these: A zend, B laminas, C native, R rfc5849.
    #[must_use]
    pub fn speaks(&self, letters: &str) -> bool {
        letters.contains(match self.dialect() {
            Dialect::Rfc5849 => 'R',
            Dialect::Zend => 'A',
            Dialect::Laminas => 'B',
            Dialect::Native => 'C',
        })
    }

    /// User name and password of the administrator.
    ///
    /// # Errors
    /// Not-applicable without them.
    pub fn administrator(&self) -> Result<(String, String), Stop> {
        let admin = self.bench.target.access.admin.as_ref();
        admin
            .map(|admin| (admin.user.clone(), admin.password.expose().to_owned()))
            .ok_or_else(|| Stop::NotApplicable("no administrator was given".to_owned()))
    }

    /// E-mail address and password of a customer.
    ///
    /// # Errors
    /// Not-applicable without them.
    pub fn customer(&self) -> Result<(String, String), Stop> {
        let customer = self.bench.target.access.customer.as_ref();
        let (login, password) =
            customer.ok_or_else(|| Stop::NotApplicable("no customer was given".to_owned()))?;
        self.recorder.hide(password.expose(), "customer-password");
        Ok((login.clone(), password.expose().to_owned()))
    }

    /// The shared bench, which the panel's methods ask for.
    #[must_use]
    pub const fn bench(&self) -> &Bench {
        self.bench
    }

    /// The value of the `Host` header that names the store.
    #[must_use]
    pub fn authority(&self) -> String {
        self.bench.target.origin.authority()
    }

    /// The store's base URL without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        self.bench.target.base()
    }

    /// A fresh nonce.
    #[must_use]
    pub fn nonce(&self) -> String {
        random::value(self.bench.entropy.as_ref())
    }

    /// Now, as the store's clock shows it.
    #[must_use]
    pub fn now(&self) -> i64 {
        let lead = *lock(&self.bench.lead);
        self.bench.clock.now().0 + lead
    }

    // ---- fixtures ----------------------------------------------------------------------------------------------------------

    /// I: a new integration of this case alone, with all resources, callback and identity link; deleted when the case ends.
    ///
    /// # Errors
    /// When the panel does not make it.
    pub fn fresh(&self) -> Result<Integration, Stop> {
        self.fresh_with(&[("all_resources", "1")])
    }

    /// [`Lab::fresh`] with these fields of the form: they come last and win.
    ///
    /// # Errors
    /// When the panel does not make it.
    pub fn fresh_with(&self, fields: &[(&str, &str)]) -> Result<Integration, Stop> {
        let integration = self.create(fields)?;
        self.own.borrow_mut().push(integration.id.clone());
        Ok(integration)
    }

    /// Takes over an integration that was saved field by field: it is deleted when the case ends.
    pub fn adopt(&self, id: &str) {
        if id.is_empty() {
            return;
        }
        self.own.borrow_mut().push(id.to_owned());
        lock(&self.bench.pool.made).push(id.to_owned());
    }

    fn create(&self, fields: &[(&str, &str)]) -> Result<Integration, Stop> {
        let name = format!("magespec-{}", random::text(self.bench.entropy.as_ref(), 12));
        let endpoint = self.listener()?.url(&name);
        let identity = format!("{endpoint}/identity");
        let defaults = [
            ("name", name.as_str()),
            ("email", "magespec@example.com"),
            ("endpoint", endpoint.as_str()),
            ("identity_link_url", identity.as_str()),
        ];
        let mut all: Vec<(&str, &str)> = defaults
            .into_iter()
            .filter(|(name, _)| !fields.iter().any(|(other, _)| other == name))
            .collect();
        all.extend_from_slice(fields);
        let saved = self.with_panel(|panel| panel.save(self.bench, &[], &all))?;
        lock(&self.bench.pool.made).push(saved.id.clone());
        Ok(Integration {
            id: saved.id,
            name,
            ..Integration::default()
        })
    }

    /// I.V: an integration with a fresh verifier, for this case alone.
    ///
    /// # Errors
    /// When the panel or the credentials POST fails.
    pub fn verified(&self) -> Result<Integration, Stop> {
        let spare = lock(&self.bench.pool.spare).pop();
        let again = spare.is_some();
        let mut integration = match spare {
            Some(integration) => integration,
            None => self.create(&[("all_resources", "1")])?,
        };
        self.exchange(&mut integration, again)?;
        self.leased.borrow_mut().push(integration.clone());
        Ok(integration)
    }

    /// I.R: [`Lab::verified`] after E1.
    ///
    /// # Errors
    /// When a step before fails.
    pub fn requested(&self) -> Result<Integration, Stop> {
        let mut integration = self.verified()?;
        self.obtain_request_token(&mut integration)?;
        Ok(integration)
    }

    /// I.A of this case alone: [`Lab::requested`] after E2.
    ///
    /// # Errors
    /// When a step before fails.
    pub fn activated(&self) -> Result<Integration, Stop> {
        let mut integration = self.requested()?;
        self.obtain_access_token(&mut integration)?;
        Ok(integration)
    }

    /// I.A, shared: an active integration that no case changes.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn active(&self) -> Result<Integration, Stop> {
        if let Some(given) = &self.bench.target.access.credentials {
            for (secret, label) in [
                (given.consumer_secret.expose(), "consumer-secret"),
                (given.token_secret.expose(), "token-secret"),
            ] {
                self.recorder.hide(secret, label);
            }
            return Ok(Integration {
                key: given.consumer_key.clone(),
                secret: given.consumer_secret.clone(),
                access: Token {
                    value: given.token.clone(),
                    secret: given.token_secret.clone(),
                },
                ..Integration::default()
            });
        }
        self.shared("active", &[("all_resources", "1")])
    }

    /// J.A, shared: a second one.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn other(&self) -> Result<Integration, Stop> {
        self.shared("other", &[("all_resources", "1")])
    }

    /// L.A, shared: may read `Magento_Sales::actions_view` and what that implies, nothing else.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn limited(&self) -> Result<Integration, Stop> {
        self.shared(
            "limited",
            &[
                ("all_resources", "0"),
                ("resource[]", "Magento_Sales::sales"),
                ("resource[]", "Magento_Sales::sales_operation"),
                ("resource[]", "Magento_Sales::sales_order"),
                ("resource[]", "Magento_Sales::actions"),
                ("resource[]", "Magento_Sales::actions_view"),
            ],
        )
    }

    /// N.A, shared: was granted nothing.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn powerless(&self) -> Result<Integration, Stop> {
        self.shared("powerless", &[("all_resources", "0")])
    }

    fn shared(&self, role: &'static str, fields: &[(&str, &str)]) -> Result<Integration, Stop> {
        let slot = Arc::clone(lock(&self.bench.pool.shared).entry(role).or_default());
        let mut slot = lock(&slot);
        if slot.is_none() {
            let mut integration = self.create(fields)?;
            self.activate(&mut integration)?;
            *slot = Some(integration);
        }
        let integration = slot.clone().ok_or_else(|| {
            Stop::Harness("a shared integration vanished from its slot".to_owned())
        })?;
        self.know(&integration);
        Ok(integration)
    }

    /// Exchange, E1 and E2.
    ///
    /// # Errors
    /// When a step fails.
    pub fn activate(&self, integration: &mut Integration) -> Result<(), Stop> {
        self.exchange(integration, false)?;
        self.obtain_request_token(integration)?;
        self.obtain_access_token(integration)
    }

    /// Starts the token exchange in the panel and takes in the credentials POST.
    ///
    /// # Errors
    /// When the panel refuses or no POST comes.
    pub fn exchange(
        &self,
        integration: &mut Integration,
        reauthorize: bool,
    ) -> Result<CredentialsPost, Stop> {
        let listener = self.listener()?;
        let seen = listener.count(&integration.name);
        let response =
            self.with_panel(|panel| panel.exchange(self.bench, &integration.id, reauthorize))?;
        let post = listener
            .wait(&integration.name, seen, Duration::from_secs(2))
            .ok_or_else(|| {
                stop_of(&unexpected(
                    "tokensExchange",
                    &response,
                    "after a credentials POST",
                ))
            })?;
        integration.key = post.field("oauth_consumer_key");
        integration.secret = Secret::new(post.field("oauth_consumer_secret"));
        integration.verifier = Secret::new(post.field("oauth_verifier"));
        self.know(integration);
        Ok(post)
    }

    /// E1, taken in.
    ///
    /// # Errors
    /// When the store refuses it.
    pub fn obtain_request_token(&self, integration: &mut Integration) -> Result<(), Stop> {
        let answer = self.send(&self.token_request(integration))?;
        integration.request = self.token_of(&answer, "E1")?;
        Ok(())
    }

    /// E2, taken in.
    ///
    /// # Errors
    /// When the store refuses it.
    pub fn obtain_access_token(&self, integration: &mut Integration) -> Result<(), Stop> {
        let answer = self.send(&self.token_access(integration))?;
        integration.access = self.token_of(&answer, "E2")?;
        Ok(())
    }

    fn token_of(&self, answer: &Answer, step: &str) -> Result<Token, Stop> {
        let (value, secret) = answer.token().ok_or_else(|| {
            Stop::CouldNotRun(format!("the good {step} was refused: {}", answer.summary()))
        })?;
        self.recorder.hide(&secret, "token-secret");
        Ok(Token {
            value,
            secret: Secret::new(secret),
        })
    }

    /// From now on the integration cannot be brought back into a known state by one exchange: it is not used again.
    pub fn spoil(&self) {
        self.spoiled.set(true);
    }

    // ---- drafts ------------------------------------------------------------------------------------------------------------

    /// A good E1 of a fresh verifier.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn e1(&self) -> Result<Draft, Stop> {
        Ok(self.token_request(&self.verified()?))
    }

    /// A good E2 of a fresh request token.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn e2(&self) -> Result<Draft, Stop> {
        Ok(self.token_access(&self.requested()?))
    }

    /// A good GET of [`PROTECTED`] by the shared active integration.
    ///
    /// # Errors
    /// When the fixture fails.
    pub fn call(&self) -> Result<Draft, Stop> {
        Ok(self.rest(&self.active()?))
    }

    /// A good E1 of this integration.
    #[must_use]
    pub fn token_request(&self, integration: &Integration) -> Draft {
        let mut draft = self.draft(
            Step::RequestToken,
            "POST",
            "/oauth/token/request",
            integration,
        );
        draft.secrets(&integration.secret, &Secret::default());
        draft
    }

    /// A good E2 of this integration.
    #[must_use]
    pub fn token_access(&self, integration: &Integration) -> Draft {
        let mut draft = self.draft(
            Step::AccessToken,
            "POST",
            "/oauth/token/access",
            integration,
        );
        draft
            .set("oauth_token", &integration.request.value)
            .set("oauth_verifier", integration.verifier.expose())
            .secrets(&integration.secret, &integration.request.secret);
        draft
    }

    /// A good GET of [`PROTECTED`] by this integration.
    #[must_use]
    pub fn rest(&self, integration: &Integration) -> Draft {
        self.rest_at(integration, PROTECTED)
    }

    /// A good GET of a REST path by this integration. A query in it is sent, but not signed.
    #[must_use]
    pub fn rest_at(&self, integration: &Integration, path: &str) -> Draft {
        let mut draft = self.draft(Step::Rest, "GET", path, integration);
        draft
            .set("oauth_token", &integration.access.value)
            .secrets(&integration.secret, &integration.access.secret)
            .header("Accept", "application/json");
        draft
    }

    /// A REST request without any credentials.
    #[must_use]
    pub fn guest(&self, method: &str, path: &str) -> Draft {
        let target = &self.bench.target;
        let mut draft = Draft::new(Step::Rest, method, &self.origin(), &target.prefix, path);
        draft
            .header("Accept", "application/json")
            .header("User-Agent", USER_AGENT)
            .unsigned();
        draft
    }

    fn draft(&self, step: Step, method: &str, path: &str, integration: &Integration) -> Draft {
        let prefix = &self.bench.target.prefix;
        let mut draft = Draft::new(step, method, &self.origin(), prefix, path);
        draft
            .set("oauth_consumer_key", &integration.key)
            .set("oauth_signature_method", "HMAC-SHA256")
            .set("oauth_nonce", &self.nonce())
            .set("oauth_timestamp", &self.now().to_string())
            .set("oauth_version", "1.0")
            .header("User-Agent", USER_AGENT)
            .header("X-Magespec-Case", self.case);
        draft
    }

    /// Scheme, host and port of the store.
    #[must_use]
    pub fn origin(&self) -> String {
        self.bench.target.origin.to_string()
    }

    // ---- probes and outcomes -----------------------------------------------------------------------------------------------

    /// Sends a draft.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn send(&self, draft: &Draft) -> Result<Answer, Stop> {
        let request = draft.request(&self.bench.target.origin.authority());
        let signed = request.headers.first("Authorization").is_some();
        let response = self.exchange_bytes(&request, signed.then(|| draft.base_string()))?;
        let answer = Answer {
            step: draft.step,
            response,
        };
        if let Some((_, secret)) = answer.token() {
            self.recorder.hide(&secret, "token-secret");
        }
        Ok(answer)
    }

    /// The changed request is accepted. When it is not, the unchanged one must be, or the case could not run.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn accepts(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
    ) -> Outcome {
        self.probe(control, change, &Expected::Accepted)
            .map(|_| Held::new())
    }

    /// The changed request is refused so, while the unchanged one is accepted: no refusal without its twin.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn refuses(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        expected: impl Into<Expected>,
    ) -> Outcome {
        self.probe(control, change, &expected.into())
            .map(|_| Held::new())
    }

    /// The changed request gets this answer; the answer is handed back for a closer look.
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn probe(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        expected: &Expected,
    ) -> Result<Answer, Stop> {
        let mut changed = control.clone();
        changed.set("oauth_nonce", &self.nonce());
        change(&mut changed);
        let answer = self.send(&changed)?;
        let held = expected.holds(&answer, self.profile());
        let consumed = answer.accepted() && control.step != Step::Rest;
        let own_proof = answer.accepted() && held;
        if !own_proof && !consumed {
            let twin = self.send(control)?;
            if !twin.accepted() {
                return Err(Stop::CouldNotRun(format!(
                    "the control probe was refused: {}",
                    twin.summary()
                )));
            }
        }
        if held {
            Ok(answer)
        } else {
            Err(broken(expected, &answer))
        }
    }

    /// The changed request is accepted when `right`, and otherwise refused for its signature (M16).
    ///
    /// # Errors
    /// Every way not to hold.
    pub fn verifies(
        &self,
        right: bool,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
    ) -> Outcome {
        if right {
            self.accepts(control, change)
        } else {
            self.refuses(control, change, super::said::M16)
        }
    }

    /// The weakness `weak` shows when the changed request is accepted (a warning); refusing it is the safe way.
    ///
    /// # Errors
    /// [`Stop::Weak`] when it is accepted, and every other way not to hold.
    pub fn tolerates(
        &self,
        control: &Draft,
        change: impl for<'d> FnOnce(&'d mut Draft) -> &'d mut Draft,
        weak: &str,
    ) -> Outcome {
        let safe = Expected::Either(vec![
            Expected::Accepted,
            Expected::Status(400),
            Expected::Status(401),
            Expected::Status(403),
            Expected::Status(404),
        ]);
        let answer = self.probe(control, change, &safe)?;
        if answer.accepted() {
            return Err(Stop::Weak(weak.to_owned()));
        }
        Ok(Held::new())
    }

    /// Sends the control, which must be accepted; then what follows it may be refused.
    ///
    /// # Errors
    /// Could-not-run when the control is refused.
    pub fn control(&self, draft: &Draft) -> Result<Proven<'_, 'a>, Stop> {
        let answer = self.send(draft)?;
        if !answer.accepted() {
            return Err(Stop::CouldNotRun(format!(
                "the control probe was refused: {}",
                answer.summary()
            )));
        }
        Ok(Proven { lab: self, answer })
    }

    /// The draft is accepted; for the happy path, where the request is its own control.
    ///
    /// # Errors
    /// Broken when it is refused.
    pub fn succeeds(&self, draft: &Draft) -> Result<Answer, Stop> {
        let answer = self.send(draft)?;
        if answer.accepted() {
            Ok(answer)
        } else {
            Err(broken(&Expected::Accepted, &answer))
        }
    }

    /// The request gets this answer. A refusal cannot be asked for here: it needs a twin.
    ///
    /// # Errors
    /// Broken, or harness-error when a refusal is asked for.
    pub fn answers(&self, draft: &Draft, expected: &Expected) -> Result<Answer, Stop> {
        if matches!(expected, Expected::Refused(_)) {
            return Err(Stop::Harness(
                "a refusal was asked for without its control probe".to_owned(),
            ));
        }
        let answer = self.send(draft)?;
        if expected.holds(&answer, self.profile()) {
            Ok(answer)
        } else {
            Err(broken(expected, &answer))
        }
    }

    /// Holds when `condition` does; otherwise says what should have come and what came.
    ///
    /// # Errors
    /// Broken.
    pub fn holds(
        &self,
        condition: bool,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Outcome {
        if condition {
            return Ok(Held::new());
        }
        Err(Stop::Broken {
            expected: self.recorder.clean(&expected.into()),
            actual: self.recorder.clean(&actual.into()),
        })
    }

    /// Both texts are equal.
    ///
    /// # Errors
    /// Broken.
    pub fn equal(&self, what: &str, expected: &str, actual: &str) -> Outcome {
        self.holds(
            expected == actual,
            format!("{what} `{expected}`"),
            format!("{what} `{actual}`"),
        )
    }

    /// The text holds `part`.
    ///
    /// # Errors
    /// Broken, with the start of the text.
    pub fn contains(&self, text: &str, part: &str) -> Outcome {
        self.holds(
            super::page::unescape(text).contains(part),
            format!("a text with `{part}`"),
            super::answer::shortened(text),
        )
    }

    // ---- the panel, the callback endpoint, the control API ---------------------------------------------------------------------

    /// Works in the panel with a session of this case alone.
    ///
    /// # Errors
    /// Not-applicable without access to the panel; could-not-run when it fails.
    pub fn with_panel<T>(
        &self,
        work: impl FnOnce(&mut Panel) -> Result<T, PanelError>,
    ) -> Result<T, Stop> {
        let mut panel = self.panel.borrow_mut();
        if panel.is_none() {
            let admin = self.bench.target.access.admin.as_ref();
            let admin = admin.ok_or_else(|| {
                Stop::NotApplicable("no access to the admin panel was given".to_owned())
            })?;
            let rested = lock(&self.bench.panels).pop();
            *panel = Some(match rested {
                Some(panel) => panel,
                None => Panel::sign_in(self.bench, admin).map_err(|error| stop_of(&error))?,
            });
        }
        match panel.as_mut() {
            Some(panel) => work(panel).map_err(|error| stop_of(&error)),
            None => Err(Stop::Harness("the panel's session vanished".to_owned())),
        }
    }

    /// Sends a request of the panel's session and records it. What a store hands out to a request that went without the session's cookies
    /// is not kept: the session goes on.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn panel_send(&self, make: impl FnOnce(&Panel) -> Request) -> Result<Response, Stop> {
        let (request, own) = self.with_panel(|panel| {
            let request = make(panel);
            let plain = panel.request("GET", "/", false);
            let own = request.headers.first("Cookie") == plain.headers.first("Cookie");
            Ok((request, own))
        })?;
        let response = self.exchange_bytes(&request, None)?;
        if own {
            self.with_panel(|panel| {
                panel.keep_cookies(&response);
                Ok(())
            })?;
        }
        Ok(response)
    }

    /// GETs an action as the panel's scripts do, and records it.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn panel_get(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Response, Stop> {
        self.panel_send(|panel| panel.request("GET", &panel.path(action, parameters), true))
    }

    /// The grid, unescaped; it shows the messages that are due.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn grid(&self) -> Result<String, Stop> {
        self.with_panel(|panel| panel.grid(self.bench))
            .map(|page| super::page::unescape(&page))
    }

    /// The integration's row of the grid, as markup.
    ///
    /// # Errors
    /// Broken when there is no such row.
    pub fn row(&self, integration: &Integration) -> Result<String, Stop> {
        let grid = self.with_panel(|panel| panel.grid(self.bench))?;
        super::page::grid_row(&grid, &integration.id).ok_or_else(|| Stop::Broken {
            expected: format!("a row of the grid with data-row-id=\"{}\"", integration.id),
            actual: "no such row".to_owned(),
        })
    }

    /// The label in the integration's status column.
    ///
    /// # Errors
    /// Broken when there is none.
    pub fn status(&self, integration: &Integration) -> Result<&'static str, Stop> {
        let row = self.row(integration)?;
        ["Inactive", "Active", "Reset"]
            .into_iter()
            .find(|label| cells(&row).any(|cell| cell == *label))
            .ok_or_else(|| Stop::Broken {
                expected: "a status of Inactive, Active or Reset".to_owned(),
                actual: super::answer::shortened(&row),
            })
    }

    /// The suite's callback endpoint.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn listener(&self) -> Result<&Listener, Stop> {
        self.bench.listener.as_ref().ok_or_else(|| {
            Stop::NotApplicable("the suite has no callback endpoint; give --listen".to_owned())
        })
    }

    /// How the callback endpoint answers this integration from now on.
    ///
    /// # Errors
    /// Not-applicable without a callback endpoint.
    pub fn callback_behaves(
        &self,
        integration: &Integration,
        behaviour: Behaviour,
    ) -> Result<(), Stop> {
        self.listener()?.behave(&integration.name, behaviour);
        Ok(())
    }

    /// The control API.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn control_api(&self) -> Result<&ControlApi, Stop> {
        self.bench.target.access.control.as_ref().ok_or_else(|| {
            Stop::NotApplicable("the store has no control API; give --control".to_owned())
        })
    }

    /// The integration with the consumer key and secret that its form in the panel shows.
    ///
    /// # Errors
    /// Could-not-run when the form does not show them.
    pub fn keys_in_panel(&self, integration: &Integration) -> Result<Integration, Stop> {
        let page =
            self.with_panel(|panel| panel.page(self.bench, "edit", &[("id", &integration.id)]))?;
        let field = |name: &str| super::page::input_value(&page, name).unwrap_or_default();
        let (key, secret) = (field("consumer_key"), field("consumer_secret"));
        if key.is_empty() || secret.is_empty() {
            return Err(Stop::CouldNotRun(
                "the integration's form shows no consumer key and secret".to_owned(),
            ));
        }
        self.recorder.hide(&secret, "consumer-secret");
        Ok(Integration {
            key,
            secret: Secret::new(secret),
            ..integration.clone()
        })
    }

    /// Deletes an integration in the panel.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn delete(&self, integration: &Integration) -> Result<Response, Stop> {
        let response = self.with_panel(|panel| panel.delete(self.bench, &integration.id))?;
        self.own.borrow_mut().retain(|id| *id != integration.id);
        lock(&self.bench.pool.made).retain(|id| *id != integration.id);
        Ok(response)
    }

    /// Sets a configuration value for the rest of the case; the runner unsets it.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn configure(&self, path: &str, value: &str) -> Result<(), Stop> {
        let control = self.control_api()?;
        let before = control.configuration(path);
        self.configured.borrow_mut().push((path.to_owned(), before));
        control
            .configure(path, Some(value))
            .map_err(Stop::CouldNotRun)
    }

    /// Moves the store's clock, and with it [`Lab::now`]; the runner moves it back.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn advance(&self, seconds: i64) -> Result<(), Stop> {
        let control = self.control_api()?;
        control.advance(seconds).map_err(Stop::CouldNotRun)?;
        *lock(&self.bench.lead) += seconds;
        self.moved.set(true);
        Ok(())
    }

    /// The integrations that an extension declares and whose app is running.
    #[must_use]
    pub fn declared(&self) -> &[Declared] {
        &self.bench.target.access.declared
    }

    /// Opens a URL anywhere, as the administrator's browser does: no redirect is followed, fields are sent as a form.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn browse(
        &self,
        method: &str,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<Response, Stop> {
        let (origin, target) = Origin::split(url).map_err(|error| Stop::Broken {
            expected: "a URL that a browser can open".to_owned(),
            actual: error.to_string(),
        })?;
        let mut request = Request {
            method: method.to_owned(),
            target,
            ..Request::default()
        };
        if !fields.is_empty() {
            let kind = "application/x-www-form-urlencoded";
            request.headers.add("Content-Type", kind);
            request.body = form::encode_pairs(fields.iter().copied()).into_bytes();
        }
        self.bench
            .send_to(&origin, &request)
            .map_err(|error| stop_of_send(&error))
    }

    /// Sends exact bytes-to-be that are no draft, and records them.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn exchange_bytes(
        &self,
        request: &Request,
        base_string: Option<String>,
    ) -> Result<Response, Stop> {
        let (outcome, exchange) = self
            .bench
            .exchange(request)
            .map_err(|error| stop_of_send(&error))?;
        self.recorder.add(exchange, base_string);
        outcome.map_err(|error| stop_of_send(&SendError::Wire(error)))
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

    /// Ends the case: gives back what may be used again, deletes what was its own, and answers what went over the wire.
    pub(super) fn finish(self) -> Vec<ExchangeText> {
        let timeless = self.moved.get();
        self.put_back();
        let mut delete = self.own.take();
        let leased = self.leased.take();
        if self.spoiled.get() {
            delete.extend(leased.into_iter().map(|integration| integration.id));
        } else {
            lock(&self.bench.pool.spare).extend(leased);
        }
        if let Some(mut panel) = self.panel.take() {
            for id in delete {
                if panel.delete(self.bench, &id).is_ok() {
                    lock(&self.bench.pool.made).retain(|made| *made != id);
                }
            }
            if !timeless {
                lock(&self.bench.panels).push(panel);
            }
        }
        self.recorder.take()
    }

    /// Undoes what the case did to the clock and the configuration.
    fn put_back(&self) {
        let Some(control) = &self.bench.target.access.control else {
            return;
        };
        for (path, before) in self.configured.take().into_iter().rev() {
            // A control API that is gone shows in the next case.
            let _ = control.configure(&path, before.as_deref());
        }
        if self.moved.get() {
            let now = self.bench.clock.now().0;
            let _ = control.set_clock(now);
            *lock(&self.bench.lead) = 0;
            lock(&self.bench.panels).clear();
        }
    }

    pub(super) fn clean(&self, text: &str) -> String {
        self.recorder.clean(text)
    }
}

/// A control probe that was accepted: from here a refusal means something.
pub struct Proven<'lab, 'bench> {
    lab: &'lab Lab<'bench>,
    /// What the control was answered.
    pub answer: Answer,
}

impl Proven<'_, '_> {
    /// The next request is refused so.
    ///
    /// # Errors
    /// Broken when it is not.
    pub fn then_refuses(self, draft: &Draft, expected: impl Into<Expected>) -> Outcome {
        let expected = expected.into();
        let answer = self.lab.send(draft)?;
        if expected.holds(&answer, self.lab.profile()) {
            Ok(Held::new())
        } else {
            Err(broken(&expected, &answer))
        }
    }

    /// The next request is accepted as well, which the sentence calls a weakness.
    ///
    /// # Errors
    /// [`Stop::Weak`] when it is.
    pub fn then_tolerates(self, draft: &Draft, weak: &str) -> Outcome {
        let answer = self.lab.send(draft)?;
        if answer.accepted() {
            return Err(Stop::Weak(weak.to_owned()));
        }
        Ok(Held::new())
    }
}

fn broken(expected: &Expected, answer: &Answer) -> Stop {
    Stop::Broken {
        expected: expected.describe(answer.step),
        actual: answer.summary(),
    }
}

fn stop_of(error: &PanelError) -> Stop {
    Stop::CouldNotRun(error.to_string())
}

fn stop_of_send(error: &SendError) -> Stop {
    Stop::CouldNotRun(error.to_string())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The texts between tags, trimmed.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    row.split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text.trim())
}
