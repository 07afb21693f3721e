//! Integrations in the states that a case begins with.

use std::sync::Arc;
use std::time::Duration;

use crate::random;
use crate::secret::Secret;

use super::pool::{Integration, Token};
use super::{Lab, lock, stop_of};
use crate::conformance::panel::unexpected;
use crate::conformance::peer::CredentialsPost;
use crate::conformance::probe::Answer;
use crate::conformance::result::Stop;

impl Lab<'_> {
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
        lock(&self.run.pool.made).push(id.to_owned());
    }

    fn create(&self, fields: &[(&str, &str)]) -> Result<Integration, Stop> {
        let name = format!("magespec-{}", random::text(self.run.entropy.as_ref(), 12));
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
        for (_, value) in &all {
            self.run.channel.watch.learn_markup(value);
        }
        let saved_as = all.iter().rev().find(|(name, _)| *name == "name");
        let saved_as = saved_as.map_or("", |(_, name)| *name).to_owned();
        lock(&self.run.pool.saving).push(saved_as.clone());
        let id = self.in_passing(|panel| panel.save(self.channel(), &[], &all))?;
        lock(&self.run.pool.saving).retain(|name| *name != saved_as);
        lock(&self.run.pool.made).push(id.clone());
        Ok(Integration {
            id,
            name,
            ..Integration::default()
        })
    }

    /// I.V: an integration with a fresh verifier, for this case alone.
    ///
    /// # Errors
    /// When the panel or the credentials POST fails.
    pub fn verified(&self) -> Result<Integration, Stop> {
        let spare = lock(&self.run.pool.spare).pop();
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
        if let Some(given) = &self.run.target().access.credentials {
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
        self.shared("active", true, &[("all_resources", "1")])
    }

    /// J.A, shared: a second one.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn other(&self) -> Result<Integration, Stop> {
        self.shared("other", true, &[("all_resources", "1")])
    }

    /// L.A, shared: may read `Magento_Sales::actions_view` and what that implies, nothing else.
    ///
    /// # Errors
    /// When it cannot be activated.
    pub fn limited(&self) -> Result<Integration, Stop> {
        self.shared(
            "limited",
            true,
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
        self.shared("powerless", true, &[("all_resources", "0")])
    }

    /// I, shared: a new integration with all resources, callback and identity link, that no case changes.
    ///
    /// # Errors
    /// When the panel does not make it.
    pub fn untouched(&self) -> Result<Integration, Stop> {
        self.shared("untouched", false, &[("all_resources", "1")])
    }

    fn shared(
        &self,
        role: &'static str,
        activated: bool,
        fields: &[(&str, &str)],
    ) -> Result<Integration, Stop> {
        let slot = Arc::clone(lock(&self.run.pool.shared).entry(role).or_default());
        if lock(&slot).is_none() {
            // Whoever makes it has the turn: nobody waits for the turn with the slot in hand.
            let had_turn = self.turn.borrow().is_some();
            self.take_turn();
            let mut made = lock(&slot);
            if made.is_none() {
                let mut integration = self.create(fields)?;
                if activated {
                    self.activate(&mut integration)?;
                }
                *made = Some(integration);
            }
            drop(made);
            if !had_turn {
                self.turn.take();
            }
        }
        let slot = lock(&slot);
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

    /// The credentials POST of an integration that was just activated, by the suite or by a person.
    ///
    /// # Errors
    /// When the panel refuses or no POST comes.
    pub fn credentials_post(&self) -> Result<CredentialsPost, Stop> {
        if let Some(post) = &self.run.target().access.posted {
            self.recorder
                .hide(&post.field("oauth_consumer_secret"), "consumer-secret");
            self.recorder
                .hide(&post.field("oauth_verifier"), "verifier");
            return Ok(post.clone());
        }
        let mut integration = self.fresh()?;
        self.exchange(&mut integration, false)
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
            self.in_passing(|panel| panel.exchange(self.channel(), &integration.id, reauthorize))?;
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
        self.take_request_token(integration, &answer)
    }

    /// Takes the token of a good E1 in.
    pub(in crate::conformance) fn take_request_token(
        &self,
        integration: &mut Integration,
        answer: &Answer,
    ) -> Result<(), Stop> {
        integration.request = self.token_of(answer, "E1")?;
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
}
