//! SQLite: one file in WAL mode, or memory. What was answered survives a killed process.

mod credentials;
mod integrations;
mod migrations;
mod people;
mod rows;
mod settings;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use super::{Error, Result, Storage};

/// A keeper on SQLite. One connection behind a lock: calls are short, and a request already runs on a thread of its own.
#[derive(Debug)]
pub struct Sqlite {
    connection: Mutex<Connection>,
    place: String,
}

impl Sqlite {
    /// Opens or creates the file and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Database`] when the file cannot be opened, is no SQLite database or was written by a later version.
    pub fn open(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let connection = Connection::open(path).map_err(|error| failed(&place, &error))?;
        Self::prepare(connection, place)
    }

    /// A keeper that forgets everything when it is dropped.
    ///
    /// # Errors
    /// [`Error::Database`] when SQLite cannot start.
    pub fn in_memory() -> Result<Self> {
        let place = ":memory:".to_owned();
        let connection = Connection::open_in_memory().map_err(|error| failed(&place, &error))?;
        Self::prepare(connection, place)
    }

    fn prepare(mut connection: Connection, place: String) -> Result<Self> {
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -1024;";
        connection
            .busy_timeout(Duration::from_secs(5))
            .and_then(|()| connection.execute_batch(pragmas))
            .map_err(|error| failed(&place, &error))?;
        migrations::apply(&mut connection).map_err(|error| failed(&place, &error))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection: Mutex::new(connection),
            place,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock is held leaves no half-done work: an open transaction is rolled back when it is dropped.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.lock()).map_err(|error| failed(&self.place, &error))
    }

    fn transact<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let outcome = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        outcome.map_err(|error| failed(&self.place, &error))
    }

    fn execute(&self, sql: &str, parameters: impl Params) -> Result<usize> {
        self.run(|connection| connection.prepare_cached(sql)?.execute(parameters))
    }

    fn one<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.run(|connection| {
            connection
                .prepare_cached(sql)?
                .query_row(parameters, read)
                .optional()
        })
    }

    fn many<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.run(|connection| {
            connection
                .prepare_cached(sql)?
                .query_map(parameters, read)?
                .collect()
        })
    }
}

fn failed(place: &str, error: &impl std::fmt::Display) -> Error {
    Error::Database {
        place: place.to_owned(),
        reason: error.to_string(),
    }
}

impl Storage for Sqlite {
    fn clear(&self) -> Result<()> {
        self.transact(|connection| {
            for table in migrations::TABLES {
                connection.execute(&format!("DELETE FROM {table}"), [])?;
            }
            Ok(())
        })
    }
}
