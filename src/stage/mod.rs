//! Plays stores for an app under test: the reference store's own code behind a layer that records every request, and that waits, cuts,
//! redirects and answers wrongly where a case asks for it.
//!
//! [`Playhouse`] is the [`Stage`] that the suite for apps acts on. What the layer does is said by the case, as data.
//!
//! Deliberately absent: another implementation of anything that a store says.

mod acting;
mod door;
mod layer;
mod options;
mod playing;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::conformance::{AppTarget, Host, House, PlayedStore, Shape, Stage, StageError};
use crate::oauth::Profile;
use crate::time::SystemClock;
use crate::wire::{Blocking, Timeouts};

pub use options::Options;
use playing::PlayingStore;

/// The stores that have been opened, by their shape.
type Stores = Arc<Mutex<HashMap<Shape, Arc<PlayingStore>>>>;

/// Plays stores, each on a port of its own.
#[derive(Debug)]
pub struct Playhouse {
    options: Options,
    stores: Stores,
}

impl Playhouse {
    /// A playhouse whose first store listens from now on.
    ///
    /// # Errors
    /// When it cannot listen, or the store does not start.
    pub fn open(options: Options) -> Result<Self, StageError> {
        let playhouse = Self {
            options,
            stores: Stores::default(),
        };
        playhouse.store(&Shape::default())?;
        Ok(playhouse)
    }

    fn address(&self, shape: &Shape) -> SocketAddr {
        match shape.host {
            Host::Ipv6 => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 0)),
            _ if *shape == Shape::default() => self.options.listen,
            _ => SocketAddr::new(self.options.listen.ip(), 0),
        }
    }
}

/// A house for this app, for which stores are played as these options say; the app's certificate is judged as the stores judge it.
///
/// # Errors
/// As [`Playhouse::open`].
pub fn house(target: AppTarget, options: Options) -> Result<House, StageError> {
    let sender = Blocking::new(options.trust.clone(), Timeouts::default());
    let played = Playhouse::open(options)?;
    Ok(House::new(
        target,
        Box::new(played),
        sender,
        Box::new(SystemClock),
    ))
}

impl Stage for Playhouse {
    fn profile(&self) -> &'static Profile {
        self.options.profile
    }

    fn store(&self, shape: &Shape) -> Result<Arc<dyn PlayedStore>, StageError> {
        if self.options.public_url.is_some() && *shape != Shape::default() {
            return Err(StageError(
                "only one store is played under --public-url".to_owned(),
            ));
        }
        let mut stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = stores.get(shape) {
            return Ok(Arc::clone(store) as Arc<dyn PlayedStore>);
        }
        let others = Arc::downgrade(&self.stores);
        let store = PlayingStore::open(&self.options, *shape, self.address(shape), others)?;
        stores.insert(*shape, Arc::clone(&store));
        Ok(store)
    }
}
