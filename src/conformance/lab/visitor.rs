//! A browser of its own in the panel, beside the session that the run shares: for what becomes of sessions.

use std::cell::RefCell;

use super::screen::Screen;
use super::{Lab, stop_of};
use crate::conformance::panel::{Panel, PanelError};
use crate::conformance::probe::path_of;
use crate::conformance::result::Stop;
use crate::conformance::target::AdminAccess;
use crate::secret::Secret;
use crate::wire::Request;

/// A browser that somebody else than the run's administrator uses.
pub struct Visitor<'lab, 'run> {
    lab: &'lab Lab<'run>,
    panel: RefCell<Panel>,
}

impl<'run> Lab<'run> {
    /// A browser in which nobody is signed in yet; it has the run's path of the panel and this user's name and password.
    ///
    /// # Errors
    /// Not-applicable without access to the panel.
    pub fn visitor(&self, user: &str, password: &str) -> Result<Visitor<'_, 'run>, Stop> {
        let admin = self.run.target().access.admin.as_ref();
        let admin =
            admin.ok_or_else(|| Stop::NotApplicable("no administrator was given".into()))?;
        self.hide(password, "password");
        let access = AdminAccess {
            user: user.to_owned(),
            password: Secret::from(password),
            otp: None,
            ..admin.clone()
        };
        Ok(Visitor {
            lab: self,
            panel: RefCell::new(Panel::unsigned(self.channel(), &access)),
        })
    }

    /// Name and password of an administrator who may see the dashboard and nothing else.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn limited_administrator(&self) -> Result<(String, String), Stop> {
        let limited = self.run.target().access.limited_admin.as_ref();
        let (user, password) = limited
            .ok_or_else(|| Stop::NotApplicable("no limited administrator was given".into()))?;
        self.hide(password.expose(), "password");
        Ok((user.clone(), password.expose().to_owned()))
    }
}

impl Visitor<'_, '_> {
    /// The sign-in form, as a first visitor gets it.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn opens(&self) -> Result<Screen, Stop> {
        self.arrives().map_err(|error| stop_of(&error))
    }

    /// Sends the sign-in form with this form key, without following where the answer leads.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn types_with_key(&self, password: &str, form_key: Option<&str>) -> Result<Screen, Stop> {
        let panel = self.panel.borrow();
        let (user, path) = (panel.access.user.clone(), panel.at.clone());
        let mut fields = vec![
            ("login[username]", user.as_str()),
            ("login[password]", password),
        ];
        fields.extend(form_key.map(|key| ("form_key", key)));
        let request = panel.post(&path, &fields, false);
        drop(panel);
        self.sends(&request)
    }

    /// Opens the form and signs in with this password; where the answer leads is not followed.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn types(&self, password: &str) -> Result<Screen, Stop> {
        self.opens()?;
        let key = self.panel.borrow().form_key().to_owned();
        self.types_with_key(password, Some(&key))
    }

    /// Signs in with the right password and is in.
    ///
    /// # Errors
    /// Could-not-run when that fails: then nothing can be said of a session.
    pub fn signs_in(&self) -> Result<(), Stop> {
        let password = self.panel.borrow().password();
        self.types(&password)?;
        if self.is_in()? {
            return Ok(());
        }
        Err(Stop::CouldNotRun(
            "the second administrator could not sign in to the panel".to_owned(),
        ))
    }

    /// Whether the panel's first page is one of somebody who is signed in.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn is_in(&self) -> Result<bool, Stop> {
        match self.arrives() {
            Ok(screen) => Ok(!screen.is_sign_in() && matches!(screen.status(), 200 | 403)),
            Err(PanelError::Displaced(_) | PanelError::Ended(_)) => Ok(false),
            Err(error) => Err(stop_of(&error)),
        }
    }

    /// Signs out by the link of the panel's first page.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn signs_out(&self) -> Result<Screen, Stop> {
        let page = self.opens()?.text();
        let link = page.lines().find(|text| text.contains("/auth/logout"));
        let link = link.ok_or_else(|| {
            Stop::CouldNotRun("the panel's first page has no link to sign out".to_owned())
        })?;
        self.gets(&path_of(link))
    }

    /// The value of the session's cookie.
    #[must_use]
    pub fn session(&self) -> String {
        self.panel.borrow().cookie("admin")
    }

    /// The form key of the session.
    #[must_use]
    pub fn form_key(&self) -> String {
        self.panel.borrow().form_key().to_owned()
    }

    /// GETs a path of the store with the cookies of the session.
    ///
    /// # Errors
    /// Could-not-run when no answer comes.
    pub fn gets(&self, path: &str) -> Result<Screen, Stop> {
        let request = self.panel.borrow().request("GET", path, false);
        self.sends(&request)
    }

    /// GETs the panel's first page, goes where it leads, and learns from it.
    fn arrives(&self) -> Result<Screen, PanelError> {
        let mut panel = self.panel.borrow_mut();
        panel.work_for(self.lab.case);
        let start = panel.start(self.lab.channel());
        let request = panel.request("GET", &start, false);
        let response = panel.follow(self.lab.channel(), &request)?;
        let screen = Screen { response };
        panel.learn(&screen.markup());
        Ok(screen)
    }

    fn sends(&self, request: &Request) -> Result<Screen, Stop> {
        let origin = self.panel.borrow().origin().clone();
        let response = self.lab.exchange_at(&origin, request, None)?;
        self.panel.borrow_mut().keep(&response);
        Ok(Screen { response })
    }
}
