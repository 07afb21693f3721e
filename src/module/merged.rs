use indexmap::IndexMap;

use super::baseline::Route;
use super::integration::IntegrationDeclaration;
use super::merger::Merger;
use super::stop::{Mode, Stop};
use super::{FileKind, ModuleSet, Spanned};
use crate::acl::{Grant, Release, ResourceId, ResourceTree, expand};
use crate::integration::plan::Declared;
use crate::text::Excerpt;
use crate::xml::schema::Violation;

/// What a store makes of its modules.
#[derive(Clone, Debug)]
pub struct Merged {
    /// Indices into [`ModuleSet::modules`], in load order, without modules that are switched off.
    pub order: Vec<usize>,
    /// The ACL tree of the release with that of the modules.
    pub tree: ResourceTree,
    /// The routes of the release with those of the modules.
    pub routes: Vec<Route>,
    /// `integration.xml`, by name, in order of first appearance.
    pub consolidated: IndexMap<Excerpt, IntegrationDeclaration>,
    /// `integration/config.xml`, likewise.
    pub config: IndexMap<Excerpt, IntegrationDeclaration>,
    /// `integration/api.xml`, likewise.
    pub api: IndexMap<Excerpt, IntegrationDeclaration>,
    /// What the schemas forbid in the merged documents; only in strict mode a store stops there.
    pub violations: Vec<(FileKind, Vec<Violation>)>,
    /// What makes the store stop; empty when all is well.
    pub stops: Vec<Stop>,
}

impl Merged {
    /// Orders and merges `set` on top of a stock store of `release`, as a store in `mode` does. Never fails as a whole: what would stop
    /// a store is in [`Merged::stops`], and the value is what could still be made of the rest.
    #[must_use]
    pub fn new(set: &ModuleSet, release: Release, mode: Mode) -> Self {
        let mut merger = Merger::new(set, release, mode);
        let tree = merger.tree();
        let routes = merger.routes();
        let consolidated = merger.integrations(FileKind::Consolidated);
        let config = merger.integrations(FileKind::IntegrationConfig);
        let api = merger.integrations(FileKind::IntegrationApi);
        Self {
            order: merger.order,
            tree,
            routes,
            consolidated,
            config,
            api,
            violations: merger.violations,
            stops: merger.stops,
        }
    }

    /// What every `setup:upgrade` works through: the integrations of `integration.xml` with their lists expanded
    /// (docs/protocol/acl.md#how-integrationxml-adds-parents and docs/protocol/config-integrations.md#what-an-upgrade-does-to-an-existing-row).
    #[must_use]
    pub fn integrations(&self) -> Vec<Declared> {
        self.consolidated
            .iter()
            .map(|(name, integration)| {
                let list = expand(&self.tree, &integration.resource_ids());
                declared(name, integration, Some(list))
            })
            .collect()
    }

    /// The same under the documented parent rule: the ids that the guides promise for the list as declared.
    #[must_use]
    pub fn integrations_as_documented(&self) -> Vec<Declared> {
        self.consolidated
            .iter()
            .map(|(name, integration)| {
                let grant = Grant::documented(&self.tree, &integration.resource_ids());
                declared(name, integration, Some(grant.allowed_ids(&self.tree)))
            })
            .collect()
    }

    /// What a setup script finds that calls `processIntegrationConfig`: the contact data of `config.xml`, with the list of
    /// `integration.xml` or else of `api.xml` (docs/protocol/config-integrations.md#who-makes-a-row).
    #[must_use]
    pub fn named(&self) -> IndexMap<String, Declared> {
        self.config
            .iter()
            .map(|(name, integration)| {
                let list = self.list(name);
                (name.to_string(), declared(name, integration, list))
            })
            .collect()
    }

    /// The list that the files have under a name: that of `integration.xml`, expanded, or else that of `api.xml`.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<Vec<ResourceId>> {
        match (self.consolidated.get(name), self.api.get(name)) {
            (Some(found), _) => Some(expand(&self.tree, &found.resource_ids())),
            (None, Some(found)) => Some(found.resource_ids()),
            (None, None) => None,
        }
    }
}

fn declared(
    name: &str,
    integration: &IntegrationDeclaration,
    resources: Option<Vec<ResourceId>>,
) -> Declared {
    let value =
        |value: &Option<Spanned<Excerpt>>| value.as_ref().map(|value| value.value.to_string());
    Declared {
        name: name.to_owned(),
        email: value(&integration.email),
        endpoint: value(&integration.endpoint_url),
        identity_link_url: value(&integration.identity_link_url),
        resources,
    }
}
