use std::collections::HashSet;

use super::{AclResource, ResourceId, ResourceTree};

/// How a box of the permission tree looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Not ticked, and nothing below it is.
    Unchecked,
    /// Not ticked, but something below it is.
    Undetermined,
    /// Ticked.
    Checked,
}

/// The permission tree of the form as a person uses it (docs/protocol/acl.md#the-tree): the resources below `Magento_Backend::admin`,
/// three-state switched off, cascading upwards only as *undetermined*. A pure model, for the panel and for those who drive it.
#[derive(Clone, Debug)]
pub struct CheckboxTree<'tree> {
    tree: &'tree ResourceTree,
    checked: HashSet<ResourceId>,
}

impl<'tree> CheckboxTree<'tree> {
    /// The tree as the form opens it for a stored list: exactly the stored ids that it shows are ticked.
    #[must_use]
    pub fn open(tree: &'tree ResourceTree, stored: &[ResourceId]) -> Self {
        let mut opened = Self {
            tree,
            checked: HashSet::new(),
        };
        opened.checked = stored
            .iter()
            .filter(|id| opened.shows(id.as_str()))
            .cloned()
            .collect();
        opened
    }

    /// Whether the tree has a box for this id. The roots have none.
    #[must_use]
    pub fn shows(&self, id: &str) -> bool {
        id != ResourceId::ADMIN
            && self
                .tree
                .root_of(id)
                .is_some_and(|root| root.as_str() == ResourceId::ADMIN)
    }

    /// Ticks a box and every box below it. An id without a box changes nothing.
    pub fn check(&mut self, id: &str) {
        self.each_below(id, |checked, id| {
            checked.insert(id.clone());
        });
    }

    /// Clears a box and every box below it; a ticked parent stays ticked. An id without a box changes nothing.
    pub fn uncheck(&mut self, id: &str) {
        self.each_below(id, |checked, id| {
            checked.remove(id);
        });
    }

    fn each_below(
        &mut self,
        id: &str,
        mut change: impl FnMut(&mut HashSet<ResourceId>, &ResourceId),
    ) {
        if !self.shows(id) {
            return;
        }
        let tree = self.tree;
        let Some(node) = tree.node(id) else { return };
        node.walk(&mut |node: &AclResource| change(&mut self.checked, &node.id));
    }

    /// How a box looks; unchecked for an id without one.
    #[must_use]
    pub fn mark(&self, id: &str) -> Mark {
        if self.checked.contains(id) {
            return Mark::Checked;
        }
        let mut ticked_below = false;
        if let Some(node) = self.tree.node(id).filter(|_| self.shows(id)) {
            node.walk(&mut |node| ticked_below |= self.checked.contains(&node.id));
        }
        if ticked_below {
            Mark::Undetermined
        } else {
            Mark::Unchecked
        }
    }

    /// The values of `resource[]` that the form posts: ticked ids, then undetermined ones, each in tree order. Nothing ticked posts
    /// nothing. (The order among ticked ids on a real page is that of the widget; it was not measured.)
    #[must_use]
    pub fn posted(&self) -> Vec<ResourceId> {
        let with = |wanted: Mark| {
            self.tree
                .ids()
                .iter()
                .filter(move |id| self.mark(id.as_str()) == wanted)
                .cloned()
        };
        with(Mark::Checked)
            .chain(with(Mark::Undetermined))
            .collect()
    }
}
