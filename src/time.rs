//! Time as the protocol counts it: whole seconds since 1970, from a clock that is passed in.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp as Instant;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// This time moved by `seconds`, saturating.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this time, saturating; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// RFC 3339 in UTC; a time outside the calendar is shown as seconds.
impl fmt::Display for UnixTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Instant::from_second(self.0) {
            Ok(instant) => write!(formatter, "{instant}"),
            Err(_) => write!(formatter, "{}", self.0),
        }
    }
}

/// Tells the time. The one source of it for everything above L0.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> UnixTime;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixTime {
        let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds)
            }
        };
        UnixTime(seconds)
    }
}

/// The machine's clock, moved by a number of seconds that can be changed while it runs; or, for tests, one that stands until moved.
#[derive(Debug, Default)]
pub struct MovableClock {
    offset: AtomicI64,
    standing: Option<UnixTime>,
}

impl MovableClock {
    /// A clock that starts out right.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock that stands at `now` until it is moved; for tests.
    #[must_use]
    pub const fn standing(now: UnixTime) -> Self {
        Self {
            offset: AtomicI64::new(0),
            standing: Some(now),
        }
    }

    fn base(&self) -> UnixTime {
        self.standing.unwrap_or_else(|| SystemClock.now())
    }

    /// Moves the clock by `seconds`, backwards when negative.
    pub fn advance(&self, seconds: i64) {
        let moved = |offset: i64| Some(offset.saturating_add(seconds));
        let (order, read) = (Ordering::SeqCst, Ordering::SeqCst);
        // It always moves.
        let _ = self.offset.fetch_update(order, read, moved);
    }

    /// Sets the clock to `now`; it goes on from there.
    pub fn set(&self, now: UnixTime) {
        self.set_offset(self.offset_at(now));
    }

    /// How many seconds it would be moved by if it were `now`.
    pub fn offset_at(&self, now: UnixTime) -> i64 {
        now.since(self.base())
    }

    /// How many seconds it is moved by.
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    /// Moves it by `seconds` from where it started, whatever it was moved by before.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::SeqCst);
    }

    /// Back to the time it started with.
    pub fn reset(&self) {
        self.offset.store(0, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> UnixTime {
        self.base().plus(self.offset.load(Ordering::SeqCst))
    }
}

/// A clock that stands still until it is set; for tests.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `now`.
    #[must_use]
    pub const fn new(now: UnixTime) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves it to `now`.
    pub fn set(&self, now: UnixTime) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.0.load(Ordering::SeqCst))
    }
}
