//! Everything that the cases of one run share.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::random::Entropy;

use super::pool::Pool;
use crate::conformance::channel::Channel;
use crate::conformance::panel::Session;
use crate::conformance::peer::Listener;
use crate::conformance::probe::Observed;
use crate::conformance::target::Target;

/// One run of the suite against a store: the way to it, the callback endpoint, the integrations that may be used again.
pub struct Run {
    /// The way to the store.
    pub channel: Channel,
    seed: u64,
    pub(crate) listener: Option<Listener>,
    pub(crate) entropy: Box<dyn Entropy>,
    pub(crate) pool: Pool,
    pub(crate) session: Session,
    observed: Mutex<Arc<Observed>>,
}

impl fmt::Debug for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Run")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

/// The callback endpoint cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("the callback endpoint cannot listen on {address}: {error}; choose another with --listen")]
pub struct ListenError {
    address: SocketAddr,
    #[source]
    error: io::Error,
}

impl Run {
    /// A run over this channel; starts the callback endpoint when the target has one. `seed` draws the random requests; without it, one is
    /// drawn.
    ///
    /// # Errors
    /// When the callback endpoint cannot listen.
    pub fn new(
        channel: Channel,
        seed: Option<u64>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, ListenError> {
        let listener = match &channel.target.access.callback {
            Some((address, public)) => Some(Listener::start(*address, public.as_deref()).map_err(
                |error| ListenError {
                    address: *address,
                    error,
                },
            )?),
            None => None,
        };
        Ok(Self {
            channel,
            seed: seed.unwrap_or_else(|| drawn(entropy.as_ref())),
            listener,
            entropy,
            pool: Pool::default(),
            session: Session::default(),
            observed: Mutex::default(),
        })
    }

    /// The store under test.
    #[must_use]
    pub const fn target(&self) -> &Target {
        &self.channel.target
    }

    /// What draws the random requests of the run.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// What the preflight saw of the store's settings; the defaults before it.
    pub(crate) fn observed(&self) -> Arc<Observed> {
        let observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&observed)
    }

    /// Keeps what the preflight sees.
    pub(crate) fn observe(&self, see: impl FnOnce(&mut Observed)) {
        let mut observed = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        see(Arc::make_mut(&mut observed));
    }
}

/// Short enough to be typed again.
fn drawn(entropy: &dyn Entropy) -> u64 {
    let mut bytes = [0_u8; 4];
    entropy.fill(&mut bytes);
    u32::from_le_bytes(bytes).into()
}
