//! Many transactions to one flush of the disk.
//!
//! Whoever writes waits in line for the connection. Nobody flushes while others stand in that line: the last of them does, for all. A
//! transaction that fails leaves nothing behind and does not touch the others.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::storage::sql::{Done, Failure};

/// Transactions to a flush at most.
const MOST: usize = 512;

/// How long a transaction that nobody waits for stays off the disk at most.
const BEHIND: Duration = Duration::from_millis(20);

/// The connection that writes.
#[derive(Debug)]
pub(super) struct Group {
    state: Mutex<State>,
    flushed: Condvar,
    in_line: AtomicUsize,
}

#[derive(Debug)]
struct State {
    connection: Connection,
    /// The number of the flush that is being gathered for.
    number: u64,
    is_open: bool,
    /// Transactions that wait for it, and those that do not.
    waiting: usize,
    behind: usize,
    /// Why a flush failed, for each of those that waited for it.
    failed: HashMap<u64, (usize, String)>,
}

impl Group {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            state: Mutex::new(State {
                connection,
                number: 0,
                is_open: false,
                waiting: 0,
                behind: 0,
                failed: HashMap::new(),
            }),
            flushed: Condvar::new(),
            in_line: AtomicUsize::new(0),
        }
    }

    /// Runs `work` as a transaction of its own, or as the one statement that it is; returns when it is on disk, or, unless `now`, at once.
    pub(super) fn run<T>(
        &self,
        alone: bool,
        now: bool,
        work: impl FnOnce(&Connection) -> Done<T>,
    ) -> Done<T> {
        self.in_line.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state();
        self.in_line.fetch_sub(1, Ordering::SeqCst);
        let worked = catch_unwind(AssertUnwindSafe(|| state.work(alone, work)));
        let number = state.number;
        // One that is refused waits as well: what stands in its way may not be on disk yet.
        if worked.is_ok() {
            if now {
                state.waiting += 1;
            } else {
                state.behind += 1;
            }
        }
        let is_full = state.waiting + state.behind >= MOST;
        let is_last = self.in_line.load(Ordering::SeqCst) == 0;
        let is_behind_only = state.waiting == 0 && state.behind > 0;
        if is_full || (is_last && !is_behind_only) {
            state.flush();
            self.flushed.notify_all();
        }
        let outcome = match worked {
            Ok(outcome) => outcome,
            Err(panic) => {
                drop(state);
                resume_unwind(panic)
            }
        };
        if now {
            while state.number == number {
                let waited = self.flushed.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            state.outcome_of(number)?;
        }
        outcome
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flush(&self) {
        self.state().flush();
        self.flushed.notify_all();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.flush();
    }
}

impl State {
    fn work<T>(&mut self, alone: bool, work: impl FnOnce(&Connection) -> Done<T>) -> Done<T> {
        if !self.is_open {
            self.run("BEGIN IMMEDIATE")?;
            self.is_open = true;
        }
        if alone {
            return work(&self.connection);
        }
        self.run("SAVEPOINT one")?;
        // Undone also when `work` panics.
        let undo = Undo(&self.connection);
        let value = work(&self.connection)?;
        std::mem::forget(undo);
        self.run("RELEASE one")?;
        Ok(value)
    }

    fn run(&self, sql: &str) -> Done<()> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Commits what was gathered; what could not begin waits for nothing.
    fn flush(&mut self) {
        if self.is_open
            && let Err(failure) = self.run("COMMIT")
        {
            // Nothing is left of it either way.
            let _ = self.run("ROLLBACK");
            if self.waiting > 0 {
                let told = (self.waiting, failure.to_string());
                self.failed.insert(self.number, told);
            }
        }
        self.is_open = false;
        self.number += 1;
        (self.waiting, self.behind) = (0, 0);
    }

    fn outcome_of(&mut self, number: u64) -> Done<()> {
        let Some((left, reason)) = self.failed.get_mut(&number) else {
            return Ok(());
        };
        let failure = Failure::Refused(reason.clone());
        *left -= 1;
        if *left == 0 {
            self.failed.remove(&number);
        }
        Err(failure)
    }
}

struct Undo<'a>(&'a Connection);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        let _ = self.0.execute_batch("ROLLBACK TO one; RELEASE one");
    }
}

/// Flushes what nobody waits for, until the group is dropped.
pub(super) fn commit_now_and_then(group: &Arc<Group>) {
    let group = Arc::downgrade(group);
    let period = move || {
        while let Some(group) = group.upgrade() {
            group.flush();
            drop(group);
            thread::sleep(BEHIND);
        }
    };
    // Without the thread the next transaction that somebody waits for flushes them too.
    let _ = thread::Builder::new()
        .name("nonces".to_owned())
        .spawn(period);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_cannot_begin_fails_and_the_next_goes_on() {
        let connection = Connection::open_in_memory().expect("SQLite starts");
        connection.execute_batch("BEGIN").expect("it begins");
        let group = Group::new(connection);
        assert!(group.run(false, true, |_| Ok(())).is_err());
        let ended = group.state().connection.execute_batch("COMMIT");
        ended.expect("it ends");
        let next = group.run(false, true, |_| Ok(1));
        assert_eq!(next.expect("nothing is in the way"), 1);
    }
}
