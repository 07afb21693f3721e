//! Module folders, and the integrations that they declare: what every `setup:upgrade` does (docs/protocol/config-integrations.md).
//!
//! Decisions stand in [`plan`]; here they meet the rows. Folders are read when they are applied; what they say of integrations is read
//! again whenever a request asks for an integration that came from them.

use std::sync::PoisonError;

use crate::acl::{Release, ResourceId};
use crate::integration::plan::{self, Action, Contact, Declared, Existing};
use crate::integration::{IntegrationId, SetupType, Status};
use crate::module::{FileKind, Merged, Mode as Validation, ModuleSet, Stop};
use crate::oauth::ParentRule;
use crate::source;
use crate::storage::{self, IntegrationChange, NewIntegration};

use super::applied::{Applied, ModulesError};
use super::integrations::{DeclaredResources, Integrations, Refusal};
use super::mode::Mode;
use super::permissions::Permissions;
use super::{Store, scripts};

impl Store {
    /// Runs `work` with the services over this store's rows.
    pub fn with_integrations<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        let tree = self.tree();
        work(Integrations {
            storage: self.storage(),
            clock: self.clock(),
            entropy: self.entropy(),
            profile: self.profile(),
            tree: &tree,
            sweep: &|| self.sweep_tokens(),
            declared: &|| self.declared_now(),
            faults: self.faults(),
        })
    }

    /// What module files declare at this moment, applied or not: a store never caches these files.
    fn declared_now(&self) -> Result<DeclaredResources, ModulesError> {
        if self.options().modules.is_empty() {
            return Ok(DeclaredResources::default());
        }
        let (set, merged) = self.read_modules()?;
        let kinds = [FileKind::Consolidated, FileKind::IntegrationApi];
        let mut stops = merged.stops.iter();
        match stops.find(|stop| kinds.contains(&stop.kind)) {
            Some(stop) => Err(stopped(&set, stop)),
            None => Ok(lists(&merged, &self.declared_in(&merged))),
        }
    }

    pub(super) fn read_modules(&self) -> Result<(ModuleSet, Merged), ModulesError> {
        let mut files = source::read_modules(&self.options().modules)?;
        if let Some(faults) = self.faults() {
            faults.files(&mut files);
        }
        let set = ModuleSet::read(&files);
        let mode = match self.options().mode {
            Mode::Developer => Validation::Strict,
            Mode::Default | Mode::Production => Validation::Lax,
        };
        let merged = Merged::new(&set, Release::default(), mode);
        Ok((set, merged))
    }

    fn declared_in(&self, merged: &Merged) -> Vec<Declared> {
        match self.profile().parent_rule {
            ParentRule::Measured => merged.integrations(),
            ParentRule::Documented => merged.integrations_as_documented(),
        }
    }

    /// Whether an integration that `integration.xml` names waits for its activation after a reset (docs/protocol/config-integrations.md#what-an-upgrade-does-to-an-existing-row).
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_reset_integration(&self) -> storage::Result<bool> {
        let rows = self.storage().integrations()?;
        let named = self.named_integrations.read();
        let named = named.unwrap_or_else(PoisonError::into_inner);
        Ok(rows
            .iter()
            .any(|row| row.status == Status::Recreated && named.contains(&row.name)))
    }

    /// Reads the module folders of the options and does what `setup:upgrade` does: the ACL tree is built anew, integrations are made,
    /// kept or reset. Part of every start.
    ///
    /// # Errors
    /// A [`ModulesError`]. Nothing is changed by a folder that cannot be read or a file that stops a store.
    pub fn apply_modules(&self) -> Result<Applied, ModulesError> {
        let (set, merged) = self.read_modules()?;
        let scripts = scripts::running(&set, &merged);
        for note in scripts::unmade(&set) {
            tracing::warn!("{note}");
        }
        // Nothing but a script has a store read `config.xml`.
        let is_read = |stop: &&Stop| {
            stop.kind != FileKind::IntegrationConfig
                || scripts.iter().any(scripts::Scripts::reads_config)
        };
        if let Some(stop) = merged.stops.iter().find(is_read) {
            return Err(stopped(&set, stop));
        }
        if !self.options().modules.is_empty() {
            self.replace_tree(merged.tree.clone());
            self.replace_routes(merged.routes.clone());
        }
        let names = merged.order.iter().map(|place| set.modules[*place].name());
        *self
            .module_names
            .write()
            .unwrap_or_else(PoisonError::into_inner) = names.map(str::to_owned).collect();
        let declared = self.declared_in(&merged);
        let from_files = declared.iter().map(|integration| integration.name.clone());
        *self
            .named_integrations
            .write()
            .unwrap_or_else(PoisonError::into_inner) = from_files.collect();
        let mut applied = Applied {
            switched_off: switched_off(&set),
            ..Applied::default()
        };
        let mut actions = plan::plan(&declared, &self.existing()?, &self.tree());
        if let Some(faults) = self.faults() {
            faults.planned(self, &mut actions);
        }
        self.carry_out_plan(actions, &mut applied)?;
        self.run_setup_scripts((&set, &scripts), &merged, &mut applied)?;
        Ok(applied)
    }

    pub(super) fn existing(&self) -> storage::Result<Vec<Existing>> {
        let rows = self.storage().integrations()?.into_iter();
        rows.map(|integration| {
            let grant = self.storage().grant(integration.id)?;
            Ok(Existing { integration, grant })
        })
        .collect()
    }

    pub(super) fn carry_out_plan(
        &self,
        actions: Vec<Action>,
        applied: &mut Applied,
    ) -> Result<(), ModulesError> {
        for action in actions {
            match action {
                Action::Create {
                    contact,
                    resources,
                    status,
                } => {
                    applied.created.push(contact.name.clone());
                    self.make(contact, resources, status)?;
                }
                Action::Keep { id } => applied.kept.push(self.name_of(id)?),
                Action::Update {
                    id,
                    contact,
                    resources,
                } => {
                    applied.updated.push(contact.name.clone());
                    self.write(id, contact, resources)?;
                }
                Action::Reset {
                    id,
                    contact,
                    resources,
                    status,
                    ..
                } => {
                    applied.reset.push(contact.name.clone());
                    self.make_instead(Some(id), contact, resources, status)?;
                }
                Action::Fail {
                    name,
                    saved,
                    sentence,
                } => {
                    if let Some(contact) = saved {
                        match self.storage().integration_named(&contact.name)? {
                            Some(row) => self.write_contact(row.id, contact)?,
                            None => self.make(contact, Vec::new(), Status::Inactive)?,
                        }
                    }
                    return Err(ModulesError::Declaration { name, sentence });
                }
            }
        }
        Ok(())
    }

    fn make(
        &self,
        contact: Contact,
        resources: Vec<ResourceId>,
        status: Status,
    ) -> Result<(), ModulesError> {
        self.make_instead(None, contact, resources, status)
    }

    fn make_instead(
        &self,
        of: Option<IntegrationId>,
        contact: Contact,
        resources: Vec<ResourceId>,
        status: Status,
    ) -> Result<(), ModulesError> {
        let new = NewIntegration {
            name: contact.name,
            email: contact.email.unwrap_or_default(),
            endpoint: contact.endpoint,
            identity_link_url: contact.identity_link_url,
            status,
            setup_type: SetupType::ConfigFile,
        };
        let name = new.name.clone();
        let permissions = Permissions::Listed(resources);
        let made = self.with_integrations(|services| match of {
            Some(id) => services.insert_instead(id, new, &permissions),
            None => services.insert(new, &permissions),
        });
        match made {
            Ok(_) => Ok(()),
            Err(Refusal::Storage(error)) => Err(error.into()),
            Err(Refusal::NameTaken(taken)) => Err(ModulesError::Declaration {
                sentence: storage::Error::NameTaken(taken).to_string(),
                name,
            }),
            Err(refusal) => Err(ModulesError::Declaration {
                sentence: refusal.to_string(),
                name,
            }),
        }
    }

    fn write(
        &self,
        id: IntegrationId,
        contact: Contact,
        resources: Vec<ResourceId>,
    ) -> Result<(), ModulesError> {
        let grant =
            self.with_integrations(|services| services.grant_for(&Permissions::Listed(resources)));
        let change = contact_change(contact);
        self.storage()
            .change_integration(id, &change, Some(&grant))?;
        Ok(())
    }

    /// Writes what a declaration sets over a row, which belongs to the files from then on.
    fn write_contact(&self, id: IntegrationId, contact: Contact) -> storage::Result<()> {
        let change = contact_change(contact);
        self.storage().change_integration(id, &change, None)?;
        Ok(())
    }

    fn name_of(&self, id: IntegrationId) -> storage::Result<String> {
        let row = self.storage().integration(id)?;
        Ok(row.map(|row| row.name).unwrap_or_default())
    }
}

