use serde_json::Value;

use crate::wire::Response;

use super::Lab;
use crate::conformance::markup::Markup;
use crate::conformance::panel::Panel;
use crate::conformance::probe::{address, answer};
use crate::conformance::result::{Outcome, Stop};

/// An answer of the admin panel: a page, a fragment for a dialog, or JSON for the panel's scripts.
#[derive(Clone, Debug)]
pub struct Screen {
    /// What came.
    pub response: Response,
}

impl Screen {
    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.response.status
    }

    /// Everything that the page says: its texts, the values of its attributes, and the strings of its scripts, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        self.markup().said().join("\n")
    }

    pub(in crate::conformance) fn markup(&self) -> Markup {
        Markup::read(&self.response.text())
    }

    /// Whether one of the page's texts is exactly this.
    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        self.markup().texts().any(|other| other == text)
    }

    /// Whether a tag has this attribute with this value.
    #[must_use]
    pub fn has(&self, attribute: &str, value: &str) -> bool {
        self.markup().has(attribute, value)
    }

    /// The body as JSON, null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.response.body).unwrap_or_default()
    }

    /// Where it sends the browser: the `Location` of a page, the `_redirect` of a script's answer; empty when it does not.
    #[must_use]
    pub fn goes_to(&self) -> String {
        let script = self.json()["_redirect"].as_str().map(ToOwned::to_owned);
        script.unwrap_or_else(|| {
            let location = self.response.headers.first("Location");
            location.unwrap_or_default().to_owned()
        })
    }

    /// Whether it sends the browser back to the grid of integrations.
    #[must_use]
    pub fn goes_to_grid(&self) -> bool {
        address::controller(&self.goes_to(), "integration")
            .is_some_and(|(_, action)| matches!(action, "index" | "key"))
    }

    /// The id of the grid's row of this name.
    #[must_use]
    pub fn id_of(&self, name: &str) -> Option<String> {
        self.markup().id_in_row(name)
    }

    /// The value of the input with this name or element id.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<String> {
        self.markup().input(name).map(ToOwned::to_owned)
    }

    /// Whether it is the sign-in form.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.input("login[username]").is_some()
    }

    /// Status, target and the start of the body, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let target = self.response.headers.first("Location").unwrap_or_default();
        format!(
            "{} {target}{}",
            self.status(),
            answer::shortened(&self.response.text())
        )
    }
}

impl Lab<'_> {
    /// GETs an action as the panel's scripts do.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn script(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Screen, Stop> {
        self.learn_key_of(action)?;
        self.screen(|panel| panel.request("GET", &panel.path(action, parameters), true))
    }

    /// GETs an action as a browser does; a redirect is not followed.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn page(&self, action: &str, parameters: &[(&str, &str)]) -> Result<Screen, Stop> {
        self.learn_key_of(action)?;
        self.screen(|panel| panel.request("GET", &panel.path(action, parameters), false))
    }

    /// POSTs a form with the session's form key, as the panel's scripts do (`xhr`) or as a browser does.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn submit(
        &self,
        action: &str,
        parameters: &[(&str, &str)],
        fields: &[(&str, &str)],
        xhr: bool,
    ) -> Result<Screen, Stop> {
        self.learn_key_of(action)?;
        self.screen(|panel| {
            let mut all = vec![("form_key", panel.form_key())];
            all.extend_from_slice(fields);
            panel.post(&panel.path(action, parameters), &all, xhr)
        })
    }

    /// [`Lab::submit`] of `save` with the administrator's password.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn submit_save(
        &self,
        parameters: &[(&str, &str)],
        fields: &[(&str, &str)],
        xhr: bool,
    ) -> Result<Screen, Stop> {
        let password = self.with_panel(|panel| Ok(panel.password()))?;
        let given = fields.iter().any(|(name, _)| *name == "current_password");
        for (_, value) in fields {
            self.run().channel.watch.learn_markup(value);
        }
        let mut all = fields.to_vec();
        if !given {
            all.push(("current_password", password.as_str()));
        }
        self.submit("save", parameters, &all, xhr)
    }

    /// Sends a request of the panel's session.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn screen(
        &self,
        make: impl FnOnce(&Panel) -> crate::wire::Request,
    ) -> Result<Screen, Stop> {
        let response = self.panel_send(make)?;
        Ok(Screen { response })
    }

    /// The message is shown on the next whole page, or was on one that the case has seen.
    ///
    /// # Errors
    /// Broken when it is not.
    pub fn says(&self, message: &str) -> Outcome {
        let said = self.has_said(message)?;
        self.holds(
            said,
            format!("the message `{message}`"),
            self.with_panel(|panel| {
                Ok(match panel.heard() {
                    [] => "no message".to_owned(),
                    heard => heard.join(" · "),
                })
            })?,
        )
    }

    /// Whether the message is shown on the next whole page, or was on one that the case has seen.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn has_said(&self, message: &str) -> Result<bool, Stop> {
        self.with_panel(|panel| {
            panel.grid(self.channel())?;
            Ok(panel.heard().iter().any(|heard| heard.contains(message)))
        })
    }

    /// The page to which an answer leads, as a browser and the panel's scripts go on to it.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn lead_on(&self, screen: &Screen) -> Result<Screen, Stop> {
        let url = screen.goes_to();
        let response = self.with_panel(|panel| panel.lead_on(self.channel(), &url))?;
        Ok(Screen { response })
    }

    /// Shows what an earlier case left in the panel's session: messages, and the values of a form that could not be saved. A case that
    /// looks for a message which names nobody, or at a form's values, begins with it.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn clear_session(&self) -> Result<(), Stop> {
        self.page("new", &[])?;
        self.grid()?;
        self.with_panel(|panel| {
            panel.forget_messages();
            Ok(())
        })
    }

    /// Whether the grid has a row of this name.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn row_named(&self, name: &str) -> Result<bool, Stop> {
        let grid = self.with_panel(|panel| panel.grid(self.channel()))?;
        Ok(grid
            .rows()
            .iter()
            .any(|row| row.texts().any(|text| text == name)))
    }

    /// A name of the kind that the suite may use, for an integration that is saved field by field.
    #[must_use]
    pub fn new_name(&self) -> String {
        format!("magespec-{}", &self.nonce()[..12])
    }

    /// A panel with secret keys shows them on its pages; those of a row's buttons only where there is a row.
    fn learn_key_of(&self, action: &str) -> Result<(), Stop> {
        let known = self.with_panel(|panel| {
            panel.prepare(self.channel(), action)?;
            Ok(panel.may_ask(action))
        })?;
        if !known && matches!(action, "edit" | "delete") {
            self.untouched()?;
            self.grid()?;
        }
        Ok(())
    }
}
