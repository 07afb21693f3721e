//! Integrations that module files declare (spec config-acl-admin.md §4.4–4.6).

use std::sync::{Arc, PoisonError};

use crate::integration::Status;
use crate::storage;

use super::Store;
use super::integrations::{DeclaredResources, Integrations};

impl Store {
    /// Runs `work` with the services over this store's rows.
    pub fn with_integrations<T>(&self, work: impl FnOnce(Integrations<'_>) -> T) -> T {
        let tree = self.tree();
        let declared = self.declared();
        work(Integrations {
            storage: self.storage(),
            clock: self.clock(),
            entropy: self.entropy(),
            profile: self.profile(),
            tree: &tree,
            declared: &declared,
        })
    }

    /// What module files declare now.
    pub(super) fn declared(&self) -> Arc<DeclaredResources> {
        Arc::clone(&self.declared.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether an integration that a module declares waits for its activation after a reset (spec config-acl-admin.md §4.6).
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_reset_integration(&self) -> storage::Result<bool> {
        let declared = self.declared();
        let rows = self.storage().integrations()?;
        Ok(rows
            .iter()
            .any(|row| row.status == Status::Recreated && declared.contains_key(&row.name)))
    }
}
