//! Places for connections. When none is left, whoever was idle for longest makes room: those first who never got an answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::counters::Counters;

/// How long a connection that was told to close is waited for before another one is told.
const ROOM: Duration = Duration::from_millis(20);

/// Stands for the time since when a connection is idle, while its request is answered.
const BUSY: u64 = u64::MAX;

#[derive(Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    taken: Mutex<HashMap<u64, Arc<Slot>>>,
    numbers: AtomicU64,
    began: Instant,
    pub(super) counters: Arc<Counters>,
}

#[derive(Debug, Default)]
struct Slot {
    idle_since: AtomicU64,
    was_answered: AtomicBool,
    close: Notify,
}

/// A taken place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    slots: Arc<Slots>,
    slot: Arc<Slot>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(count)),
            taken: Mutex::default(),
            numbers: AtomicU64::new(0),
            began: Instant::now(),
            counters: Arc::default(),
        }
    }

    /// A place, as soon as there is one.
    pub(super) async fn take(self: &Arc<Self>) -> Taken {
        let permit = loop {
            if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
                break permit;
            }
            self.close_one();
            if let Ok(Ok(permit)) = timeout(ROOM, Arc::clone(&self.free).acquire_owned()).await {
                break permit;
            }
        };
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let slot = Arc::new(Slot::default());
        slot.idle_since.store(self.now(), Ordering::Relaxed);
        self.taken().insert(number, Arc::clone(&slot));
        self.counters.opened();
        Taken {
            slots: Arc::clone(self),
            slot,
            number,
            _permit: permit,
        }
    }

    fn close_one(&self) {
        let taken = self.taken();
        let idle = taken.iter().filter_map(|(number, slot)| {
            let since = slot.idle_since.load(Ordering::Relaxed);
            let rank = (slot.was_answered.load(Ordering::Relaxed), since, *number);
            (since != BUSY).then_some((rank, slot))
        });
        if let Some((_, slot)) = idle.min_by_key(|(rank, _)| *rank) {
            slot.idle_since.store(BUSY, Ordering::Relaxed);
            slot.close.notify_one();
            self.counters.closed_idle.add();
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(BUSY - 1)
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<u64, Arc<Slot>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Its request is being answered: nobody closes it.
    pub(super) fn is_busy(&self) {
        self.slot.idle_since.store(BUSY, Ordering::Relaxed);
    }

    /// Its answer is ready.
    pub(super) fn is_answered(&self) {
        self.slot.was_answered.store(true, Ordering::Relaxed);
        self.slot
            .idle_since
            .store(self.slots.now(), Ordering::Relaxed);
    }

    /// Ready once it has to make room.
    pub(super) async fn told_to_close(&self) {
        self.slot.close.notified().await;
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.slots.counters
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.slots.taken().remove(&self.number);
        self.slots.counters.closed();
    }
}
