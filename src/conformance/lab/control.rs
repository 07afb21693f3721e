//! The control API of the store, as a case works with it: the runner undoes what it changes.

use std::thread;
use std::time::Duration;

use super::pool::Integration;
use super::{Lab, lock};
use crate::conformance::peer::{ControlApi, ControlError};
use crate::conformance::result::Stop;

/// How long the credentials POST may take to arrive.
const REACHED_WITHIN: Duration = Duration::from_secs(5);

impl Lab<'_> {
    /// The control API.
    ///
    /// # Errors
    /// Not-applicable without one.
    pub fn control_api(&self) -> Result<&ControlApi, Stop> {
        self.run.target().access.control.as_ref().ok_or_else(|| {
            Stop::NotApplicable("the store has no control API; give --control".into())
        })
    }

    /// What a configuration value is set to; none without a control API or when it is not set.
    #[must_use]
    pub fn configured(&self, path: &str) -> Option<String> {
        self.run
            .target()
            .access
            .control
            .as_ref()
            .and_then(|control| control.configuration(path))
    }

    /// Sets a configuration value for the rest of the case; the runner unsets it.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn configure(&self, path: &str, value: &str) -> Result<(), Stop> {
        Ok(self.remembering(path)?.configure(path, Some(value))?)
    }

    /// Sets a configuration value for the rest of the case and leaves the store's caches as they are.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn configure_without_flush(&self, path: &str, value: &str) -> Result<(), Stop> {
        let control = self.remembering(path)?;
        Ok(control.configure_without_flush(path, value)?)
    }

    /// The control API, and what the configuration value was before is kept.
    fn remembering(&self, path: &str) -> Result<&ControlApi, Stop> {
        let control = self.control_api()?;
        let before = control.configuration(path);
        self.configured.borrow_mut().push((path.to_owned(), before));
        Ok(control)
    }

    /// The store's clock was moved by so many seconds.
    fn is_ahead_by(&self, seconds: i64) {
        *lock(&self.run.channel.lead) += seconds;
        self.moved.set(true);
    }

    /// Restarts the store, as far as its control API can: what is kept in memory alone is gone, sessions among it.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn restart(&self) -> Result<(), Stop> {
        self.control_api()?.restart()?;
        self.leave_session();
        Ok(())
    }

    /// Moves the store's clock, and with it [`Lab::now`]; the runner moves it back.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn advance(&self, seconds: i64) -> Result<(), Stop> {
        self.control_api()?.advance(seconds)?;
        self.is_ahead_by(seconds);
        Ok(())
    }

    /// Works while the integration's endpoint is silent: once it is reached, the store's clock is moved step by step, each after a pause
    /// and by so many seconds, until the endpoint has seen the store go; [`Lab::now`] moves along, and the runner moves it back. Answers
    /// what the work gave, and by how much the clock was moved.
    ///
    /// # Errors
    /// When the control API fails; not-applicable without one.
    pub fn while_silent<T>(
        &self,
        integration: &Integration,
        steps: &[(Duration, u32)],
        work: impl FnOnce() -> T,
    ) -> Result<(T, Duration), Stop> {
        let (control, listener) = (self.control_api()?, self.listener()?);
        self.moved.set(true);
        let name = &integration.name;
        let (done, moved) = thread::scope(|scope| {
            let moving = scope.spawn(|| {
                let mut moved = 0;
                if listener.is_reached(name, REACHED_WITHIN) {
                    for (pause, step) in steps {
                        if listener.wait(name, 0, *pause).is_some() {
                            break;
                        }
                        control.advance(i64::from(*step))?;
                        moved += step;
                    }
                }
                Ok::<_, ControlError>(moved)
            });
            (work(), moving.join())
        });
        let moved = moved.map_err(|_| Stop::Harness("moving the clock panicked".to_owned()))?;
        let moved: u32 = moved?;
        self.is_ahead_by(moved.into());
        Ok((done, Duration::from_secs(moved.into())))
    }

    /// Moves the store's clock as [`Lab::advance`] does, while nobody uses the panel: its sessions age.
    ///
    /// # Errors
    /// When the control API fails.
    pub fn idle(&self, seconds: i64) -> Result<(), Stop> {
        self.control_api()?.idle(seconds)?;
        self.is_ahead_by(seconds);
        Ok(())
    }
}
