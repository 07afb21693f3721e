use indexmap::IndexSet;

use super::{ResourceId, ResourceTree};

/// What an integration was allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grant {
    /// No rule at all.
    #[default]
    Nothing,
    /// One rule for everything, known or unknown.
    All,
    /// A rule for each known id: these are allowed, the rest denied.
    Selected(IndexSet<ResourceId>),
}

impl Grant {
    /// What a store stores for a list, measured (docs/protocol/acl.md#what-a-grant-becomes): nothing for an empty list, everything for exactly
    /// `Magento_Backend::all`, else the listed ids that the tree knows and `Magento_Backend::admin`.
    #[must_use]
    pub fn measured(tree: &ResourceTree, list: &[ResourceId]) -> Self {
        match list {
            [] => Self::Nothing,
            [only] if only.as_str() == ResourceId::EVERYTHING => Self::All,
            _ => {
                let admin = ResourceId::from(ResourceId::ADMIN);
                let wanted = list.iter().chain([&admin]);
                Self::Selected(tree.in_order(wanted).into_iter().collect())
            }
        }
    }

    /// What the guides promise for a list: a resource is granted exactly when it and all its ancestors below
    /// `Magento_Backend::admin` are declared, and `Magento_Backend::all` grants everything wherever it stands. Declaring more never
    /// revokes. `Magento_Backend::admin` comes with any list that is not empty, as measured.
    #[must_use]
    pub fn documented(tree: &ResourceTree, list: &[ResourceId]) -> Self {
        if list.iter().any(|id| id.as_str() == ResourceId::EVERYTHING) {
            return Self::All;
        }
        let measured = Self::measured(tree, list);
        let Self::Selected(ref declared) = measured else {
            return measured;
        };
        let whole = |id: &&ResourceId| {
            tree.parent_chain(id.as_str())
                .is_some_and(|chain| chain.iter().all(|link| declared.contains(link)))
        };
        Self::Selected(declared.iter().filter(whole).cloned().collect())
    }

    /// The allowed ids that the tree knows, in tree order: what a store reads back from its rows (docs/protocol/config-integrations.md#who-makes-a-row).
    #[must_use]
    pub fn allowed_ids(&self, tree: &ResourceTree) -> Vec<ResourceId> {
        match self {
            Self::Nothing => Vec::new(),
            Self::All => vec![ResourceId::from(ResourceId::EVERYTHING)],
            Self::Selected(allowed) => tree.in_order(allowed),
        }
    }

    /// Whether a route that asks for `id` is open. An id that the tree does not know is open only to a holder of everything
    /// (docs/protocol/acl.md#two-rules-side-by-side).
    #[must_use]
    pub fn allows(&self, tree: &ResourceTree, id: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Selected(allowed) if tree.contains(id) => allowed.contains(id),
            Self::Selected(allowed) => allowed.contains(ResourceId::EVERYTHING),
        }
    }
}
