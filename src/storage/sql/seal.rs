//! Sealing what stands open: once, when a database gets its key.

use super::{Done, Session, first, values};
use crate::secret::Secret;

/// The columns that hold secrets: table and column.
const COLUMNS: &[(&str, &str)] = &[
    ("consumer", "secret"),
    ("token", "secret"),
    ("token", "verifier"),
];

/// The value of the installation that tells whether a key opens the others; the one that a reset leaves.
pub(in crate::storage) const PROOF: &str = "seal";

/// Checks that the key is the database's, or seals everything with it when there was none.
pub(in crate::storage) fn apply(session: &mut dyn Session, has_key: bool) -> Done<()> {
    let proof = "SELECT value FROM installation WHERE name = ?1";
    let known = first(session, proof, values![PROOF], |mut row| row.take_secret())?;
    if known.is_some() || !has_key {
        return Ok(());
    }
    for (table, column) in COLUMNS {
        let read = format!("SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL");
        let write = format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1");
        for mut row in session.rows(&read, &[])? {
            let (id, secret): (i64, Secret) = (row.take()?, row.take_secret()?);
            session.execute(&write, values![id, &secret])?;
        }
    }
    let write = "UPDATE installation SET value = ?2 WHERE name = ?1";
    for mut row in session.rows("SELECT name, value FROM installation", &[])? {
        let (name, secret): (String, Secret) = (row.take()?, row.take_secret()?);
        session.execute(write, values![name, &secret])?;
    }
    let keep = "INSERT INTO installation VALUES (?1, ?2)";
    session.execute(keep, values![PROOF, &Secret::from(PROOF)])?;
    Ok(())
}
