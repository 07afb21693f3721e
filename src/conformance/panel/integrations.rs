//! What the panel does with integrations, and where it keeps its administrators.

use super::Panel;
use super::error::PanelError;
use crate::conformance::channel::Channel;
use crate::conformance::markup::Markup;
use crate::conformance::probe::answer;
use crate::conformance::probe::{address, onward, path_of};
use crate::wire::Response;

impl Panel {
    /// Saves a new or existing integration as a browser does that is sent on to the grid; answers its id. The form key and the
    /// administrator's password are added.
    ///
    /// # Errors
    /// When the grid does not show the integration afterwards.
    pub fn save(
        &mut self,
        channel: &Channel,
        parameters: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Result<String, PanelError> {
        self.renew(channel)?;
        let (form_key, password) = (self.form_key.clone(), self.password());
        let mut all = vec![("form_key", form_key.as_str())];
        if !fields.iter().any(|(name, _)| *name == "current_password") {
            all.push(("current_password", password.as_str()));
        }
        all.extend_from_slice(fields);
        // A POST is guarded by its form key alone; the secret key of `save` stands on the form, which nobody has to open.
        let request = self.post(&self.path("save", parameters), &all, false);
        let response = self.send(channel, &request)?;
        let grid = match onward(&response).map(path_of) {
            Some(path) => {
                self.checked = None;
                self.open(channel, &path)?
            }
            None => Markup::default(),
        };
        let named = fields.iter().rev().find(|(name, _)| *name == "name");
        // A store keeps this many letters of a name.
        let name: String = named
            .map_or("", |(_, name)| *name)
            .chars()
            .take(255)
            .collect();
        let name = one_line(&name);
        if let Some(id) = grid.id_in_row(&name) {
            return Ok(id);
        }
        let leads_to_grid = onward(&response).is_some_and(|url| {
            address::controller(url, "integration").is_some_and(|(_, action)| action == "index")
        });
        if leads_to_grid && let Some(id) = self.grid(channel)?.id_in_row(&name) {
            return Ok(id);
        }
        let said = grid.messages().join(" · ");
        Err(PanelError::Unsaved(if said.is_empty() {
            format!(
                "{} {}",
                response.status,
                answer::shortened(&response.text())
            )
        } else {
            said
        }))
    }

    /// The ids of the integrations that have one of these names.
    ///
    /// # Errors
    /// When no answer comes.
    pub(in crate::conformance) fn ids_of(
        &mut self,
        channel: &Channel,
        names: &[String],
    ) -> Result<Vec<String>, PanelError> {
        let grid = self.grid(channel)?;
        let ids = names.iter().filter_map(|name| grid.id_in_row(name));
        Ok(ids.collect())
    }

    /// Starts the token exchange: the store sends the credentials POST before it answers.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn exchange(
        &mut self,
        channel: &Channel,
        id: &str,
        reauthorize: bool,
    ) -> Result<Response, PanelError> {
        let flag = if reauthorize { "1" } else { "0" };
        self.get(
            channel,
            "tokensExchange",
            &[("id", id), ("reauthorize", flag)],
        )
    }

    /// Deletes an integration.
    ///
    /// # Errors
    /// When no answer comes.
    pub fn delete(&mut self, channel: &Channel, id: &str) -> Result<Response, PanelError> {
        self.renew(channel)?;
        let path = self.path("delete", &[("id", id)]);
        let form_key = self.form_key.clone();
        let request = self.post(&path, &[("form_key", form_key.as_str())], false);
        self.send(channel, &request)
    }

    /// Whether the answer to [`Panel::delete`] is that of a session which may delete: back to the grid.
    #[must_use]
    pub fn has_deleted(&self, response: &Response) -> bool {
        onward(response).is_some_and(|url| path_of(url).starts_with(&self.controller))
    }

    /// The folder of the actions for administrators, path only; none when the panel does not link to them.
    ///
    /// # Errors
    /// When no answer comes.
    pub(in crate::conformance) fn users_folder(
        &mut self,
        channel: &Channel,
    ) -> Result<Option<String>, PanelError> {
        self.prepare(channel, "index")?;
        let folder = self.users.as_deref();
        Ok(folder
            .and_then(|url| address::controller(url, "user"))
            .map(|(folder, _)| folder.to_owned()))
    }

    /// The list of administrators; none when the panel does not link to it.
    ///
    /// # Errors
    /// When no answer comes.
    pub(in crate::conformance) fn users(
        &mut self,
        channel: &Channel,
    ) -> Result<Option<Markup>, PanelError> {
        self.prepare(channel, "index")?;
        match self.users.clone() {
            Some(path) => self.open(channel, &path).map(Some),
            None => Ok(None),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
