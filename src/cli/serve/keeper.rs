//! What keeps the store's data: a file, the memory of the process, or a PostgreSQL database.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

#[cfg(feature = "postgres")]
use crate::cli::Exit;
use crate::cli::Failure;
use crate::secret::Secret;
use crate::storage::{Sqlite, Storage};

/// The flags that say so.
#[derive(Debug, clap::Args)]
struct Flags {
    /// SQLite file that keeps everything
    #[arg(
        long,
        value_name = "FILE",
        default_value = "magespec.db",
        env = "MAGESPEC_DATA"
    )]
    data: PathBuf,
    /// PostgreSQL database that keeps everything, postgres://USER:PASSWORD@HOST/DB, instead of a file; several stores may share it.
    /// Better from the environment. Needs the cargo feature `postgres`
    #[arg(
        long,
        value_name = "URL",
        env = "MAGESPEC_DATABASE",
        hide_env_values = true,
        hide_default_value = true
    )]
    database: Option<Secret>,
    /// Keeps everything in memory, for this run only
    #[arg(long, env = "MAGESPEC_EPHEMERAL")]
    ephemeral: bool,
}

/// What keeps the data, by the flags, the environment and the configuration file, in this order.
#[derive(Debug)]
pub(super) enum Keeper {
    Database(Secret),
    File(PathBuf),
    Memory,
}

impl Keeper {
    /// Whether the data outlive the process.
    pub(super) const fn lasts(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// The storage, and where it is, as a person would say it.
    pub(super) fn open(&self) -> Result<(Box<dyn Storage>, String), Failure> {
        let (opened, place) = match self {
            Self::Database(url) => return open_database(url),
            Self::File(path) => (Sqlite::open(path), format!("in {}", path.display())),
            Self::Memory => {
                let place = "in memory, gone at the end".to_owned();
                (Sqlite::in_memory(), place)
            }
        };
        let storage = opened.map_err(|error| {
            Failure::usage(format_args!(
                "{error}; name another file with --data, or use --ephemeral"
            ))
        })?;
        Ok((Box::new(storage), place))
    }
}

#[cfg(feature = "postgres")]
fn open_database(url: &Secret) -> Result<(Box<dyn Storage>, String), Failure> {
    use crate::storage::{Error, Postgres};
    let storage = Postgres::open(url).map_err(|error| match error {
        Error::Unreachable { .. } => Failure::new(
            Exit::Unreachable,
            format_args!("{error}; start its server, or correct --database"),
        ),
        error => Failure::usage(format_args!("{error}; correct --database")),
    })?;
    let place = format!("in {}", storage.place());
    Ok((Box::new(storage), place))
}

#[cfg(not(feature = "postgres"))]
fn open_database(_: &Secret) -> Result<(Box<dyn Storage>, String), Failure> {
    Err(Failure::usage(
        "this magespec was built without PostgreSQL; build it with the cargo feature `postgres` (cargo build --release --features postgres), or name a file with --data",
    ))
}

impl FromArgMatches for Keeper {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flags = Flags::from_arg_matches(matches)?;
        // The file's values are defaults to clap, as the built-in ones are.
        let source = |flag| matches.value_source(flag);
        let data = source("data").filter(|source| *source > ValueSource::DefaultValue);
        let memory = source("ephemeral").filter(|_| flags.ephemeral);
        if let Some(url) = flags.database {
            let database = source("database");
            for (flag, other) in [("--data", data), ("--ephemeral", memory)] {
                if other == database {
                    let sentence =
                        format!("--database cannot be used with {flag}; leave one out\n");
                    return Err(clap::Error::raw(ErrorKind::ArgumentConflict, sentence));
                }
            }
            if database > data && database > memory {
                return Ok(Self::Database(url));
            }
        }
        Ok(if memory.is_some() && memory >= data {
            Self::Memory
        } else {
            Self::File(flags.data)
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Keeper {
    fn augment_args(command: Command) -> Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args_for_update(command)
    }
}
