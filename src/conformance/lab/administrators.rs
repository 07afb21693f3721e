//! A second administrator, for what becomes of one whose account is closed.

use std::cell::Cell;

use super::person::Person;
use super::run::Run;
use super::{Lab, Visitor};
use crate::conformance::panel::unexpected;
use crate::conformance::panel::{Panel, PanelError};
use crate::conformance::probe::{Draft, address};
use crate::conformance::result::Stop;
use crate::random;
use crate::wire::Request;

/// The name of the account: one for each store, because the list and the form of administrators take none away.
const NAME: &str = "magespec-closed";

/// The account, open until it is closed; at the end it is.
pub struct SecondAdministrator<'lab, 'run> {
    lab: &'lab Lab<'run>,
    /// The folder of the panel's pages for administrators, path only.
    folder: String,
    id: String,
    password: String,
    open: Cell<bool>,
}

impl<'run> Lab<'run> {
    /// Makes the account or opens it again, with a password of its own.
    ///
    /// # Errors
    /// Not-applicable when the panel shows no list of administrators; could-not-run when it does not save the account.
    pub fn second_administrator(&self) -> Result<SecondAdministrator<'_, 'run>, Stop> {
        let folder = self
            .with_panel(|panel| panel.users_folder(self.channel()))?
            .ok_or_else(|| {
                Stop::NotApplicable("the panel links to no list of administrators".into())
            })?;
        let id = self.with_panel(|panel| account(panel, self.run))?;
        let password = format!("Aa1-{}", random::text(self.run.entropy.as_ref(), 20));
        self.hide(&password, "password");
        let mut account = SecondAdministrator {
            lab: self,
            folder,
            id: id.unwrap_or_default(),
            password,
            open: Cell::new(true),
        };
        account.id = account.save(true)?;
        Ok(account)
    }
}

impl<'run> SecondAdministrator<'_, 'run> {
    /// A good request for a token of this administrator.
    #[must_use]
    pub fn sign_in(&self) -> Draft {
        self.lab.sign_in(Person::Admin, NAME, &self.password)
    }

    /// The password of now.
    #[must_use]
    pub fn password(&self) -> String {
        self.password.clone()
    }

    /// A browser of this administrator, in which nobody is signed in yet.
    ///
    /// # Errors
    /// Not-applicable without access to the panel.
    pub fn browser(&self) -> Result<Visitor<'_, 'run>, Stop> {
        self.lab.visitor(NAME, &self.password)
    }

    /// The same with a wrong password.
    #[must_use]
    pub fn wrong_sign_in(&self) -> Draft {
        self.lab.sign_in(Person::Admin, NAME, "magespec-wrong-1")
    }

    /// Closes the account in the panel.
    ///
    /// # Errors
    /// Could-not-run when the panel does not save it.
    pub fn close(&self) -> Result<(), Stop> {
        self.save(false)?;
        self.open.set(false);
        Ok(())
    }

    /// Saves the account; its id.
    fn save(&self, open: bool) -> Result<String, Stop> {
        self.lab.with_panel(|panel| {
            panel.prepare(self.lab.channel(), "index")?;
            let request = self.saved(panel, open);
            let answer = panel.send(self.lab.channel(), &request)?;
            account(panel, self.lab.run)?
                .ok_or_else(|| unexpected("user/save", &answer, "the list of administrators"))
        })
    }

    fn saved(&self, panel: &Panel, open: bool) -> Request {
        let (form_key, password) = (panel.form_key(), panel.password());
        let mut fields = vec![
            ("form_key", form_key),
            ("current_password", password.as_str()),
            ("username", NAME),
            ("firstname", "Closed"),
            ("lastname", "Account"),
            ("email", "closed@magespec.example"),
            ("roles[]", "1"),
            ("is_active", if open { "1" } else { "0" }),
        ];
        if !self.id.is_empty() {
            fields.push(("user_id", &self.id));
        }
        if open {
            fields.push(("password", &self.password));
            fields.push(("password_confirmation", &self.password));
        }
        panel.post(&format!("{}/save/", self.folder), &fields, false)
    }
}

impl Drop for SecondAdministrator<'_, '_> {
    fn drop(&mut self) {
        if self.open.get() && !self.id.is_empty() {
            // A panel that is gone leaves nothing to be done.
            let _ = self.save(false);
        }
        self.lab.leave_session();
    }
}

/// The account's id: the newest that the list of administrators names before the account's name.
fn account(panel: &mut Panel, run: &Run) -> Result<Option<String>, PanelError> {
    let Some(list) = panel.users(&run.channel)? else {
        return Ok(None);
    };
    let said = list.said();
    let Some(at) = said.iter().position(|text| text == NAME) else {
        return Ok(None);
    };
    let id = said[..at]
        .iter()
        .rev()
        .find_map(|text| address::parameter(text, "user_id"));
    Ok(id.map(ToOwned::to_owned))
}
