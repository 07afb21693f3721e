use indexmap::IndexSet;

use super::{ResourceId, ResourceTree};

/// The list that a store makes of the resources declared in `integration.xml` (docs/protocol/acl.md#how-integrationxml-adds-parents).
///
/// Each declared id becomes its chain from below the second root down to itself; unknown ids, the roots themselves and ids under any
/// other root vanish; what remains is led by `Magento_Backend::admin`, each id once, at its first place. A stock tree has
/// `Magento_Backend::admin` as second root; when a foreign root sorts before it, nothing declared is found and the list is empty.
#[must_use]
pub fn expand(tree: &ResourceTree, declared: &[ResourceId]) -> Vec<ResourceId> {
    let Some(second_root) = tree.roots().get(1) else {
        return Vec::new();
    };
    let mut list = IndexSet::new();
    for id in declared {
        if tree.root_of(id.as_str()) == Some(&second_root.id) && *id != second_root.id {
            list.extend(tree.parent_chain(id.as_str()).unwrap_or_default());
        }
    }
    if !list.is_empty() {
        list.shift_insert(0, ResourceId::from(ResourceId::ADMIN));
    }
    list.into_iter().collect()
}
