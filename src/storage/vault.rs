//! Sealed records in one SQLite file: what an app must not lose and nobody else may read.
//!
//! A record is a name and a text. The text is sealed with AES-256-GCM; the name goes into the seal, so that records cannot be exchanged.
//! The file and the key are readable by their owner alone.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::random::Entropy;

/// Bytes of a key.
const KEY_LENGTH: usize = 32;

/// Marks the file as a vault: the application id that SQLite keeps in its header.
const APPLICATION_ID: i32 = 0x6D73_7661;

/// Why a vault cannot be used. `Display` names the file and the next step.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database file cannot be opened, read or written.
    #[error("cannot use `{}`: {reason}; choose a file in a folder that exists and may be written", place.display())]
    File {
        /// Which.
        place: PathBuf,
        /// What the system or the database said.
        reason: String,
    },
    /// The file belongs to another program.
    #[error("`{}` is not a file of this app: choose another, nothing was changed", .0.display())]
    Foreign(PathBuf),
    /// The key file has the wrong length.
    #[error("`{}` does not hold a key: expected exactly 32 bytes; remove the file to have one made, if it never sealed anything", .0.display())]
    Key(PathBuf),
    /// The key does not open the records.
    #[error("the key in `{}` does not open `{}`: give the key with which it was written", key.display(), place.display())]
    Sealed {
        /// The database file.
        place: PathBuf,
        /// The key file.
        key: PathBuf,
    },
}

/// Sealed records, by name.
pub struct Vault {
    connection: Mutex<Connection>,
    key: LessSafeKey,
    place: PathBuf,
    key_place: PathBuf,
}

impl Vault {
    /// Opens or makes the file and its key. A key is made only while there is no database yet.
    ///
    /// # Errors
    /// [`VaultError`], also when a record does not open with the key.
    pub fn open(place: &Path, key_place: &Path, entropy: &dyn Entropy) -> Result<Self, VaultError> {
        let file = |error: &dyn std::fmt::Display| VaultError::File {
            place: place.to_owned(),
            reason: error.to_string(),
        };
        let is_new = !place.exists();
        let bytes = key_file(key_place, is_new, entropy)?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes)
            .map_err(|_| VaultError::Key(key_place.to_owned()))?;
        let key = LessSafeKey::new(key);
        if is_new {
            private(place).map_err(|error| file(&error))?;
        }
        let connection = Connection::open(place).map_err(|error| file(&error))?;
        connection
            .busy_timeout(Duration::from_secs(5))
            .map_err(|error| file(&error))?;
        let id: i32 = connection
            .query_row("PRAGMA application_id", [], |row| row.get(0))
            .map_err(|error| file(&error))?;
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
            .map_err(|error| file(&error))?;
        if id != APPLICATION_ID && tables > 0 {
            return Err(VaultError::Foreign(place.to_owned()));
        }
        connection
            .execute_batch(&format!(
                "PRAGMA application_id = {APPLICATION_ID}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE IF NOT EXISTS record (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;"
            ))
            .map_err(|error| file(&error))?;
        let vault = Self {
            connection: Mutex::new(connection),
            key,
            place: place.to_owned(),
            key_place: key_place.to_owned(),
        };
        vault.records()?;
        Ok(vault)
    }

    /// Every record, by name.
    ///
    /// # Errors
    /// [`VaultError::File`], [`VaultError::Sealed`].
    pub fn records(&self) -> Result<Vec<(String, String)>, VaultError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT name, sealed FROM record ORDER BY name")
            .map_err(|error| self.failed(&error))?;
        let rows = statement
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .map_err(|error| self.failed(&error))?;
        let mut records = Vec::new();
        for row in rows {
            let (name, sealed) = row.map_err(|error| self.failed(&error))?;
            let text = self.opened(&name, sealed)?;
            records.push((name, text));
        }
        Ok(records)
    }

    /// Writes a record; on disk when this returns.
    ///
    /// # Errors
    /// [`VaultError::File`].
    pub fn put(&self, name: &str, text: &str, entropy: &dyn Entropy) -> Result<(), VaultError> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = text.as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut sealed,
            )
            .map_err(|error| self.failed(&error))?;
        let mut record = nonce.to_vec();
        record.append(&mut sealed);
        self.connection()
            .execute(
                "INSERT INTO record (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                (name, record),
            )
            .map_err(|error| self.failed(&error))?;
        Ok(())
    }

    /// Removes a record, if there is one.
    ///
    /// # Errors
    /// [`VaultError::File`].
    pub fn remove(&self, name: &str) -> Result<(), VaultError> {
        self.connection()
            .execute("DELETE FROM record WHERE name = ?1", [name])
            .map_err(|error| self.failed(&error))?;
        Ok(())
    }

    fn opened(&self, name: &str, mut record: Vec<u8>) -> Result<String, VaultError> {
        let sealed = || VaultError::Sealed {
            place: self.place.clone(),
            key: self.key_place.clone(),
        };
        if record.len() < NONCE_LEN {
            return Err(sealed());
        }
        let mut text = record.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&record).map_err(|_| sealed())?;
        let opened = self
            .key
            .open_in_place(nonce, Aad::from(name.as_bytes()), &mut text)
            .map_err(|_| sealed())?;
        String::from_utf8(opened.to_vec()).map_err(|_| sealed())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, reason: &dyn std::fmt::Display) -> VaultError {
        VaultError::File {
            place: self.place.clone(),
            reason: reason.to_string(),
        }
    }
}

/// The bytes of a key file; made when it is not there and `may_be_made`.
pub(super) fn key_file(
    place: &Path,
    may_be_made: bool,
    entropy: &dyn Entropy,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let file = |error: std::io::Error| VaultError::File {
        place: place.to_owned(),
        reason: error.to_string(),
    };
    let bytes = match fs::read(place) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound && may_be_made => {
            let mut bytes = Zeroizing::new(vec![0; KEY_LENGTH]);
            entropy.fill(&mut bytes);
            private(place)
                .and_then(|mut file| {
                    file.write_all(&bytes)?;
                    file.sync_all()
                })
                .map_err(file)?;
            bytes
        }
        Err(error) => return Err(file(error)),
    };
    if bytes.len() != KEY_LENGTH {
        return Err(VaultError::Key(place.to_owned()));
    }
    Ok(bytes)
}

/// A new file that only its owner may read.
pub(super) fn private(place: &Path) -> std::io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)
}
