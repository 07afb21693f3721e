//! The ids of resources: who declares them, and whether anybody does.

use std::collections::HashMap;

use super::Context;
use super::outside_tree::OutsideTree;
use crate::acl::{Presence, Release, ResourceId, baseline, presence};
use crate::lint::suggest::meant;
use crate::module::acl::ResourceDeclaration;
use crate::module::{FileKind, Module, Spanned};

impl<'set> Context<'set> {
    /// Whether any baseline or any of the modules knows the id; with a broken `acl.xml` among them, no id is called unknown.
    pub(in crate::lint) fn is_known(&self, id: &str) -> bool {
        self.tree().contains(id)
            || self.outside_tree().declared.contains(id)
            || self.outside_tree().switched_off.contains_key(id)
            || !self.is_whole(FileKind::Acl)
            || !self.has_core
                && Release::ALL
                    .into_iter()
                    .any(|release| presence(release, id).is_some())
    }

    /// The modules of this name.
    pub(in crate::lint) fn named(&self, name: &str) -> &[&'set Module] {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
            for module in &self.set.modules {
                by_name.entry(module.name()).or_default().push(module);
            }
            by_name
        });
        by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the module of this name declares the id.
    pub(in crate::lint) fn declares(&self, module: &str, id: &str) -> bool {
        self.named(module).iter().any(|other| {
            let mut resources = other.acl.iter().flat_map(ResourceDeclaration::walk);
            resources.any(|(resource, _)| {
                resource
                    .id
                    .as_ref()
                    .is_some_and(|known| known.value.as_str() == id)
            })
        })
    }

    /// Every place where an `acl.xml` has the id with a title, with the id above it.
    pub(in crate::lint) fn declarations_of(
        &self,
        id: &str,
    ) -> Vec<(&'set Spanned<ResourceId>, Option<&'set str>)> {
        let acl = self.set.modules.iter().flat_map(|module| &module.acl);
        acl.flat_map(ResourceDeclaration::walk)
            .filter(|(resource, _)| resource.title.is_some())
            .filter_map(|(resource, parent)| {
                let known = resource.id.as_ref()?;
                let parent = parent.and_then(|parent| parent.id.as_ref());
                (known.value.as_str() == id)
                    .then(|| (known, parent.map(|parent| parent.value.as_str())))
            })
            .collect()
    }

    /// Whether a module that is not given may declare the id: it belongs to a module that neither stands here nor comes with a store, and
    /// is no slip of the pen.
    pub(in crate::lint) fn may_be_elsewhere(&self, id: &str) -> bool {
        let Some((owner, _)) = id.split_once("::") else {
            return false;
        };
        let is_given = !self.named(owner).is_empty();
        let is_of_a_store = Release::ALL.into_iter().any(|release| {
            let ids = baseline(release).ids();
            ids.iter().any(|known| {
                known
                    .as_str()
                    .strip_prefix(owner)
                    .is_some_and(|rest| rest.starts_with("::"))
            })
        });
        !is_given && !is_of_a_store && !self.has_core && meant(self.spellings(), id).is_none()
    }

    /// The module that declares an id which nothing else knows, when it is switched off.
    pub(in crate::lint) fn owner_that_is_off(&self, id: &str) -> Option<&'set str> {
        if self.tree().contains(id) {
            return None;
        }
        let OutsideTree {
            declared,
            switched_off,
        } = self.outside_tree();
        let owner = switched_off.get(id).copied();
        owner.filter(|_| !declared.contains(id))
    }

    /// Whether the tree of 2.4.7 with the modules knows the id, modules that are off in the measured set included.
    pub(in crate::lint) fn is_current(&self, id: &str) -> bool {
        self.tree().contains(id) || presence(self.target, id) == Some(Presence::Optional)
    }

    /// Whether an id begins with the name of the module.
    pub(in crate::lint) fn is_own(module: &Module, id: &str) -> bool {
        id.strip_prefix(module.name())
            .is_some_and(|rest| rest.starts_with("::"))
    }

    fn outside_tree(&self) -> &OutsideTree<'set> {
        self.outside_tree.get_or_init(|| OutsideTree::new(self.set))
    }
}