fn contact_change(contact: Contact) -> IntegrationChange {
    IntegrationChange {
        name: Some(contact.name),
        email: contact.email,
        endpoint: contact.endpoint,
        identity_link_url: contact.identity_link_url,
        setup_type: Some(SetupType::ConfigFile),
        status: None,
    }
}

/// The modules that the configuration of the store switches off, each told in the log.
fn switched_off(set: &ModuleSet) -> Vec<String> {
    let mut names = Vec::new();
    for module in &set.modules {
        if let Some(off) = set.switched_off(module) {
            let file = set.sources.path(off.source);
            tracing::warn!(
                module = off.value,
                file,
                "switched off: its files are ignored"
            );
            names.push(off.value.clone());
        }
    }
    names
}

/// The lists of the files: `api.xml` first, `integration.xml` over it; all-digit names get lost in between.
fn lists(merged: &Merged, declared: &[Declared]) -> DeclaredResources {
    let api = merged.api.iter();
    let mut lists: DeclaredResources = api
        .map(|(name, integration)| (name.to_string(), integration.resource_ids()))
        .collect();
    for integration in declared {
        let list = integration.resources.clone().unwrap_or_default();
        lists.insert(integration.name.clone(), list);
    }
    lists.retain(|name, _| !name.bytes().all(|byte| byte.is_ascii_digit()));
    lists
}

fn stopped(set: &ModuleSet, stop: &Stop) -> ModulesError {
    ModulesError::Stop {
        place: place_of(set, stop.diagnostic.span.start(), stop.diagnostic.source),
        sentence: stop.literal.clone(),
    }
}

fn place_of(set: &ModuleSet, offset: usize, source: crate::diagnostic::SourceId) -> String {
    set.sources.get(source).map_or_else(
        || "module files".to_owned(),
        |source| {
            let at = source.position(offset);
            format!("{}:{}:{}", source.path, at.line, at.column)
        },
    )
}
