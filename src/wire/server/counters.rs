use std::sync::atomic::{AtomicU64, Ordering};

/// What happened at a server since it began.
#[derive(Debug, Default)]
pub struct Counters {
    connections: AtomicU64,
    open: AtomicU64,
    pub(super) closed_idle: Count,
    pub(super) overloaded: Count,
    pub(super) requests: Count,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn opened(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn closed(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// Connections that were accepted.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Connections that are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }

    /// Idle connections that were closed to make room.
    #[must_use]
    pub fn closed_idle(&self) -> u64 {
        self.closed_idle.value()
    }

    /// Requests that were answered 503 because there was too much to do.
    #[must_use]
    pub fn overloaded(&self) -> u64 {
        self.overloaded.value()
    }

    /// Requests that reached the handler.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.value()
    }
}
