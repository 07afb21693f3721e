//! The client for threads that may wait: its runtime is made when it is first needed, and kept.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use super::tls::Trust;
use super::{Client, Error, Timeouts};

/// A [`Client`] that is used outside of async code. Shared by threads, which wait at the same time.
#[derive(Debug)]
pub struct Blocking {
    trust: Trust,
    timeouts: Timeouts,
    made: OnceLock<Made>,
}

#[derive(Debug)]
struct Made {
    client: Client,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
}

impl Blocking {
    /// A client that accepts the certificates of `trust`; nothing is read or started yet.
    #[must_use]
    pub const fn new(trust: Trust, timeouts: Timeouts) -> Self {
        Self {
            trust,
            timeouts,
            made: OnceLock::new(),
        }
    }

    /// Waits for what `work` does with the client.
    ///
    /// # Errors
    /// When the certificates cannot be read, or the system has no more handles.
    ///
    /// # Panics
    /// Inside async code.
    pub fn wait<F: Future>(&self, work: impl FnOnce(Client) -> F) -> Result<F::Output, Error> {
        let made = self.made()?;
        let client = made.client.clone();
        let runtime = made.runtime.as_ref();
        let runtime = runtime.ok_or_else(|| Error::NoHandles {
            reason: std::io::ErrorKind::NotConnected.into(),
        })?;
        Ok(runtime.block_on(async { work(client).await }))
    }

    fn made(&self) -> Result<&Made, Error> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let client = Client::new(&self.trust, self.timeouts)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|reason| Error::NoHandles { reason })?;
        Ok(self.made.get_or_init(|| Made {
            client,
            runtime: Some(runtime),
        }))
    }
}

/// The last owner may be async code, which must not wait for the runtime to end.
impl Drop for Made {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
