//! `magespec backup`: a copy of a store's data file, while the store runs.

use std::path::PathBuf;

use crate::storage;

use super::output::say;
use super::{Exit, Failure};

/// Copy a store's data file, whether or not the store runs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  magespec backup copy.db
  magespec backup --data /var/lib/magespec/store.db /backups/store.db

The copy is of one moment, checked and on disk when the command ends. Its secrets are sealed as they were: keep the key, which stands beside
the data file, in another place. A PostgreSQL database is backed up with the tools of its own.")]
pub(super) struct Args {
    /// SQLite file that a store keeps
    #[arg(
        long,
        value_name = "FILE",
        default_value = "magespec.db",
        env = "MAGESPEC_DATA"
    )]
    data: PathBuf,
    /// File that gets the copy; there must be none yet
    #[arg(value_name = "COPY")]
    copy: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    storage::back_up(&args.data, &args.copy).map_err(|error| {
        Failure::usage(format_args!(
            "{error}; name a store's data file with --data, and for the copy a file that is not there yet"
        ))
    })?;
    say(format_args!("copied to {}", args.copy.display()));
    Ok(Exit::Success)
}
