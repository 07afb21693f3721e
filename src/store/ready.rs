//! Integrations that are there and activated as soon as the store is, and the four values that they call with.

use std::sync::PoisonError;

use serde_json::{Value, json};

use crate::acl::{ResourceId, ResourceTree};
use crate::integration::{FreshToken, Integration, IntegrationId, SetupType, Status};
use crate::secret::Secret;
use crate::storage::NewIntegration;
use crate::text::nearest;

use super::changes::fresh_token;
use super::integrations::{Integrations, Refusal};
use super::permissions::Permissions;
use super::{Error, Store};

/// An integration to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadyIntegration {
    /// Its name.
    pub name: String,
    /// What it may do; everything when a new one says nothing, what was granted before when there is one of that name.
    pub permissions: Option<Permissions>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its callback URL. No credentials POST is sent to it.
    pub endpoint: Option<String>,
    /// Its identity link URL.
    pub identity_link_url: Option<String>,
}

/// A resource that the store's tree does not have.
#[derive(Debug, thiserror::Error)]
#[error("no resource has the id `{id}`{}", meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
pub struct UnknownResource {
    /// As it was written.
    pub id: String,
    /// The nearest that there is.
    pub meant: Option<String>,
}

impl ReadyIntegration {
    /// Whether every resource is in the tree.
    ///
    /// # Errors
    /// [`UnknownResource`] for the first that is not.
    pub fn check(&self, tree: &ResourceTree) -> Result<(), UnknownResource> {
        let Some(Permissions::Listed(ids)) = &self.permissions else {
            return Ok(());
        };
        match ids.iter().find(|id| !tree.contains(id.as_str())) {
            None => Ok(()),
            Some(id) => Err(UnknownResource {
                id: id.to_string(),
                meant: nearest(id.as_str(), tree.ids().iter().map(ResourceId::as_str))
                    .map(ToOwned::to_owned),
            }),
        }
    }

    fn row(&self) -> NewIntegration {
        NewIntegration {
            name: self.name.clone(),
            email: self.email.clone().unwrap_or_default(),
            endpoint: self.endpoint.clone(),
            identity_link_url: self.identity_link_url.clone(),
            status: Status::Inactive,
            setup_type: SetupType::Manual,
        }
    }
}

/// What an activated integration calls with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyCredentials {
    /// The row.
    pub id: IntegrationId,
    /// The integration's name.
    pub name: String,
    /// `oauth_consumer_key`
    pub consumer_key: String,
    /// The consumer's secret.
    pub consumer_secret: Secret,
    /// `oauth_token`
    pub token: String,
    /// The access token's secret.
    pub token_secret: Secret,
}

impl ReadyCredentials {
    /// As JSON, secrets and all: for a file that only its owner reads, and for the control API.
    #[must_use]
    pub fn shown(&self) -> Value {
        json!({
            "id": self.id.0,
            "name": self.name,
            "consumer_key": self.consumer_key,
            "consumer_secret": self.consumer_secret.expose(),
            "token": self.token,
            "token_secret": self.token_secret.expose(),
        })
    }
}

impl Store {
    /// The integrations that the options ask for, with what they call with since the start.
    #[must_use]
    pub fn ready_integrations(&self) -> Vec<ReadyCredentials> {
        let ready = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        ready.clone()
    }

    /// Makes those that the options ask for; after a reset with the values that they had.
    pub(super) fn make_all_ready(&self) -> Result<(), Error> {
        let before = self.ready_integrations();
        let tree = self.tree();
        let mut made = Vec::new();
        for wanted in &self.options().integrations {
            wanted.check(&tree)?;
            let known = before.iter().find(|known| known.name == wanted.name);
            made.push(self.make_ready(wanted, known)?);
        }
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = made;
        Ok(())
    }

    /// Makes an integration, or takes the one of that name, and activates it without any exchange; one that is active keeps its values.
    pub(super) fn make_ready(
        &self,
        wanted: &ReadyIntegration,
        values: Option<&ReadyCredentials>,
    ) -> Result<ReadyCredentials, Refusal> {
        self.with_integrations(|services| {
            let row = row(services, wanted, values)?;
            let held = services.credentials(&row)?;
            let held = if held.token.is_empty() || row.status != Status::Active {
                let drawn = fresh_token(services.entropy);
                let fresh = match values {
                    Some(values) => FreshToken {
                        token: values.token.clone(),
                        secret: values.token_secret.clone(),
                        ..drawn
                    },
                    None => drawn,
                };
                services.activate_with(&row, &fresh)?
            } else {
                held
            };
            Ok(ReadyCredentials {
                id: row.id,
                name: row.name,
                consumer_key: held.consumer.key,
                consumer_secret: held.consumer.secret,
                token: held.token,
                token_secret: held.token_secret,
            })
        })
    }

    /// Makes an integration that waits for its activation.
    pub(super) fn make_inactive(&self, wanted: &ReadyIntegration) -> Result<Integration, Refusal> {
        self.with_integrations(|services| row(services, wanted, None))
    }
}

fn row(
    services: Integrations<'_>,
    wanted: &ReadyIntegration,
    values: Option<&ReadyCredentials>,
) -> Result<Integration, Refusal> {
    if let Some(row) = services.storage.integration_named(&wanted.name)? {
        if let Some(permissions) = &wanted.permissions {
            let grant = services.grant_for(permissions);
            services.storage.set_grant(row.id, &grant)?;
        }
        return Ok(row);
    }
    let permissions = wanted.permissions.as_ref().unwrap_or(&Permissions::All);
    let (key, secret) = match values {
        Some(values) => (values.consumer_key.clone(), values.consumer_secret.clone()),
        None => services.fresh_consumer(),
    };
    services.insert_with(wanted.row(), permissions, &key, &secret)
}
