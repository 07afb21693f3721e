//! The setup scripts of module folders: what they ask for, done as a store does it, once for each module.

use crate::acl::ResourceId;
use crate::integration::plan::{self, Declared};
use crate::integration::{SetupType, Status};
use crate::module::setup::{Asks, Entry, Fate, Handed, PROCESSORS, SetupCall};
use crate::module::{Merged, Module, ModuleSet};
use crate::storage::NewIntegration;

use super::Store;
use super::applied::{Applied, ModulesError};
use super::integrations::Refusal;
use super::permissions::Permissions;

/// What the scripts of a module ask for, in the order of their run.
pub(super) struct Scripts<'set> {
    module: &'set Module,
    calls: Vec<&'set SetupCall>,
}

impl Scripts<'_> {
    /// Whether a run of them has a store read `config.xml`.
    pub(super) fn reads_config(&self) -> bool {
        self.calls
            .iter()
            .any(|call| matches!(call.asks, Asks::ForNames(_)))
    }
}

/// The scripts that a store runs, by module in load order: those that need a `setup_version` run only where there is one.
pub(super) fn running<'set>(set: &'set ModuleSet, merged: &Merged) -> Vec<Scripts<'set>> {
    let in_order = merged.order.iter().filter_map(|at| set.modules.get(*at));
    in_order
        .map(|module| Scripts {
            module,
            calls: calls(module).collect(),
        })
        .collect()
}

fn calls(module: &Module) -> impl Iterator<Item = &SetupCall> {
    let declaration = module.declaration.as_ref();
    let has_version = declaration.is_some_and(|found| found.setup_version.is_some());
    let calls = module.setup.calls.iter();
    calls.filter(move |call| has_version || !call.entry.needs_setup_version())
}

/// What a store does not make of the modules, each with the reason; empty where everything is made that is named.
#[must_use]
pub(super) fn unmade(set: &ModuleSet) -> Vec<String> {
    let mut notes = Vec::new();
    for module in set.modules.iter().filter(|module| !module.is_core) {
        let name = module.name();
        for script in &module.setup.scripts {
            let path = set.sources.path(script.source);
            match &script.fate {
                Fate::OtherClass { expected, entry } if *entry != Entry::Uninstall => notes.push(format!(
                    "`{path}` is not run: a store looks for the class `{expected}` in it"
                )),
                Fate::OtherPlace if !script.is_reached => notes.push(format!(
                    "`{path}` is not run: a store looks for scripts in `Setup`, by their names, and in `Setup/Patch/Data` and `Setup/Patch/Schema`"
                )),
                _ => {}
            }
        }
        let all = module.setup.calls.len();
        let running = calls(module).count();
        if running < all {
            notes.push(format!(
                "the install and upgrade scripts of `{name}` are not run: `module.xml` has no `setup_version`"
            ));
        }
        for call in calls(module).filter(|call| call.asks == Asks::Unread) {
            let place = set
                .sources
                .get(call.source)
                .map_or(1, |source| source.position(call.span.start()).line);
            notes.push(format!(
                "a setup script of `{name}` names an integration in a way that is not read here: `{}` at {}:{place}",
                call.method,
                set.sources.path(call.source)
            ));
        }
        // Files without any PHP beside them are no whole module.
        let is_whole = module.registrations.is_some();
        if !module.config.is_empty() && running == 0 && is_whole {
            notes.push(match module.setup.elsewhere.first() {
                Some((source, _)) => format!(
                    "`config.xml` of `{name}` is processed by `{}`, which no setup script calls",
                    set.sources.path(*source)
                ),
                None => format!(
                    "no setup script of `{name}` processes its `config.xml`; one has to call `{}`",
                    PROCESSORS[0]
                ),
            });
        }
    }
    notes
}

impl Store {
    /// What a store does not make of the module folders, each with the reason.
    ///
    /// # Errors
    /// When the folders cannot be read.
    pub fn unmade_integrations(&self) -> Result<Vec<String>, ModulesError> {
        if self.options().modules.is_empty() {
            return Ok(Vec::new());
        }
        let (set, _) = self.read_modules()?;
        Ok(unmade(&set))
    }

