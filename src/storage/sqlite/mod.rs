//! SQLite: one file in WAL mode, or memory. What was answered is on disk, unless the operator chose otherwise for nonces.

mod connection;
mod file;
mod group;
mod readers;

pub use file::{back_up, is_sealed};

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior, params_from_iter};

use super::sql::{Database, Done, Failure, Record, Remembered, Session, Value, at_rest, prepare};
use super::{Cipher, Result};
use connection::set_up;
use file::Watch;
use group::Group;
use readers::Readers;

/// How a file is kept.
#[derive(Debug, Default)]
pub struct SqliteOptions {
    /// Seals the secrets; without it they stand open.
    pub cipher: Option<Cipher>,
    /// A nonce is written a moment after the answer: one that was spent just before a crash can be spent again.
    pub fast_nonces: bool,
}

/// A keeper on SQLite.
#[derive(Debug)]
pub struct Sqlite {
    engine: Engine,
    cipher: Option<Arc<Cipher>>,
    fast_nonces: bool,
    remembered: Remembered,
    place: String,
}

#[derive(Debug)]
enum Engine {
    /// One connection that writes, for many at a time, and others that read.
    File {
        writer: Arc<Group>,
        readers: Readers,
        watch: Arc<Watch>,
    },
    Memory(Mutex<Connection>),
}

impl Sqlite {
    /// Opens or creates the file and brings its tables up to date; its secrets stand open.
    ///
    /// # Errors
    /// [`Error::Database`](super::Error::Database) when the file cannot be opened, is damaged, another program's or a later version's.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, SqliteOptions::default())
    }

    /// Opens or creates the file and brings its tables up to date.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when the key is not the one that its secrets were sealed with.
    pub fn open_with(path: &Path, options: SqliteOptions) -> Result<Self> {
        let place = path.display().to_string();
        let engine = || {
            let (connection, watch) = file::open(path)?;
            let watch = Arc::new(watch);
            let writer = Arc::new(Group::new(connection));
            if options.fast_nonces {
                group::commit_now_and_then(&writer);
            }
            Ok(Engine::File {
                writer,
                readers: Readers::new(path),
                watch,
            })
        };
        let engine = engine().map_err(|failure: Failure| failure.at(&place))?;
        Self::prepared(engine, options, place)
    }

    /// A keeper that forgets everything when it is dropped.
    ///
    /// # Errors
    /// [`Error::Database`](super::Error::Database) when SQLite cannot start.
    pub fn in_memory() -> Result<Self> {
        let place = ":memory:".to_owned();
        let opened = Connection::open_in_memory()
            .map_err(Failure::from)
            .and_then(|connection| set_up(&connection).map(|()| connection));
        let connection = opened.map_err(|failure| failure.at(&place))?;
        let engine = Engine::Memory(Mutex::new(connection));
        Self::prepared(engine, SqliteOptions::default(), place)
    }

    fn prepared(engine: Engine, options: SqliteOptions, place: String) -> Result<Self> {
        let keeper = Self {
            engine,
            cipher: options.cipher.map(Arc::new),
            fast_nonces: options.fast_nonces,
            remembered: Remembered::default(),
            place,
        };
        prepare(&keeper, keeper.cipher.is_some())?;
        Ok(keeper)
    }

    /// Runs `work`; `alone` when it is one statement, `now` unless nobody waits until it is on disk.
    fn write<T>(
        &self,
        alone: bool,
        now: bool,
        mut work: impl FnMut(&mut dyn Session) -> Done<T>,
    ) -> Result<T> {
        let cipher = self.cipher.as_ref();
        let outcome = match &self.engine {
            Engine::File { writer, watch, .. } => watch.check().and_then(|()| {
                writer.run(alone, now, |connection| {
                    work(&mut Local { connection, cipher })
                })
            }),
            Engine::Memory(connection) => {
                let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                if alone {
                    work(&mut Local {
                        connection: &connection,
                        cipher,
                    })
                } else {
                    in_transaction(&mut connection, |connection| {
                        work(&mut Local { connection, cipher })
                    })
                }
            }
        };
        outcome.map_err(|failure| failure.at(&self.place))
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Done<T>,
) -> Done<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

impl Database for Sqlite {
    const CLEAR: &[&str] = &[
        "DELETE FROM integration; DELETE FROM consumer; DELETE FROM nonce; DELETE FROM setting;
         DELETE FROM installation WHERE name NOT IN ('seal', 'panel_key'); DELETE FROM account; DELETE FROM throttle; DELETE FROM person_token;
         DELETE FROM revocation; DELETE FROM document; DELETE FROM note; DELETE FROM sqlite_sequence;",
    ];

    const SHARED: bool = false;

    fn read<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        let cipher = self.cipher.as_ref();
        let mut read = |connection: &Connection| work(&mut Local { connection, cipher });
        let outcome = match &self.engine {
            Engine::File { readers, watch, .. } => watch.check().and_then(|()| readers.run(read)),
            Engine::Memory(connection) => {
                read(&connection.lock().unwrap_or_else(PoisonError::into_inner))
            }
        };
        outcome.map_err(|failure| failure.at(&self.place))
    }

    fn remembered(&self) -> Option<&Remembered> {
        Some(&self.remembered)
    }

    fn alone<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        let outcome = self.write(true, true, work);
        self.remembered.forget();
        outcome
    }

    fn transact<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        let outcome = self.write(false, true, work);
        self.remembered.forget();
        outcome
    }

    fn spend<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        // Of its statements one writes, and the others read what nobody else changes meanwhile.
        self.write(true, !self.fast_nonces, work)
    }
}

/// Statements on a connection.
struct Local<'a> {
    connection: &'a Connection,
    cipher: Option<&'a Arc<Cipher>>,
}

impl Session for Local<'_> {
    fn batch(&mut self, sql: &str) -> Done<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Done<usize> {
        let values = at_rest(values, self.cipher.map(Arc::as_ref));
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.execute(params_from_iter(values.iter()))?)
    }

    fn rows(&mut self, sql: &str, values: &[Value]) -> Done<Vec<Record>> {
        let values = at_rest(values, self.cipher.map(Arc::as_ref));
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values.iter()))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let read = |column| read(row.get_ref(column)?);
            let columns = (0..columns).map(read).collect::<Done<_>>()?;
            records.push(Record::new(columns, self.cipher));
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
            Self::Secret(secret) => ValueRef::Text(secret.expose().as_bytes()),
        }))
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(error.to_string())
    }
}
