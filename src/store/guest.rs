//! Anonymous guest access and the cache that stands before it (docs/protocol/guest-access.md): the switch is frozen into the route
//! configuration, and changing it does nothing until that cache is flushed.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::storage;

use super::Store;

/// The switch in the configuration.
const SWITCH: &str = "webapi/webapisecurity/allow_insecure";

/// What the cached route configuration says of guests.
#[derive(Debug, Default)]
pub(super) struct GuestAccess(pub(super) AtomicBool);

impl Store {
    /// Whether guests read the catalogue now, whatever the switch was set to since the last flush.
    #[must_use]
    pub fn guest_access(&self) -> bool {
        self.guest.0.load(Ordering::SeqCst)
    }

    /// Whether the switch and the cache say different things.
    ///
    /// # Errors
    /// When the database fails.
    pub fn guest_cache_is_stale(&self) -> storage::Result<bool> {
        Ok(self.is_on(SWITCH)? != self.guest_access())
    }

    /// Flushes the cache of the web services: the switch counts as it stands. Part of every start.
    ///
    /// # Errors
    /// When the database fails.
    pub fn flush_cache(&self) -> storage::Result<()> {
        self.cache_guest_access(self.is_on(SWITCH)?)
    }
}