    /// Runs what is due, after the files were applied: install scripts once, upgrade scripts whenever `setup_version` has grown, a patch once,
    /// recurring scripts always (measured 2.4.7-p3).
    pub(super) fn run_setup_scripts(
        &self,
        (set, scripts): (&ModuleSet, &[Scripts<'_>]),
        merged: &Merged,
        applied: &mut Applied,
    ) -> Result<(), ModulesError> {
        let declared = merged.named();
        for Scripts { module, calls } in scripts {
            if calls.is_empty() {
                continue;
            }
            let mark = format!("magespec/setup_scripts/{}", module.name());
            let before = self.storage().setting(&mark)?;
            let version = module.declaration.as_ref();
            let version = version.and_then(|found| found.setup_version.as_ref());
            let version = version.map_or_else(String::new, |version| version.value.to_string());
            let mut patches = Vec::new();
            for call in calls {
                let source = set.sources.path(call.source);
                let file = source.rsplit("/Setup/").next().unwrap_or(source);
                let patch = format!("{mark}/{file}");
                let is_due = match call.entry {
                    Entry::InstallSchema | Entry::InstallData => before.is_none(),
                    Entry::UpgradeSchema | Entry::UpgradeData => before
                        .as_ref()
                        .is_none_or(|before| is_later(&version, before)),
                    Entry::SchemaPatch | Entry::DataPatch => {
                        self.storage().setting(&patch)?.is_none()
                    }
                    Entry::Recurring | Entry::RecurringData => true,
                    Entry::Uninstall => false,
                };
                if !is_due {
                    continue;
                }
                if matches!(call.entry, Entry::SchemaPatch | Entry::DataPatch) {
                    patches.push(patch);
                }
                match &call.asks {
                    Asks::ForNames(names) => {
                        let names: Vec<String> =
                            names.iter().map(|name| name.value.clone()).collect();
                        let actions = plan::plan_named(&names, &declared, &self.existing()?);
                        self.carry_out_plan(actions, applied)?;
                    }
                    Asks::ForData(data) => {
                        let wanted: Vec<Declared> = data
                            .iter()
                            .map(|handed| with_list(handed, merged))
                            .collect();
                        let actions = plan::plan(&wanted, &self.existing()?, &self.tree());
                        self.carry_out_plan(actions, applied)?;
                    }
                    Asks::ForOne(handed) => self.make_one(handed, merged, applied)?,
                    Asks::Unread => {}
                }
            }
            for patch in &patches {
                self.storage().set_setting(patch, Some("1"))?;
            }
            self.storage().set_setting(&mark, Some(&version))?;
        }
        Ok(())
    }

    /// An integration that a script makes through the service, as a person would in the panel; scripts look first whether it is there.
    fn make_one(
        &self,
        handed: &Handed,
        merged: &Merged,
        applied: &mut Applied,
    ) -> Result<(), ModulesError> {
        if self.storage().integration_named(&handed.name)?.is_some() {
            return Ok(());
        }
        let is_from_files = handed.setup_type == Some(1);
        let permissions = if handed.all_resources {
            Permissions::All
        } else if is_from_files {
            Permissions::Listed(merged.list(&handed.name).unwrap_or_default())
        } else {
            let ids = handed.resources.iter();
            Permissions::Listed(ids.map(|id| ResourceId::from(id.as_str())).collect())
        };
        let new = NewIntegration {
            name: handed.name.clone(),
            email: handed.email.clone().unwrap_or_default(),
            endpoint: handed.endpoint.clone(),
            identity_link_url: handed.identity_link_url.clone(),
            status: match handed.status {
                Some(1) => Status::Active,
                Some(2) => Status::Recreated,
                _ => Status::Inactive,
            },
            setup_type: if is_from_files {
                SetupType::ConfigFile
            } else {
                SetupType::Manual
            },
        };
        match self.with_integrations(|services| services.insert(new, &permissions)) {
            Ok(_) => {
                applied.created.push(handed.name.clone());
                Ok(())
            }
            Err(Refusal::Storage(error)) => Err(error.into()),
            Err(refusal) => Err(ModulesError::Declaration {
                name: handed.name.clone(),
                sentence: refusal.to_string(),
            }),
        }
    }
}

/// Whether a version comes after another: numbers between dots, as `setup_version` has them.
fn is_later(version: &str, other: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        let parts = text.split('.');
        parts.map(|part| part.parse().unwrap_or_default()).collect()
    };
    numbers(version) > numbers(other)
}

/// What a script hands over, with the list that the files have under its name.
fn with_list(handed: &Handed, merged: &Merged) -> Declared {
    Declared {
        name: handed.name.clone(),
        email: handed.email.clone(),
        endpoint: handed.endpoint.clone(),
        identity_link_url: handed.identity_link_url.clone(),
        resources: merged.list(&handed.name),
    }
}
