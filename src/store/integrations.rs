//! What the store does with integrations: save, delete, permissions, tokens (docs/protocol/config-integrations.md#who-makes-a-row and docs/protocol/admin-panel.md#the-form; docs/protocol/flow.md#states-of-an-integration).
//!
//! Decisions stand in [`crate::integration`]; here they meet the rows. Sentences and pages are the panel's.

use indexmap::IndexMap;

use crate::acl::{Grant, ResourceId, ResourceTree};
use crate::integration::{
    self, Consumer, Deletion, Draft, DraftRefusal, Integration, IntegrationId, SetupType,
};
use crate::oauth::{ParentRule, Profile};
use crate::random::{self, Entropy};
use crate::secret::Secret;
use crate::storage::{self, IntegrationChange, Making, NewIntegration, Storage};
use crate::time::{Clock, MovableClock};
use crate::wire::Blocking;

use super::applied::ModulesError;
use super::callback;
use super::defects::{Faults, Granting, Guard};
use super::permissions::Permissions;

/// The resources that module files declare, by integration name (docs/protocol/config-integrations.md#who-makes-a-row).
pub type DeclaredResources = IndexMap<String, Vec<ResourceId>>;

/// Why a service did not do what it was asked. Each has its sentence in the panel's table.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No integration has this id, as it was asked for.
    #[error("no integration has the id `{0}`")]
    Unknown(String),
    /// Another integration has this name.
    #[error("an integration named `{0}` exists")]
    NameTaken(String),
    /// The draft breaks a rule.
    #[error("the draft is refused: {0:?}")]
    Draft(DraftRefusal),
    /// The integration came from a module and is deleted by uninstalling it.
    #[error("the integration `{0}` comes from a module")]
    FromModule(String),
    /// The row says it came from a module's file, but no file names it.
    #[error("no module declares the integration `{0}`")]
    Undeclared(String),
    /// Module files cannot be read, or one of them stops a store.
    #[error(transparent)]
    Files(#[from] ModulesError),
    /// The credentials POST got no HTTP answer; what was done before it stays.
    #[error(transparent)]
    NoAnswer(#[from] callback::NoAnswer),
    /// The keeper failed.
    #[error(transparent)]
    Storage(storage::Error),
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::NameTaken(name) => Self::NameTaken(name),
            database @ (storage::Error::Database { .. } | storage::Error::Unreachable { .. }) => {
                Self::Storage(database)
            }
        }
    }
}

/// The four values of a consumer and its access token; token and secret are empty unless the first row is an access token.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Key and secret.
    pub consumer: Consumer,
    /// Access token.
    pub token: String,
    /// Access token secret.
    pub token_secret: Secret,
}

/// What a token exchange needs beside the rows.
#[derive(Clone, Copy, Debug)]
pub struct Posting<'a> {
    /// Posted as `store_base_url`; ends in one slash.
    pub store_base_url: &'a str,
    /// How long the whole transfer may take, and how many redirects are followed.
    pub limits: callback::Limits,
    /// Sends it.
    pub sender: &'a Blocking,
    /// Tells it how long it has taken.
    pub clock: &'a MovableClock,
}

/// The services, over the parts of a store that they need.
#[derive(Clone, Copy)]
pub struct Integrations<'a> {
    /// Where the rows are.
    pub storage: &'a dyn Storage,
    /// Tells the time.
    pub clock: &'a dyn Clock,
    /// Draws keys and tokens.
    pub entropy: &'a dyn Entropy,
    /// Parent rule, URL rule, `User-Agent`.
    pub profile: &'static Profile,
    /// What can be granted.
    pub tree: &'a ResourceTree,
    /// Follows every save of a token row.
    pub sweep: &'a dyn Fn() -> storage::Result<()>,
    /// Reads what module files declare.
    pub declared: &'a dyn Fn() -> Result<DeclaredResources, ModulesError>,
    /// What the store does wrong on purpose.
    pub faults: Option<&'a Faults>,
}

