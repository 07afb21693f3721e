//! The rules of the keepers in SQL, each written once. SQLite and PostgreSQL differ in what [`Database`] and [`Session`] say and in nothing
//! else: parameters are `?1`, columns are whole numbers and texts.
//!
//! Several processes may share a PostgreSQL database, where transactions run beside each other and each statement sees what was committed
//! before it. So a rule that reads and then writes holds even if another comes in between: the unique keys decide, `ON CONFLICT` waits
//! for the other, and who came second looks again.

mod credentials;
mod integrations;
mod migrations;
mod nonces;
mod notes;
mod people;
mod remember;
mod rows;
mod seal;
mod settings;
mod value;

pub(super) use remember::Remembered;
pub(super) use value::{Record, Value, at_rest, values};

use std::hash::Hash;

use self::remember::Answers;
use super::{Error, Result, Storage};

/// Why statements did not do what they should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database said no.
    #[error("{0}")]
    Refused(String),
    /// There is no connection, or no longer.
    #[cfg(feature = "postgres")]
    #[error("{0}")]
    Lost(String),
    /// Another transaction stood in the way; nothing was done.
    #[cfg(feature = "postgres")]
    #[error("{0}")]
    Conflict(String),
    /// A row holds what magespec does not write.
    #[error("a row of it was not written by magespec")]
    Malformed,
    /// The file is another program's.
    #[error("it belongs to another program, and nothing was changed in it")]
    Foreign,
    /// The file is not what SQLite wrote.
    #[error("it is damaged ({0}); put a backup in its place")]
    Damaged(String),
    /// The file is no longer the one that was opened.
    #[error(
        "it was deleted or replaced while the store runs, and what is written now would be lost; stop the store and start it again"
    )]
    Replaced,
    /// Its secrets were sealed with another key.
    #[error("its secrets were sealed with another key; give that key")]
    OtherKey,
    /// Its secrets are sealed.
    #[error("its secrets are sealed; give the key that they were sealed with")]
    NoKey,
    /// A later magespec wrote it.
    #[error("it was written by a later magespec ({done} migrations, this one knows {known})")]
    Newer {
        /// How many steps it has.
        done: u32,
        /// How many there are.
        known: usize,
    },
}

impl Failure {
    /// The error of a keeper at `place`.
    pub(super) fn at(&self, place: &str) -> Error {
        let (place, reason) = (place.to_owned(), self.to_string());
        match self {
            #[cfg(feature = "postgres")]
            Self::Lost(_) => Error::Unreachable { place, reason },
            _ => Error::Database { place, reason },
        }
    }
}

/// What a statement gave.
pub(crate) type Done<T> = std::result::Result<T, Failure>;

/// A connection, maybe within a transaction.
pub(crate) trait Session {
    /// Runs statements without parameters.
    fn batch(&mut self, sql: &str) -> Done<()>;
    /// Runs a statement; answers how many rows it wrote.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Done<usize>;
    /// Runs a statement that answers rows.
    fn rows(&mut self, sql: &str, values: &[Value]) -> Done<Vec<Record>>;
}

/// What runs the statements: a [`Storage`] by that alone.
pub(crate) trait Database: Send + Sync {
    /// The statements that leave no row and begin ids anew.
    const CLEAR: &[&str];

    /// Whether other stores may use the same database at the same time.
    const SHARED: bool;

    /// The statements that keep others from making the tables at the same time.
    const MIGRATING: &[&str] = &[];

    /// What the steps of the tables spell otherwise than SQLite.
    const SPELLING: &[(&str, &str)] = &[];

    /// What is remembered of it; nothing where others write too.
    fn remembered(&self) -> Option<&Remembered> {
        None
    }

    /// The answer to `key` among those of its kind that are remembered, or as it is read now.
    fn recalled<K: Eq + Hash, V: Clone>(
        &self,
        kind: impl FnOnce(&Remembered) -> &Answers<K, V>,
        key: K,
        read: impl FnOnce(&K) -> Result<Option<V>>,
    ) -> Result<Option<V>> {
        match self.remembered() {
            None => read(&key),
            Some(remembered) => kind(remembered).of(remembered, key, read),
        }
    }

    /// Runs statements that write nothing.
    fn read<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T>;
    /// Runs one statement that writes, which is a transaction by itself.
    fn alone<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T>;
    /// Runs `work` as one transaction, and once more when another one stood in its way.
    fn transact<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T>;
    /// Runs what spends a nonce as one transaction; where the operator chose so, without waiting until it is on disk.
    fn spend<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        self.transact(work)
    }

    /// Runs `work` while no other process on the database runs such.
    fn in_turn(&self, work: &mut dyn FnMut()) -> Result<()> {
        work();
        Ok(())
    }

    /// Runs one statement; answers how many rows it wrote.
    fn execute(&self, sql: &str, values: &[Value]) -> Result<usize> {
        self.alone(|session| session.execute(sql, values))
    }

    /// The first row that a statement answers.
    fn one<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(Record) -> Done<T>,
    ) -> Result<Option<T>> {
        self.read(|session| first(session, sql, values, &read))
    }

    /// Every row that a statement answers.
    fn many<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(Record) -> Done<T>,
    ) -> Result<Vec<T>> {
        self.read(|session| session.rows(sql, values)?.into_iter().map(&read).collect())
    }

    /// The row that a statement wrote and answers, if it wrote one.
    fn written<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(Record) -> Done<T>,
    ) -> Result<Option<T>> {
        self.alone(|session| first(session, sql, values, &read))
    }

    /// The row that an insert answers.
    fn added_row<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(Record) -> Done<T>,
    ) -> Result<T> {
        self.alone(|session| first(session, sql, values, &read)?.ok_or(Failure::Malformed))
    }

    /// The id that an insert answers.
    fn added(&self, sql: &str, values: &[Value]) -> Result<i64> {
        self.added_row(sql, values, |mut row| row.take())
    }
}

/// Brings the tables up to date, and seals what stands open when there is a key.
pub(super) fn prepare<D: Database>(database: &D, has_key: bool) -> Result<()> {
    database.transact(|session| {
        D::MIGRATING.iter().try_for_each(|sql| session.batch(sql))?;
        migrations::apply(session, D::SPELLING)?;
        seal::apply(session, has_key)
    })?;
    nonces::forget_lost_nonces(database)
}

/// The first row that a statement answers.
fn first<T>(
    session: &mut dyn Session,
    sql: &str,
    values: &[Value],
    read: impl Fn(Record) -> Done<T>,
) -> Done<Option<T>> {
    let row = session.rows(sql, values)?.into_iter().next();
    row.map(read).transpose()
}

impl<D: Database> Storage for D {
    fn exclusively(&self, work: &mut dyn FnMut()) -> Result<()> {
        self.in_turn(work)
    }

    fn is_shared(&self) -> bool {
        D::SHARED
    }

    fn clear(&self) -> Result<()> {
        self.transact(|session| {
            D::CLEAR
                .iter()
                .try_for_each(|statement| session.batch(statement))
        })
    }
}
