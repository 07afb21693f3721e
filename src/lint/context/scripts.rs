//! What setup scripts say of the integrations that modules declare.

use std::collections::HashSet;

use super::Context;
use crate::module::ModuleSet;
use crate::module::integration::IntegrationDeclaration;
use crate::module::setup::Asks;

/// What the setup scripts of all modules ask the store for; only looked at for an integration of the older files.
#[derive(Debug, Default)]
pub(super) struct Scripts<'set> {
    /// Integrations whose contact data a script brings itself.
    handed_over: HashSet<&'set str>,
    /// Integrations that a script has made from files.
    named: HashSet<&'set str>,
    /// Whether a script asks for what only a running store knows.
    has_unread: bool,
}

impl<'set> Scripts<'set> {
    fn new(set: &'set ModuleSet) -> Self {
        let mut scripts = Self::default();
        for call in set.modules.iter().flat_map(|module| &module.setup.calls) {
            match &call.asks {
                Asks::ForData(data) => scripts
                    .handed_over
                    .extend(data.iter().map(|handed| handed.name.as_str())),
                Asks::ForOne(handed) => {
                    scripts.handed_over.insert(handed.name.as_str());
                }
                Asks::ForNames(names) => scripts
                    .named
                    .extend(names.iter().map(|name| name.value.as_str())),
                Asks::Unread => scripts.has_unread = true,
            }
        }
        scripts
    }
}

impl<'set> Context<'set> {
    /// Whether a setup script of any module hands contact data for this name over itself, or may do so.
    pub(in crate::lint) fn is_handed_over(&self, name: &str) -> bool {
        let scripts = self.scripts();
        scripts.has_unread || scripts.handed_over.contains(name)
    }

    /// Whether a setup script of any module names one of these, or may do so.
    pub(in crate::lint) fn is_named_by_script(
        &self,
        integrations: &[IntegrationDeclaration],
    ) -> bool {
        let scripts = self.scripts();
        let mut names = integrations.iter().filter_map(|one| one.name.as_ref());
        scripts.has_unread || names.any(|name| scripts.named.contains(name.value.as_str()))
    }

    fn scripts(&self) -> &Scripts<'set> {
        self.scripts.get_or_init(|| Scripts::new(self.set))
    }
}
