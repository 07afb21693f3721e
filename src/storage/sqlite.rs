//! SQLite: one file in WAL mode, or memory. What was answered survives a killed process.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior, params_from_iter};

use super::Result;
use super::sql::{Database, Done, Failure, Record, Session, Value, migrations};

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
    /// [`Error::Database`](super::Error::Database) when the file cannot be opened, is no SQLite database or was written by a later version.
    pub fn open(path: &Path) -> Result<Self> {
        Self::prepare(Connection::open(path), path.display().to_string())
    }

    /// A keeper that forgets everything when it is dropped.
    ///
    /// # Errors
    /// [`Error::Database`](super::Error::Database) when SQLite cannot start.
    pub fn in_memory() -> Result<Self> {
        Self::prepare(Connection::open_in_memory(), ":memory:".to_owned())
    }

    fn prepare(opened: rusqlite::Result<Connection>, place: String) -> Result<Self> {
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -1024;";
        let prepared = opened.and_then(|connection| {
            connection.busy_timeout(Duration::from_secs(5))?;
            connection.execute_batch(pragmas)?;
            connection.set_prepared_statement_cache_capacity(64);
            Ok(connection)
        });
        let connection = prepared.map_err(|error| Failure::from(error).at(&place))?;
        let keeper = Self {
            connection: Mutex::new(connection),
            place,
        };
        keeper.transact(|session| migrations::apply(session, &[]))?;
        Ok(keeper)
    }

    fn locked<T>(&self, work: impl FnOnce(&mut Connection) -> Done<T>) -> Result<T> {
        // A panic while the lock is held leaves no half-done work: an open transaction is rolled back when it is dropped.
        let lock = self.connection.lock();
        let mut connection = lock.unwrap_or_else(PoisonError::into_inner);
        work(&mut connection).map_err(|failure| failure.at(&self.place))
    }
}

impl Database for Sqlite {
    const CLEAR: &[&str] = &[
        "DELETE FROM integration; DELETE FROM consumer; DELETE FROM setting; DELETE FROM installation; DELETE FROM account;
         DELETE FROM throttle; DELETE FROM person_token; DELETE FROM revocation; DELETE FROM document; DELETE FROM sqlite_sequence;",
    ];

    fn alone<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        self.locked(|connection| work(&mut &*connection))
    }

    fn transact<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        self.locked(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&mut &*transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }
}

impl Session for &Connection {
    fn batch(&mut self, sql: &str) -> Done<()> {
        Ok(self.execute_batch(sql)?)
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Done<usize> {
        Ok(self
            .prepare_cached(sql)?
            .execute(params_from_iter(values))?)
    }

    fn rows(&mut self, sql: &str, values: &[Value]) -> Done<Vec<Record>> {
        let mut statement = self.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let read = |column| read(row.get_ref(column)?);
            records.push(Record::new((0..columns).map(read).collect::<Done<_>>()?));
        }
        Ok(records)
    }
}

fn read(column: ValueRef<'_>) -> Done<Value> {
    match column {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(bytes) => {
            (String::from_utf8(bytes.to_vec()).map(Value::Text)).map_err(|_| Failure::Malformed)
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(Failure::Malformed),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(error.to_string())
    }
}
