use std::collections::BTreeSet;

use indexmap::IndexSet;
use indexmap::set::Slice;

use super::ResourceId;
use crate::text::Excerpt;

/// A node as declared: what the merged `acl.xml` says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclResource {
    /// Unique in the tree.
    pub id: ResourceId,
    /// What a person reads; empty when no file gives one.
    pub title: Excerpt,
    /// Ascending within a level; 0 when absent.
    pub sort_order: i32,
    /// Drops the node with its whole subtree.
    pub disabled: bool,
    /// In document order.
    pub children: Vec<AclResource>,
}

impl AclResource {
    /// Visits this node and everything below it, in document order.
    pub fn walk<'node>(&'node self, visit: &mut impl FnMut(&'node Self)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }
}

/// A resource and its ancestors, from the child of `Magento_Backend::admin` down to itself; a root's chain is empty.
pub type ParentChain = Vec<ResourceId>;

/// The tree as a store uses it: disabled subtrees dropped, every level sorted (docs/protocol/acl.md#the-tree).
#[derive(Clone, Debug, Default)]
pub struct ResourceTree {
    roots: Vec<AclResource>,
    /// Every id, in tree order.
    ids: IndexSet<ResourceId>,
    /// What each stands below; none for a root.
    parents: Vec<Option<Parent>>,
    /// The place of the first id that stands in the tree twice.
    repeated: Option<usize>,
}

/// What a node stands below.
#[derive(Clone, Copy, Debug)]
struct Parent {
    /// The place of the parent among the ids.
    place: usize,
    /// The number of the node among its children.
    child: usize,
}

impl ResourceTree {
    /// Builds the tree of `roots`. Equal sort orders keep document order; of two equal ids the first in tree order counts.
    #[must_use]
    pub fn new(mut roots: Vec<AclResource>) -> Self {
        prune_and_sort(&mut roots);
        let mut count = 0;
        for root in &roots {
            root.walk(&mut |_| count += 1);
        }
        let mut tree = Self {
            roots: Vec::new(),
            ids: IndexSet::with_capacity(count),
            parents: Vec::with_capacity(count),
            repeated: None,
        };
        for root in &roots {
            tree.index(root, None);
        }
        tree.roots = roots;
        tree
    }

    fn index(&mut self, node: &AclResource, parent: Option<Parent>) {
        let (place, is_new) = self.ids.insert_full(node.id.clone());
        if is_new {
            self.parents.push(parent);
        } else {
            self.repeated = self.repeated.or(Some(place));
        }
        for (child, below) in node.children.iter().enumerate() {
            self.index(below, Some(Parent { place, child }));
        }
    }

    /// The roots in order; a stock store has `Magento_Backend::all` and `Magento_Backend::admin`.
    #[must_use]
    pub fn roots(&self) -> &[AclResource] {
        &self.roots
    }

    /// Every id, in tree order.
    #[must_use]
    pub fn ids(&self) -> &Slice<ResourceId> {
        self.ids.as_slice()
    }

    /// The first id, in tree order, that an earlier node has already.
    #[must_use]
    pub fn repeated(&self) -> Option<&ResourceId> {
        Some(&self.ids[self.repeated?])
    }

    /// Whether a node has this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Whether other nodes stand below a known id.
    #[must_use]
    pub fn has_children(&self, id: &str) -> bool {
        // In tree order the first child follows its parent.
        self.ids
            .get_index_of(id)
            .and_then(|at| Some((at, self.parents.get(at + 1)?.as_ref()?)))
            .is_some_and(|(at, next)| next.place == at)
    }

    /// Those of the ids that the tree knows, each once, in tree order.
    #[must_use]
    pub fn in_order<'a>(&self, ids: impl IntoIterator<Item = &'a ResourceId>) -> Vec<ResourceId> {
        let known = ids.into_iter().filter_map(|id| self.ids.get_index_of(id));
        let places: BTreeSet<usize> = known.collect();
        places.into_iter().map(|at| self.ids[at].clone()).collect()
    }

    /// The parent of a node; none for a root and for an unknown id.
    #[must_use]
    pub fn parent(&self, id: &str) -> Option<&ResourceId> {
        let parent = self.parents[self.ids.get_index_of(id)?]?;
        Some(&self.ids[parent.place])
    }

    /// The chain of a known id, from below its root down to itself; `None` for an unknown id.
    #[must_use]
    pub fn parent_chain(&self, id: &str) -> Option<ParentChain> {
        let mut at = self.ids.get_index_of(id)?;
        let mut chain = Vec::new();
        while let Some(parent) = self.parents[at] {
            chain.push(self.ids[at].clone());
            at = parent.place;
        }
        chain.reverse();
        Some(chain)
    }

    /// The root above a known id, or the id itself when it is a root; `None` for an unknown id.
    #[must_use]
    pub fn root_of(&self, id: &str) -> Option<&ResourceId> {
        let mut at = self.ids.get_index_of(id)?;
        while let Some(parent) = self.parents[at] {
            at = parent.place;
        }
        Some(&self.ids[at])
    }

    /// The node of a known id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&AclResource> {
        self.node_at(self.ids.get_index_of(id)?)
    }

    fn node_at(&self, at: usize) -> Option<&AclResource> {
        let node = match self.parents[at] {
            Some(parent) => self.node_at(parent.place)?.children.get(parent.child),
            None => self.roots.iter().find(|root| root.id == self.ids[at]),
        };
        // Below the second of two nodes of one id stand children that the first does not have.
        node.filter(|node| node.id == self.ids[at])
    }
}

fn prune_and_sort(level: &mut Vec<AclResource>) {
    level.retain(|node| !node.disabled);
    level.sort_by_key(|node| node.sort_order);
    for node in level {
        prune_and_sort(&mut node.children);
    }
}
