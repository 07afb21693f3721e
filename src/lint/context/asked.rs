//! What setup scripts ask a store for.

use crate::module::ModuleSet;
use crate::module::setup::Asks;
use std::collections::HashSet;

/// What the setup scripts of all modules ask the store for; only looked at for an integration of the older files.
#[derive(Debug, Default)]
pub(super) struct Scripts<'set> {
    /// Integrations whose contact data a script brings itself.
    pub(super) handed_over: HashSet<&'set str>,
    /// Integrations that a script has made from files.
    pub(super) named: HashSet<&'set str>,
    /// Whether a script asks for what only a running store knows.
    pub(super) has_unread: bool,
}

impl<'set> Scripts<'set> {
    pub(super) fn new(set: &'set ModuleSet) -> Self {
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
