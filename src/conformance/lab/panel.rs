//! The admin panel, the callback endpoint and the administrator's browser, as a case works with them.

use crate::secret::Secret;
use crate::text::form;
use crate::wire::{Origin, Request, Response};

use super::pool::Integration;
use super::{Lab, lock, stop_of, stop_of_send};
use crate::conformance::markup::Markup;
use crate::conformance::panel::{Panel, PanelError, Seat};
use crate::conformance::peer::{Behaviour, Listener};
use crate::conformance::probe::{Signed, answer};
use crate::conformance::result::Stop;
use crate::conformance::target::Declared;

impl Lab<'_> {
    /// Works in the panel; from here until the case ends no other case does, so that messages and forms are those of this one.
    ///
    /// # Errors
    /// Not-applicable without access to the panel; could-not-run when it fails.
    pub fn with_panel<T>(
        &self,
        work: impl FnOnce(&mut Panel) -> Result<T, PanelError>,
    ) -> Result<T, Stop> {
        let mut turn = self.turn.borrow_mut();
        let seat = turn.get_or_insert_with(|| self.run.session.turn());
        self.use_seat(seat, work)
    }

    /// Works in the panel between the cases that have their turn: for what leaves nothing behind but its own integration.
    pub(super) fn in_passing<T>(
        &self,
        work: impl FnOnce(&mut Panel) -> Result<T, PanelError>,
    ) -> Result<T, Stop> {
        match self.turn.borrow_mut().as_mut() {
            Some(seat) => self.use_seat(seat, work),
            None => self.use_seat(&mut self.run.session.turn(), work),
        }
    }

    fn use_seat<T>(
        &self,
        seat: &mut Seat,
        work: impl FnOnce(&mut Panel) -> Result<T, PanelError>,
    ) -> Result<T, Stop> {
        let outcome = seat.panel(self.channel()).and_then(|panel| {
            panel.work_for(self.case);
            work(panel)
        });
        seat.note(self.channel(), &outcome);
        outcome.map_err(|error| stop_of(&error))
    }

    /// Waits for the turn at the panel's session, before anything that another case may hold while it waits for the same; a case that looks
    /// for what the session says of an exchange takes it before the exchange.
    pub fn take_turn(&self) {
        let mut turn = self.turn.borrow_mut();
        if turn.is_none() {
            *turn = Some(self.run.session.turn());
        }
    }

    /// Sends a request of the panel's session and records it. What a store hands out to a request that went without the session's cookies
    /// is not kept: the session goes on.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn panel_send(&self, make: impl FnOnce(&Panel) -> Request) -> Result<Response, Stop> {
        let (origin, request, own) = self.with_panel(|panel| {
            panel.prepare(self.channel(), "tokensExchange")?;
            let request = make(panel);
            let plain = panel.request("GET", "/", false);
            let own = request.headers.first("Cookie") == plain.headers.first("Cookie");
            Ok((panel.origin().clone(), request, own))
        })?;
        let response = self.exchange_at(&origin, &request, None)?;
        if own {
            self.with_panel(|panel| panel.take(self.channel(), &request, &response))?;
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

    /// Everything that the grid says; it shows the messages that are due.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn grid(&self) -> Result<String, Stop> {
        self.with_panel(|panel| panel.grid(self.channel()))
            .map(|page| page.said().join("\n"))
    }

    /// The integration's row of the grid.
    ///
    /// # Errors
    /// Broken when there is no such row.
    pub fn row(&self, integration: &Integration) -> Result<GridRow, Stop> {
        let grid = self.with_panel(|panel| panel.grid(self.channel()))?;
        let row = grid.row(&integration.id).ok_or_else(|| Stop::Broken {
            expected: format!("a row of the grid with data-row-id=\"{}\"", integration.id),
            actual: "no such row".to_owned(),
        })?;
        Ok(GridRow { row })
    }

    /// The label in the integration's status column.
    ///
    /// # Errors
    /// Broken when there is none.
    pub fn status(&self, integration: &Integration) -> Result<&'static str, Stop> {
        let row = self.row(integration)?;
        ["Inactive", "Active", "Reset"]
            .into_iter()
            .find(|label| row.shows(label))
            .ok_or_else(|| Stop::Broken {
                expected: "a status of Inactive, Active or Reset".to_owned(),
                actual: answer::shortened(&row.text()),
            })
    }

    /// The suite's callback endpoint.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn listener(&self) -> Result<&Listener, Stop> {
        self.run.listener.as_ref().ok_or_else(|| {
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

    /// The integration with the consumer key and secret that its form in the panel shows.
    ///
    /// # Errors
    /// Could-not-run when the form does not show them.
    pub fn keys_in_panel(&self, integration: &Integration) -> Result<Integration, Stop> {
        let page = self
            .with_panel(|panel| panel.page(self.channel(), "edit", &[("id", &integration.id)]))?;
        let field = |name: &str| page.input(name).unwrap_or_default().to_owned();
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
        let response = self.with_panel(|panel| panel.delete(self.channel(), &integration.id))?;
        self.own.borrow_mut().retain(|id| *id != integration.id);
        lock(&self.run.pool.made).retain(|id| *id != integration.id);
        Ok(response)
    }

    /// The integrations that an extension declares and whose app is running.
    #[must_use]
    pub fn declared(&self) -> &[Declared] {
        &self.run.target().access.declared
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
        self.channel()
            .send_to(&origin, &request)
            .map_err(|error| stop_of_send(&error))
    }

    /// Sends a request to the store and records it with what was signed.
    pub(super) fn exchange_signed(
        &self,
        request: &Request,
        signed: Option<Signed>,
    ) -> Result<Response, Stop> {
        self.exchange_at(&self.run.target().origin, request, signed)
    }

    /// The same with another origin of the store.
    pub(super) fn exchange_at(
        &self,
        origin: &Origin,
        request: &Request,
        signed: Option<Signed>,
    ) -> Result<Response, Stop> {
        let (outcome, exchange) = self
            .channel()
            .exchange_at(origin, request)
            .map_err(|error| stop_of_send(&error))?;
        self.recorder.add(exchange, signed);
        let own = self.run.channel.own(request, outcome);
        own.map_err(|error| stop_of_send(&error))
    }
}

/// A row of the grid of integrations.
#[derive(Clone, Debug)]
pub struct GridRow {
    row: Markup,
}

impl GridRow {
    /// Whether one of its texts is exactly this.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        self.row.texts().any(|other| other == text)
    }

    /// Whether one of its tags has this attribute with this value.
    #[must_use]
    pub fn has(&self, attribute: &str, value: &str) -> bool {
        self.row.has(attribute, value)
    }

    /// The first value of this attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.row.attribute(name)
    }

    /// Whether it has a tag of this name.
    #[must_use]
    pub fn has_tag(&self, name: &str) -> bool {
        self.row.has_tag(name)
    }

    /// Its texts and the values of its attributes, on one line.
    #[must_use]
    pub fn text(&self) -> String {
        self.row.said().join(" ")
    }
}
