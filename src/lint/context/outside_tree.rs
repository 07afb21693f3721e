//! What `acl.xml` files declare beside the tree.

use crate::module::acl::ResourceDeclaration;
use crate::module::{Module, ModuleSet};
use std::collections::{HashMap, HashSet};

/// What the `acl.xml` files declare; only looked at for an id that is not in the tree.
#[derive(Debug)]
pub(super) struct OutsideTree<'set> {
    /// Ids of modules that are on, whether or not they can be merged.
    pub(super) declared: HashSet<&'set str>,
    /// Those of modules that are switched off, with the module.
    pub(super) switched_off: HashMap<&'set str, &'set str>,
}

impl<'set> OutsideTree<'set> {
    pub(super) fn new(set: &'set ModuleSet) -> Self {
        let (off, on): (Vec<&Module>, Vec<&Module>) = set
            .modules
            .iter()
            .partition(|module| set.switched_off(module).is_some());
        Self {
            declared: declared(on).map(|(id, _)| id).collect(),
            switched_off: declared(off).collect(),
        }
    }
}

/// The ids that the `acl.xml` files of some modules declare, each with its module.
fn declared(modules: Vec<&Module>) -> impl Iterator<Item = (&str, &str)> {
    modules.into_iter().flat_map(|module| {
        module
            .acl
            .iter()
            .flat_map(ResourceDeclaration::walk)
            .filter_map(|(resource, _)| resource.id.as_ref())
            .map(|id| (id.value.as_str(), module.name()))
    })
}
