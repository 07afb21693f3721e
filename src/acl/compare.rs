use indexmap::IndexSet;

use super::{Grant, ResourceId, ResourceTree, expand};

/// Where a list of resources was declared; it decides what a store makes of the list (docs/protocol/acl.md#how-integrationxml-adds-parents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListSource {
    /// `etc/integration/api.xml`, or a posted form: taken as it stands.
    Verbatim,
    /// `etc/integration.xml`: parents are added, unknown ids dropped.
    Consolidated,
}

impl ListSource {
    /// The list as it reaches the granting step of a store.
    #[must_use]
    pub fn effective(self, tree: &ResourceTree, declared: &[ResourceId]) -> Vec<ResourceId> {
        match self {
            Self::Verbatim => declared.to_vec(),
            Self::Consolidated => expand(tree, declared),
        }
    }
}

/// What a store grants for a declared list beside what the guides promise for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What stores grant.
    pub measured: Grant,
    /// What the guides promise.
    pub documented: Grant,
    /// Known ids that only stores grant, in tree order.
    pub only_measured: Vec<ResourceId>,
    /// Known ids that only the guides promise, in tree order.
    pub only_documented: Vec<ResourceId>,
    /// Ids to declare as well so that both rules agree, in tree order: the missing ancestors.
    pub add: Vec<ResourceId>,
    /// Declared ids to take out so that both rules agree, in declared order.
    pub remove: Vec<ResourceId>,
}

impl Comparison {
    /// Compares both rules for `declared`.
    #[must_use]
    pub fn new(tree: &ResourceTree, declared: &[ResourceId], source: ListSource) -> Self {
        let measured = Grant::measured(tree, &source.effective(tree, declared));
        let documented = Grant::documented(tree, declared);
        let only = |one: &Grant, other: &Grant| -> Vec<ResourceId> {
            tree.ids()
                .iter()
                .filter(|id| one.allows(tree, id.as_str()) && !other.allows(tree, id.as_str()))
                .cloned()
                .collect()
        };
        let remove = removable(tree, declared, source);
        Self {
            only_measured: only(&measured, &documented),
            only_documented: only(&documented, &measured),
            add: missing_ancestors(tree, declared),
            remove,
            measured,
            documented,
        }
    }

    /// Whether both rules give the same grant.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.measured == self.documented
    }
}

/// The ancestors below the root that `declared` leaves out, in tree order; unknown ids have none.
#[must_use]
pub fn missing_ancestors(tree: &ResourceTree, declared: &[ResourceId]) -> Vec<ResourceId> {
    let listed: IndexSet<&ResourceId> = declared.iter().collect();
    let missing: IndexSet<ResourceId> = declared
        .iter()
        .flat_map(|id| tree.parent_chain(id.as_str()).unwrap_or_default())
        .filter(|id| !listed.contains(id))
        .collect();
    tree.ids()
        .iter()
        .filter(|id| missing.contains(*id))
        .cloned()
        .collect()
}

fn removable(tree: &ResourceTree, declared: &[ResourceId], source: ListSource) -> Vec<ResourceId> {
    let is_everything = |id: &ResourceId| id.as_str() == ResourceId::EVERYTHING;
    match source {
        ListSource::Verbatim if declared.len() > 1 => declared
            .iter()
            .filter(|id| is_everything(id))
            .cloned()
            .collect(),
        ListSource::Verbatim => Vec::new(),
        ListSource::Consolidated => {
            let nothing_left = expand(tree, declared).is_empty();
            let second_root = tree.roots().get(1).map(|root| &root.id);
            let foreign = |id: &ResourceId| {
                tree.contains(id.as_str()) && tree.root_of(id.as_str()) != second_root
            };
            declared
                .iter()
                .filter(|id| nothing_left || is_everything(id) || foreign(id))
                .cloned()
                .collect()
        }
    }
}
