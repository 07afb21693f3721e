//! How a connection is opened.

use std::time::Duration;

use rusqlite::Connection;

use crate::storage::sql::Done;

/// What every connection is told.
pub(super) fn set_up(connection: &Connection) -> Done<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -4096;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
