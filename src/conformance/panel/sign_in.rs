//! Signing in: the form, what may stand in its way, and the way to the integrations.

use super::Panel;
use super::answers::ERROR_PAGE;
use super::error::PanelError;
use super::otp;
use crate::conformance::channel::Channel;
use crate::conformance::markup::Markup;
use crate::conformance::probe::{onward, path_of};
use crate::conformance::target::AdminAccess;
use crate::wire::Response;

const USER: &str = "login[username]";

impl Panel {
    /// Signs in and finds the integrations. A password is tried once: a store asks for a CAPTCHA after three failures.
    ///
    /// # Errors
    /// A [`PanelError`], each a sentence that says what to do.
    pub fn sign_in(channel: &Channel, access: &AdminAccess) -> Result<Self, PanelError> {
        let mut panel = Self::unsigned(channel, access);
        let start = panel.start(channel);
        let answer = panel.follow(channel, &panel.request("GET", &start, false))?;
        let form = panel.here(channel, &start, &answer)?;
        let Some(key) = form
            .input("form_key")
            .filter(|_| form.input(USER).is_some())
        else {
            return Err(PanelError::NoPanel(start));
        };
        if asks_for_captcha(&form) {
            return Err(PanelError::Captcha(access.user.clone()));
        }
        let fields = [
            ("form_key", key),
            (USER, access.user.as_str()),
            ("login[password]", access.password.expose()),
        ];
        let action = form.action_of(USER).unwrap_or_default();
        let action = match path_of(&action) {
            path if path.starts_with('/') => path,
            _ => panel.at.clone(),
        };
        let request = panel.post(&action, &fields, false);
        let answer = panel.follow(channel, &request)?;
        let page = panel.here(channel, &start, &answer)?;
        let (answer, page) = panel.past_second_factor(channel, answer, page)?;
        panel.arrive(channel, &answer, &page)?;
        Ok(panel)
    }

    /// The page that was reached, when it is one of this store.
    fn here(
        &self,
        channel: &Channel,
        start: &str,
        answer: &Response,
    ) -> Result<Markup, PanelError> {
        if let Some(location) = onward(answer) {
            return Err(PanelError::Elsewhere(start.to_owned(), location.to_owned()));
        }
        if !self.at.starts_with(channel.target.folder()) {
            let elsewhere = format!("{}{}", self.origin(), self.at);
            return Err(PanelError::Elsewhere(start.to_owned(), elsewhere));
        }
        let text = answer.text();
        if answer.status == 500 && text.contains(ERROR_PAGE) {
            return Err(PanelError::Broken);
        }
        Ok(Markup::read(&text))
    }

    /// Beyond the page that asks for a one-time password, when the store shows one.
    fn past_second_factor(
        &mut self,
        channel: &Channel,
        answer: Response,
        page: Markup,
    ) -> Result<(Response, Markup), PanelError> {
        if !is_second_factor(&self.at) {
            return Ok((answer, page));
        }
        let secret = self.access.otp.clone().ok_or(PanelError::SecondFactor)?;
        let said = page.said();
        let submit = said
            .iter()
            .find(|text| text.contains("/tfa/google/authpost"));
        let Some(submit) = submit.map(|url| path_of(url)) else {
            return Err(PanelError::OtherFactor(format!(
                "it leads to {}, not to the step of the authenticator app; set that up for `{}` by hand",
                self.at, self.access.user
            )));
        };
        let code = otp::password(secret.expose(), channel.now()).ok_or_else(|| {
            PanelError::OneTimePassword("the file holds no base32 secret".to_owned())
        })?;
        // A page without a form has the key in a script alone.
        let key = page.form_key().unwrap_or_default();
        let fields = [("form_key", key.as_str()), ("tfa_code", code.as_str())];
        let checked = self.send(channel, &self.post(&submit, &fields, true))?;
        let told: serde_json::Value = serde_json::from_slice(&checked.body).unwrap_or_default();
        if told["success"] != true {
            let message = told["message"].as_str();
            let message = message.unwrap_or("without a reason").to_owned();
            return Err(PanelError::OneTimePassword(message));
        }
        let start = self.start(channel);
        let answer = self.follow(channel, &self.request("GET", &start, false))?;
        let page = self.here(channel, &start, &answer)?;
        Ok((answer, page))
    }

    /// Whether the page is one of somebody who is signed in, and leads to the integrations.
    fn arrive(
        &mut self,
        channel: &Channel,
        answer: &Response,
        page: &Markup,
    ) -> Result<(), PanelError> {
        let user = || self.access.user.clone();
        if page.input(USER).is_some() {
            let captcha = asks_for_captcha(page)
                || page.messages().iter().any(|text| text.contains("CAPTCHA"));
            return Err(if captcha {
                PanelError::Captcha(user())
            } else {
                PanelError::Refused(user())
            });
        }
        if self.at.contains("/system_account") {
            return Err(PanelError::PasswordExpired(user()));
        }
        if answer.status == 403 {
            return Err(PanelError::NoIntegrations);
        }
        self.learn(page);
        if !self.knows_integrations() {
            return Err(PanelError::NoIntegrations);
        }
        let path = self.path("index", &[("limit", "200")]);
        let grid = self.follow(channel, &self.request("GET", &path, false))?;
        if grid.status == 403 {
            return Err(PanelError::NoIntegrations);
        }
        self.learn(&Markup::read(&grid.text()));
        Ok(())
    }
}

/// Whether a path is one of the module for second factors.
fn is_second_factor(path: &str) -> bool {
    path.split('/').any(|segment| segment == "tfa")
}

fn asks_for_captcha(form: &Markup) -> bool {
    form.input("captcha[backend_login]").is_some()
}
