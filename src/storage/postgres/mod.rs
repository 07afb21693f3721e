//! PostgreSQL: a database that several stores may share.
//!
//! The trait blocks, the client does not: statements run on a thread of their own, callers wait for them. A lost connection is an error of
//! the call that met it; the next call gets another connection. Nothing is sent twice unless the database said that nothing was done.

mod text;
mod url;

use std::error::Error as _;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use deadpool_postgres::{
    Client, GenericClient, Manager, Object, Pool, PoolError, Runtime as PoolRuntime, Timeouts,
};
use rustls::ClientConfig;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Config, NoTls, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use self::text::{with_nul, without_nul};
use self::url::{parse, place_of};

use super::sql::{Database, Done, Failure, Record, Session, Value, at_rest, prepare};
use super::{Cipher, Result};
use crate::secret::Secret;

/// Connections at most. A server takes 100 unless told otherwise, and several stores may share it.
const CONNECTIONS: usize = 16;

/// How long a call waits for a connection, and then for each answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a transaction is tried while others stand in its way.
const ATTEMPTS: u32 = 8;

/// Taken by a store that starts or begins anew, for as long as that takes.
const TAKE_TURN: &str = "SELECT pg_try_advisory_xact_lock(7881694508301182308)";

/// How long another one may take for it.
const TURN_PATIENCE: Duration = Duration::from_mins(1);

/// How a database is used.
#[derive(Debug, Default)]
pub struct PostgresOptions {
    /// Seals the secrets; without it they stand open.
    pub cipher: Option<Cipher>,
    /// Speaks TLS, and says whose certificates count; without it nothing is encrypted on the way.
    pub tls: Option<Arc<ClientConfig>>,
}

/// A keeper on PostgreSQL.
///
/// A call blocks its thread, which must not be one that drives asynchronous tasks.
#[derive(Debug)]
pub struct Postgres {
    pool: Pool,
    io: Handle,
    /// Present until it is dropped.
    runtime: Option<Runtime>,
    cipher: Option<Arc<Cipher>>,
    place: String,
}

impl Postgres {
    /// Connects and brings the tables of the URL's database up to date.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when the server does not answer. [`Error::Database`] when `url` cannot be read, the server refuses the user or
    /// the database, or a later version wrote the tables. None shows the password.
    pub fn open(url: &Secret) -> Result<Self> {
        Self::open_with(url, PostgresOptions::default())
    }

    /// [`open`](Self::open), with these options.
    ///
    /// # Errors
    /// As [`open`](Self::open); also when the key is not the one that its secrets were sealed with.
    pub fn open_with(url: &Secret, options: PostgresOptions) -> Result<Self> {
        let config = parse(url)?;
        let place = place_of(&config);
        let mut opened = Self::connect(config, options.tls, place.clone())
            .map_err(|failure| failure.at(&place))?;
        opened.cipher = options.cipher.map(Arc::new);
        prepare(&opened, opened.cipher.is_some())?;
        Ok(opened)
    }

    /// The URL without the password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    fn connect(mut config: Config, tls: Option<Arc<ClientConfig>>, place: String) -> Done<Self> {
        let manager = match tls {
            Some(tls) => {
                // Whoever asks for TLS does not want to go without.
                config.ssl_mode(SslMode::Require);
                Manager::new(config, MakeRustlsConnect::new(tls.as_ref().clone()))
            }
            None if config.get_ssl_mode() == SslMode::Require => {
                let sentence =
                    "it is asked for with TLS, and whose certificates are trusted was not said";
                return Err(Failure::Refused(sentence.to_owned()));
            }
            None => Manager::new(config, NoTls),
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| Failure::Refused(format!("no threads: {error}")))?;
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(PoolRuntime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(PATIENCE),
                create: Some(PATIENCE),
                recycle: Some(PATIENCE),
            })
            .build()
            .map_err(|error| Failure::Refused(error.to_string()))?;
        Ok(Self {
            pool,
            io: runtime.handle().clone(),
            runtime: Some(runtime),
            cipher: None,
            place,
        })
    }

    /// Runs `work` on a connection, and again when the database says that nothing was done because of another transaction.
    fn tried<T>(&self, mut work: impl FnMut(&mut Client) -> Done<T>) -> Result<T> {
        let mut attempt = 1;
        loop {
            match self.client().and_then(|client| used(client, &mut work)) {
                Err(Failure::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                outcome => return outcome.map_err(|failure| failure.at(&self.place)),
            }
        }
    }

    fn client(&self) -> Done<Client> {
        self.io
            .block_on(self.pool.get())
            .map_err(|error| match error {
                PoolError::Backend(error) => Failure::from(error),
                PoolError::Timeout(_) => silent(),
                error => Failure::Lost(error.to_string()),
            })
    }
}

