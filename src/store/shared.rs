//! What stores on one database agree on beside their data: the clock, the cache in front of guest access, and who starts or begins anew first.

use std::sync::atomic::Ordering;

use crate::storage::{self, Note};

use super::{Error, Store};

/// The notes, of nobody in particular.
const KIND: &str = "shared";
const HOLDER: i64 = 0;
const CLOCK: &str = "clock";
const GUESTS: &str = "guests";

impl Store {
    /// Runs `work` while no other store on the database starts or begins anew.
    pub(super) fn alone<T>(&self, mut work: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        let mut outcome = None;
        self.storage().exclusively(&mut || outcome = Some(work()))?;
        outcome.expect("the work was done")
    }

    /// Takes over what another store on the database has changed since the last request. When it cannot be read, everything stays as it was,
    /// and the request itself notices.
    pub(super) fn follow_others(&self) {
        if !self.storage().is_shared() {
            return;
        }
        let Ok(notes) = self.storage().notes_of(KIND, HOLDER) else {
            return;
        };
        let value = |name: &str| {
            let note = notes.iter().find(|(other, _)| other == name);
            note.and_then(|(_, note)| note.body.parse::<i64>().ok())
        };
        self.clock().set_offset(value(CLOCK).unwrap_or_default());
        if let Some(open) = value(GUESTS) {
            self.guest.0.store(open != 0, Ordering::SeqCst);
        }
    }

    /// Moves the clock by `offset` seconds from where it started, here and for the others. They are told first: a request that comes in
    /// between follows them.
    pub(super) fn move_clock(&self, offset: i64) -> storage::Result<()> {
        self.share(CLOCK, offset)?;
        self.clock().set_offset(offset);
        Ok(())
    }

    /// From now on the cache says this of guests, here and for the others, who are told first.
    pub(super) fn cache_guest_access(&self, open: bool) -> storage::Result<()> {
        self.share(GUESTS, open.into())?;
        self.guest.0.store(open, Ordering::SeqCst);
        Ok(())
    }

    fn share(&self, name: &str, value: i64) -> storage::Result<()> {
        if !self.storage().is_shared() {
            return Ok(());
        }
        self.storage().change_note(KIND, name, &mut |_| {
            Some(Note {
                holder: Some(HOLDER),
                at: self.now(),
                body: value.to_string(),
            })
        })
    }
}