impl Integrations<'_> {
    /// The integration of this id; `asked` is printed when there is none.
    ///
    /// # Errors
    /// [`Refusal::Unknown`]; [`Refusal::Undeclared`] for a row whose module is gone, [`Refusal::Files`] when its files are broken.
    pub fn load(&self, id: IntegrationId, asked: &str) -> Result<Integration, Refusal> {
        let integration = self
            .storage
            .integration(id)?
            .ok_or_else(|| Refusal::Unknown(asked.to_owned()))?;
        if integration.setup_type == SetupType::ConfigFile {
            self.declared_for(&integration)?;
        }
        Ok(integration)
    }

    /// Adds an integration with its consumer and grant; no token yet.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`], [`Refusal::Draft`].
    pub fn create(&self, draft: &Draft, permissions: &Permissions) -> Result<Integration, Refusal> {
        draft
            .check(None, self.validates_links())
            .map_err(Refusal::Draft)?;
        let blank = Integration {
            id: IntegrationId(0),
            name: String::new(),
            email: String::new(),
            endpoint: None,
            identity_link_url: None,
            status: integration::Status::Inactive,
            setup_type: SetupType::Manual,
            consumer_id: None,
        };
        let row = draft.over(&blank);
        self.insert(
            NewIntegration {
                name: row.name,
                email: row.email,
                endpoint: row.endpoint,
                identity_link_url: row.identity_link_url,
                status: row.status,
                setup_type: row.setup_type,
            },
            permissions,
        )
        .map_err(|refusal| typed_name(refusal, draft))
    }

    /// Adds a row as it is, its consumer and its grant.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`].
    pub fn insert(
        &self,
        new: NewIntegration,
        permissions: &Permissions,
    ) -> Result<Integration, Refusal> {
        let (key, secret) = self.fresh_consumer();
        self.make(new, permissions, (&key, &secret), None)
    }

    /// [`insert`](Self::insert), in the place of a row that goes; its consumer and tokens stay.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`].
    pub fn insert_instead(
        &self,
        of: IntegrationId,
        new: NewIntegration,
        permissions: &Permissions,
    ) -> Result<Integration, Refusal> {
        let (key, secret) = self.fresh_consumer();
        self.make(new, permissions, (&key, &secret), Some(of))
    }

    /// [`insert`](Self::insert), with this consumer key and secret.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`].
    pub fn insert_with(
        &self,
        new: NewIntegration,
        permissions: &Permissions,
        key: &str,
        secret: &Secret,
    ) -> Result<Integration, Refusal> {
        self.make(new, permissions, (key, secret), None)
    }

    fn make(
        &self,
        new: NewIntegration,
        permissions: &Permissions,
        (key, secret): (&str, &Secret),
        instead_of: Option<IntegrationId>,
    ) -> Result<Integration, Refusal> {
        Ok(self.storage.make_integration(Making {
            row: new,
            grant: &self.granted(permissions, None)?,
            consumer_key: key,
            consumer_secret: secret,
            instead_of,
        })?)
    }

    /// The key and the secret of a new consumer.
    pub(super) fn fresh_consumer(&self) -> (String, Secret) {
        let key = random::value(self.entropy);
        (key, Secret::new(random::value(self.entropy)))
    }

    /// Lays `draft` over the row and replaces its grant. What the draft does not name is not written: a status that an exchange sets
    /// meanwhile stays.
    ///
    /// # Errors
    /// [`Refusal::NameTaken`], [`Refusal::Draft`]; [`Refusal::Unknown`] when the row went meanwhile.
    pub fn update(
        &self,
        stored: &Integration,
        draft: &Draft,
        permissions: &Permissions,
    ) -> Result<Integration, Refusal> {
        let checked = self.makes(Guard::ModuleSave).then_some(stored);
        draft
            .check(checked, self.validates_links())
            .map_err(Refusal::Draft)?;
        let change = named_by(draft, stored);
        let grant = self.granted(permissions, Some(stored.id))?;
        self.storage
            .change_integration(stored.id, &change, Some(&grant))
            .map_err(|error| typed_name(error.into(), draft))?
            .ok_or_else(|| Refusal::Unknown(stored.id.to_string()))
    }

    /// Removes a manual integration with its consumer, tokens, nonces and grant.
    ///
    /// # Errors
    /// [`Refusal::FromModule`] for one that came from a module.
    pub fn delete(&self, integration: &Integration) -> Result<(), Refusal> {
        match integration::deletion(integration) {
            Deletion::Refused if self.makes(Guard::ModuleDeletion) => {
                return Err(Refusal::FromModule(integration.name.clone()));
            }
            Deletion::Everything | Deletion::Refused if !self.makes(Guard::ConsumerGoes) => {
                self.storage.remove_integration(integration.id)?;
            }
            Deletion::Everything | Deletion::Refused => {
                self.storage.erase_integration(integration.id)?;
            }
        }
        Ok(())
    }

    /// The grant that `permissions` become under the profile's parent rule.
    #[must_use]
    pub fn grant_for(&self, permissions: &Permissions) -> Grant {
        match (permissions, self.profile.parent_rule) {
            (Permissions::All, _) => Grant::All,
            (Permissions::Listed(list), ParentRule::Measured) => Grant::measured(self.tree, list),
            (Permissions::Listed(list), ParentRule::Documented) => {
                Grant::documented(self.tree, list)
            }
        }
    }

    /// The list that an integration asks for: from the files for one that came from a module, else read back from its grant
    /// (docs/protocol/config-integrations.md#who-makes-a-row and docs/protocol/admin-panel.md#routes).
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn requested(&self, integration: &Integration) -> Result<Vec<ResourceId>, Refusal> {
        if integration.setup_type == SetupType::ConfigFile {
            return self.declared_for(integration);
        }
        Ok(match self.storage.grant(integration.id)? {
            Grant::Nothing => Vec::new(),
            Grant::All => vec![ResourceId::from(ResourceId::EVERYTHING)],
            Grant::Selected(ids) => ids.into_iter().collect(),
        })
    }

    fn declared_for(&self, integration: &Integration) -> Result<Vec<ResourceId>, Refusal> {
        let list = (self.declared)()?.swap_remove(&integration.name);
        list.ok_or_else(|| Refusal::Undeclared(integration.name.clone()))
    }

    /// What `permissions` become, for a new row or for this one.
    fn granted(
        &self,
        permissions: &Permissions,
        row: Option<IntegrationId>,
    ) -> Result<Grant, Refusal> {
        let grant = self.grant_for(permissions);
        let Some(faults) = self.faults else {
            return Ok(grant);
        };
        let before = row.map(|id| self.storage.grant(id)).transpose()?;
        Ok(faults.granting(
            &Granting {
                permissions,
                before,
            },
            grant,
        ))
    }

    fn makes(&self, guard: Guard) -> bool {
        self.faults.is_none_or(|faults| faults.makes(guard))
    }

    fn validates_links(&self) -> bool {
        self.profile.identity_link_validated && self.makes(Guard::IdentityLink)
    }
}

/// What a save writes: the fields that it names. A real store writes back the status as well that it loaded before it checked the password
/// (docs/protocol/flow.md): a defect that shows what becomes of that belongs here.
fn named_by(draft: &Draft, stored: &Integration) -> IntegrationChange {
    let laid = draft.over(stored);
    IntegrationChange {
        name: draft.name.is_some().then_some(laid.name),
        email: draft.email.is_some().then_some(laid.email),
        endpoint: laid.endpoint.filter(|_| draft.endpoint.is_some()),
        identity_link_url: laid
            .identity_link_url
            .filter(|_| draft.identity_link_url.is_some()),
        status: draft.status,
        setup_type: draft.setup_type,
    }
}

/// The sentence names what was typed, not what is stored.
fn typed_name(refusal: Refusal, draft: &Draft) -> Refusal {
    match (refusal, &draft.name) {
        (Refusal::NameTaken(_), Some(typed)) => Refusal::NameTaken(typed.clone()),
        (other, _) => other,
    }
}