/// A connection that was lost, or that still owes an answer, does not come back.
fn used<T>(mut client: Client, work: impl FnOnce(&mut Client) -> Done<T>) -> Done<T> {
    let outcome = work(&mut client);
    if matches!(outcome, Err(Failure::Lost(_))) {
        drop(Object::take(client));
    }
    outcome
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Dropping a runtime waits, which a thread that drives tasks may not.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Database for Postgres {
    const CLEAR: &[&str] = &[
        "TRUNCATE integration, consumer, token, nonce, grant_rule, grant_resource, setting, account, throttle,
         person_token, revocation, document, note RESTART IDENTITY",
        "DELETE FROM installation WHERE name NOT IN ('seal', 'panel_key')",
    ];

    const SHARED: bool = true;

    // The letters `magespec`.
    const MIGRATING: &[&str] = &["SELECT pg_advisory_xact_lock(7881694508301182307)"];

    // Texts are in the order of their bytes, whatever the language of the database.
    const SPELLING: &[(&str, &str)] = &[
        (
            "INTEGER PRIMARY KEY AUTOINCREMENT",
            "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        ),
        (" WITHOUT ROWID", ""),
        ("INTEGER", "BIGINT"),
        ("TEXT", "TEXT COLLATE \"C\""),
    ];

    fn in_turn(&self, work: &mut dyn FnMut()) -> Result<()> {
        let began = Instant::now();
        let mut turn = || {
            let mut client = self.client()?;
            // The turn is over with the transaction, also when the process is killed.
            let transaction = answer(&self.io, client.transaction())?;
            loop {
                let row = answer(&self.io, transaction.query_one(TAKE_TURN, &[]))?;
                if row.try_get(0)? {
                    break;
                }
                if began.elapsed() > TURN_PATIENCE {
                    let sentence = "another store has been starting on it for a minute";
                    return Err(Failure::Lost(sentence.to_owned()));
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            work();
            answer(&self.io, transaction.commit())
        };
        let outcome: Done<()> = turn();
        outcome.map_err(|failure| failure.at(&self.place))
    }

    fn read<T>(&self, work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        self.alone(work)
    }

    fn alone<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        let (io, cipher) = (&self.io, self.cipher.as_ref());
        self.tried(|client| {
            work(&mut Remote {
                io,
                on: client,
                cipher,
            })
        })
    }

    fn transact<T>(&self, mut work: impl FnMut(&mut dyn Session) -> Done<T>) -> Result<T> {
        let (io, cipher) = (&self.io, self.cipher.as_ref());
        self.tried(|client| {
            // One that is dropped is rolled back.
            let transaction = answer(io, client.transaction())?;
            let value = work(&mut Remote {
                io,
                on: &transaction,
                cipher,
            })?;
            answer(io, transaction.commit())?;
            Ok(value)
        })
    }
}

/// Statements on a connection or in a transaction.
struct Remote<'a, C> {
    io: &'a Handle,
    on: &'a C,
    cipher: Option<&'a Arc<Cipher>>,
}

impl<C: GenericClient> Session for Remote<'_, C> {
    fn batch(&mut self, sql: &str) -> Done<()> {
        answer(self.io, self.on.batch_execute(sql))
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Done<usize> {
        let values = at_rest(values, self.cipher.map(Arc::as_ref));
        let count = answer(self.io, async {
            let statement = self.on.prepare_cached(&numbered(sql)).await?;
            self.on.execute(&statement, &bound(&values)).await
        })?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn rows(&mut self, sql: &str, values: &[Value]) -> Done<Vec<Record>> {
        let values = at_rest(values, self.cipher.map(Arc::as_ref));
        let rows = answer(self.io, async {
            let statement = self.on.prepare_cached(&numbered(sql)).await?;
            self.on.query(&statement, &bound(&values)).await
        })?;
        rows.iter().map(|row| read(row, self.cipher)).collect()
    }
}

fn answer<T>(
    io: &Handle,
    asked: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
) -> Done<T> {
    let answered = io.block_on(async { tokio::time::timeout(PATIENCE, asked).await });
    Ok(answered.map_err(|_| silent())??)
}

fn silent() -> Failure {
    Failure::Lost(format!("no answer within {} seconds", PATIENCE.as_secs()))
}

/// `?1` is `$1` here.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn bound(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        type_: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql_checked(type_, out),
            Self::Text(text) => without_nul(text).to_sql_checked(type_, out),
            Self::Secret(secret) => without_nul(secret.expose()).to_sql_checked(type_, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn read(row: &Row, cipher: Option<&Arc<Cipher>>) -> Done<Record> {
    let columns = (0..row.len()).map(|column| {
        Ok(if row.columns()[column].type_() == &Type::INT8 {
            row.try_get::<_, Option<i64>>(column)?.into()
        } else {
            row.try_get::<_, Option<String>>(column)?
                .map(with_nul)
                .into()
        })
    });
    Ok(Record::new(columns.collect::<Done<_>>()?, cipher))
}

impl From<tokio_postgres::Error> for Failure {
    /// The details of a refusal stay out: they quote rows, which hold secrets.
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            let source = error.source();
            let because = source.map(|source| format!(": {source}"));
            let reason = format!("{error}{}", because.unwrap_or_default());
            // What is wrong with the URL has another source, such as a password that is missing.
            return if source.is_none_or(<dyn std::error::Error>::is::<std::io::Error>) {
                Self::Lost(reason)
            } else {
                Self::Refused(reason)
            };
        };
        let reason = refusal.message().to_owned();
        match refusal.code() {
            &SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED => {
                Self::Conflict(reason)
            }
            // Starting, stopping, or full.
            code if ["08", "57P", "53"]
                .iter()
                .any(|class| code.code().starts_with(class)) =>
            {
                Self::Lost(reason)
            }
            _ => Self::Refused(reason),
        }
    }
}
