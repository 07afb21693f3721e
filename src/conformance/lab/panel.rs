//! The admin panel, the callback endpoint and the control API, as a case works with them.

use crate::secret::Secret;
use crate::text::form;
use crate::wire::{Origin, Request, Response};

use super::{Lab, lock, stop_of, stop_of_send};
use crate::conformance::PanelError;
use crate::conformance::SendError;
use crate::conformance::pool::Integration;
use crate::conformance::recorder::Signed;
use crate::conformance::{Behaviour, ControlApi, Declared, Listener, Panel, Stop, answer, page};

impl Lab<'_> {
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
                Stop::NotApplicable("no access to the admin panel was given".into())
            })?;
            let rested = lock(&self.bench.panels).pop();
            let mut session = match rested {
                Some(panel) => panel,
                None => Panel::sign_in(self.bench, admin).map_err(|error| stop_of(&error))?,
            };
            session.work_for(self.case);
            *panel = Some(session);
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
        let response = self.exchange_bytes(&request)?;
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
            .map(|page| page::unescape(&page))
    }

    /// The integration's row of the grid, as markup.
    ///
    /// # Errors
    /// Broken when there is no such row.
    pub fn row(&self, integration: &Integration) -> Result<String, Stop> {
        let grid = self.with_panel(|panel| panel.grid(self.bench))?;
        page::grid_row(&grid, &integration.id).ok_or_else(|| Stop::Broken {
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
                actual: answer::shortened(&row),
            })
    }

    /// The suite's callback endpoint.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn listener(&self) -> Result<&Listener, Stop> {
        self.bench.listener.as_ref().ok_or_else(|| {
            Stop::NotApplicable("the suite has no callback endpoint; give --listen".into())
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
            Stop::NotApplicable("the store has no control API; give --control".into())
        })
    }

    /// The integration with the consumer key and secret that its form in the panel shows.
    ///
    /// # Errors
    /// Could-not-run when the form does not show them.
    pub fn keys_in_panel(&self, integration: &Integration) -> Result<Integration, Stop> {
        let page =
            self.with_panel(|panel| panel.page(self.bench, "edit", &[("id", &integration.id)]))?;
        let field = |name: &str| page::input_value(&page, name).unwrap_or_default();
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
        self.browse_on(method, url, "", fields)
    }

    /// [`Lab::browse`] by a browser that has this cookie, `name=value`.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn browse_on(
        &self,
        method: &str,
        url: &str,
        cookie: &str,
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
        if !cookie.is_empty() {
            request.headers.add("Cookie", cookie);
        }
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
    pub(in crate::conformance) fn exchange_bytes(
        &self,
        request: &Request,
    ) -> Result<Response, Stop> {
        self.exchange_signed(request, None)
    }

    /// [`Lab::exchange_bytes`] with what was signed.
    pub(super) fn exchange_signed(
        &self,
        request: &Request,
        signed: Option<Signed>,
    ) -> Result<Response, Stop> {
        let (outcome, exchange) = self
            .bench
            .exchange(request)
            .map_err(|error| stop_of_send(&error))?;
        self.recorder.add(exchange, signed);
        outcome.map_err(|error| stop_of_send(&SendError::Wire(error)))
    }
}

/// The texts between tags, trimmed.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    row.split('<')
        .filter_map(|piece| piece.split_once('>'))
        .map(|(_, text)| text.trim())
}
