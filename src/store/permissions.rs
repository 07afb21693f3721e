//! What an integration may do, as a form or a command asks for it.

use crate::acl::ResourceId;

/// What a save asks to grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Resource Access: All.
    All,
    /// The ids of the form, unknown ones included.
    Listed(Vec<ResourceId>),
}

impl Permissions {
    /// What these ids ask for: everything when the one that means everything is among them.
    #[must_use]
    pub fn of(ids: Vec<ResourceId>) -> Self {
        if ids.iter().any(|id| id.as_str() == ResourceId::EVERYTHING) {
            Self::All
        } else {
            Self::Listed(ids)
        }
    }
}
