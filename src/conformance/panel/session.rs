//! The one session in the admin panel that all jobs of a run share: a store ends a user's other sessions when the user signs in again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Panel;
use super::error::{self, PanelError};
use crate::conformance::channel::Channel;

/// The session, used by one case at a time.
#[derive(Debug, Default)]
pub(crate) struct Session {
    seat: Mutex<Seat>,
}

/// What stands behind [`Session`].
#[derive(Debug, Default)]
pub(crate) struct Seat {
    panel: Option<Panel>,
    /// Why nobody is signed in, and nobody tries again: failed sign-ins make a store ask for a CAPTCHA.
    barred: Option<String>,
}

impl Session {
    /// Waits for the turn.
    pub(crate) fn turn(&self) -> MutexGuard<'_, Seat> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The session, signed in.
    ///
    /// # Errors
    /// When signing in fails, or has failed before.
    pub(crate) fn panel(&mut self, channel: &Channel) -> Result<&mut Panel, PanelError> {
        if self.panel.as_ref().is_some_and(Panel::has_expired) {
            self.panel = None;
        }
        if self.panel.is_none() {
            if let Some(reason) = &self.barred {
                return Err(PanelError::Barred(reason.clone()));
            }
            let access = channel.target.access.admin.as_ref();
            let access = access.ok_or(PanelError::NoAccess)?;
            let panel = Panel::sign_in(channel, access).inspect_err(|error| {
                if !matches!(error, PanelError::Send(_)) {
                    self.barred = Some(error.to_string());
                }
            })?;
            self.panel = Some(panel);
        }
        self.panel.as_mut().ok_or(PanelError::NoAccess)
    }

    /// Takes in how work with the session ended: a session that is over is not used again.
    pub(crate) fn note<T>(&mut self, channel: &Channel, outcome: &Result<T, PanelError>) {
        match outcome {
            Err(PanelError::Displaced(_)) => {
                channel.stop(error::DISPLACED);
                self.panel = None;
            }
            Err(PanelError::Ended(_)) => self.panel = None,
            _ => {}
        }
    }

    /// Forgets the session, e.g. after the store's clock was moved.
    pub(crate) fn leave(&mut self) {
        self.panel = None;
    }
}
