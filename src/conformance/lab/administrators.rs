//! A second administrator, for what becomes of one whose account is closed.

use std::cell::Cell;

use super::{Lab, stop_of};
use crate::conformance::{Draft, Panel, Person, Stop, page};
use crate::random;
use crate::wire::{Request, Response};

/// The name of the account: one for each store, because the list and the form of administrators take none away.
const NAME: &str = "magespec-closed";

/// The account, open until it is closed; at the end it is.
pub struct SecondAdministrator<'lab, 'bench> {
    lab: &'lab Lab<'bench>,
    /// The folder of the panel's pages for administrators, path only.
    folder: String,
    id: String,
    password: String,
    open: Cell<bool>,
}

impl<'bench> Lab<'bench> {
    /// Makes the account or opens it again, with a password of its own.
    ///
    /// # Errors
    /// Not-applicable when the panel shows no list of administrators; could-not-run when it does not save the account.
    pub fn second_administrator(&self) -> Result<SecondAdministrator<'_, 'bench>, Stop> {
        let start = self.panel_path()?;
        let home = self.panel_page(|panel| panel.request("GET", &start, false))?;
        let link = page::url_with(&home.text(), "/admin/user/").ok_or_else(|| {
            Stop::NotApplicable("the panel links to no list of administrators".into())
        })?;
        let path = page::path_of(&link);
        let list = self.panel_page(|panel| panel.request("GET", &path, false))?;
        let end = path.find("/admin/user/").unwrap_or_default();
        let password = format!("Aa1-{}", random::text(self.bench.entropy.as_ref(), 20));
        self.hide(&password, "password");
        let mut account = SecondAdministrator {
            lab: self,
            folder: format!("{}/admin/user", &path[..end]),
            id: id_in(&list.text()).unwrap_or_default(),
            password,
            open: Cell::new(true),
        };
        let saved = self.panel_page(|panel| account.saved(panel, true))?;
        account.id = id_in(&saved.text()).ok_or_else(|| unsaved(&saved))?;
        Ok(account)
    }

    fn panel_path(&self) -> Result<String, Stop> {
        let admin = self.bench.target.access.admin.as_ref();
        let admin = admin
            .ok_or_else(|| Stop::NotApplicable("no access to the admin panel was given".into()))?;
        Ok(format!("{}{}", self.bench.target.prefix, admin.path))
    }

    /// A page of the panel, after its redirects.
    fn panel_page(&self, make: impl FnOnce(&Panel) -> Request) -> Result<Response, Stop> {
        self.with_panel(|panel| {
            let request = make(panel);
            panel.follow(self.bench, &request)
        })
    }
}

impl SecondAdministrator<'_, '_> {
    /// A good request for a token of this administrator.
    #[must_use]
    pub fn sign_in(&self) -> Draft {
        self.lab.sign_in(Person::Admin, NAME, &self.password)
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
        let saved = self.lab.panel_page(|panel| self.saved(panel, false))?;
        if id_in(&saved.text()).is_none() {
            return Err(unsaved(&saved));
        }
        self.open.set(false);
        Ok(())
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
            // Also after the run was stopped; a panel that is gone leaves nothing to be done.
            let _ = self.lab.with_panel(|panel| {
                let request = self.saved(panel, false);
                Ok(self.lab.bench.send_anyway(&request)?)
            });
        }
    }
}

/// The id in the account's row of the list.
fn id_in(page: &str) -> Option<String> {
    let row = &page[..page.find(NAME)?];
    let from = row.rfind("/user_id/")? + "/user_id/".len();
    let digits = row[from..].bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| row[from..from + digits].to_owned())
}

fn unsaved(answer: &Response) -> Stop {
    stop_of(&crate::conformance::admin::unexpected(
        "user/save",
        answer,
        "the list of administrators",
    ))
}
