//! The ACL tree, parent chains, grants and decisions (docs/protocol/acl.md).
//!
//! Two parent rules stand side by side: what stores do and what the guides say; a profile names one of them; [`Comparison`] says
//! where they part. The trees of three releases are built in ([`baseline`]). Nothing here reads a file.

mod baseline;
mod checkbox;
mod compare;
mod expand;
mod grant;
mod tree;

pub(crate) use baseline::PerRelease;
pub use baseline::{Presence, Release, baseline, baseline_declarations, presence};
pub use checkbox::{CheckboxTree, Mark};
pub use compare::{Comparison, ListSource, missing_ancestors};
pub use expand::expand;
pub use grant::Grant;
pub use tree::{AclResource, ParentChain, ResourceTree};

use std::fmt;

use crate::text::Excerpt;

/// The id of a node of the tree, `Vendor_Module::name`. Compared byte by byte; any text is a possible id, an unknown one matches nothing.
/// Copies share the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId(Excerpt);

impl ResourceId {
    /// The root that stands for everything.
    pub const EVERYTHING: &'static str = "Magento_Backend::all";
    /// The root under which everything else hangs.
    pub const ADMIN: &'static str = "Magento_Backend::admin";

    /// An id as written in a file, a form or a route.
    #[must_use]
    pub fn new(text: impl Into<Excerpt>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<Excerpt> for ResourceId {
    fn from(text: Excerpt) -> Self {
        Self(text)
    }
}

impl From<&str> for ResourceId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl std::borrow::Borrow<str> for ResourceId {
    fn borrow(&self) -> &str {
        &self.0
    }
}
