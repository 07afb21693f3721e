//! What keeps the store's data: a file, the memory of the process, or a PostgreSQL database.

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

#[cfg(feature = "postgres")]
use crate::cli::Exit;
use crate::cli::Failure;
use crate::random::SystemEntropy;
use crate::secret::Secret;
use crate::storage::{Cipher, Sqlite, SqliteOptions, Storage, is_sealed};
#[cfg(feature = "postgres")]
use crate::text::percent;
#[cfg(feature = "postgres")]
use crate::wire::tls::{self, Trust};

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
    /// `sslmode=verify-full` and `sslrootcert=FILE` for TLS. Better from the environment. Needs the cargo feature `postgres`
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
    /// File with the key that seals the secrets in the data: 32 bytes, made when it is not there (beside the data file when left out; the
    /// secrets in a PostgreSQL database are sealed only when this is given)
    #[arg(long, value_name = "FILE", env = "MAGESPEC_DATA_KEY_FILE")]
    data_key_file: Option<PathBuf>,
    /// Answers before a nonce is on disk: faster, and a request that was answered in the last moment before a crash can be replayed after it
    #[arg(long, env = "MAGESPEC_FAST_NONCES")]
    fast_nonces: bool,
}

/// What keeps the data, by the flags, the environment and the configuration file, in this order.
#[derive(Debug)]
pub(super) enum Keeper {
    Database {
        url: Secret,
        key: Option<PathBuf>,
    },
    File {
        path: PathBuf,
        key: Option<PathBuf>,
        fast_nonces: bool,
    },
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
            Self::Database { url, key } => return open_database(url, key.as_deref()),
            Self::File {
                path,
                key,
                fast_nonces,
            } => {
                let options = SqliteOptions {
                    cipher: Some(cipher(path, key.as_deref())?),
                    fast_nonces: *fast_nonces,
                };
                let trade = if *fast_nonces {
                    ", nonces a moment later: the last ones before a crash can be used again"
                } else {
                    ""
                };
                let place = format!("in {}{trade}", path.display());
                (Sqlite::open_with(path, options), place)
            }
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

/// The key of a data file: the given one, or the one beside it. None is made for secrets that another one sealed.
fn cipher(data: &Path, key: Option<&Path>) -> Result<Cipher, Failure> {
    let beside = || {
        let mut place = data.as_os_str().to_owned();
        place.push(".key");
        PathBuf::from(place)
    };
    let place = key.map_or_else(beside, Path::to_owned);
    Cipher::from_file(&place, !is_sealed(data), &SystemEntropy).map_err(|error| {
        let sentence = "the secrets in the data are sealed: give their key with --data-key-file";
        Failure::usage(format_args!("{error}; {sentence}"))
    })
}

#[cfg(feature = "postgres")]
fn open_database(url: &Secret, key: Option<&Path>) -> Result<(Box<dyn Storage>, String), Failure> {
    use crate::storage::{Error, Postgres, PostgresOptions};
    let key = key.map(|place| Cipher::from_file(place, true, &SystemEntropy));
    let (url, trust) = security(url)?;
    let options = PostgresOptions {
        cipher: key.transpose().map_err(Failure::usage)?,
        tls: match trust {
            Some(trust) => Some(tls::client(&trust).map_err(Failure::usage)?),
            None => None,
        },
    };
    let storage = Postgres::open_with(&url, options).map_err(|error| match error {
        Error::Unreachable { .. } => Failure::new(
            Exit::Unreachable,
            format_args!("{error}; start its server, or correct --database"),
        ),
        error => Failure::usage(format_args!("{error}; correct --database")),
    })?;
    let place = format!("in {}", storage.place());
    Ok((Box::new(storage), place))
}

/// The URL as the client reads it, and whose certificates it asks for: `sslmode` and `sslrootcert` mean what they mean to other clients of
/// PostgreSQL.
#[cfg(feature = "postgres")]
fn security(url: &Secret) -> Result<(Secret, Option<Trust>), Failure> {
    let Some((address, query)) = url.expose().split_once('?') else {
        return Ok((url.clone(), None));
    };
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(other, _)| *other == name);
        values.next_back().map(|(_, value)| value)
    };
    let root = value("sslrootcert").map(|file| PathBuf::from(percent::decode_text(file).as_ref()));
    let trust = match (value("sslmode"), root) {
        (None | Some("disable" | "allow" | "prefer"), None) => return Ok((url.clone(), None)),
        (None | Some("require" | "verify-full"), Some(root)) => Trust::File(root),
        (Some("require"), None) => Trust::Anyone,
        (Some("verify-full"), None) => Trust::System,
        (Some(mode), _) => {
            return Err(Failure::usage(format_args!(
                "`sslmode={mode}` cannot be used here: choose `verify-full`, which checks certificate and name, with `sslrootcert=FILE` for an authority of your own, or `require`, which checks neither"
            )));
        }
    };
    let of_tls = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        !matches!(name, "sslmode" | "sslrootcert")
    };
    let mut kept: Vec<&str> = query.split('&').filter(of_tls).collect();
    kept.push("sslmode=require");
    let url = format!("{address}?{}", kept.join("&"));
    Ok((Secret::new(url), Some(trust)))
}

#[cfg(not(feature = "postgres"))]
fn open_database(_: &Secret, _: Option<&Path>) -> Result<(Box<dyn Storage>, String), Failure> {
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
                if flags.fast_nonces {
                    let sentence = "--fast-nonces is for a data file; leave it out, and set `synchronous_commit` in the database\n";
                    return Err(clap::Error::raw(ErrorKind::ArgumentConflict, sentence));
                }
                return Ok(Self::Database {
                    url,
                    key: flags.data_key_file,
                });
            }
        }
        Ok(if memory.is_some() && memory >= data {
            Self::Memory
        } else {
            Self::File {
                path: flags.data,
                key: flags.data_key_file,
                fast_nonces: flags.fast_nonces,
            }
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
