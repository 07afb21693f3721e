//! The file of a database: whose it is, whether it is whole, and whether it is still there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rusqlite::{Connection, OpenFlags};

use super::connection::set_up;
use crate::storage::Result;
use crate::storage::sql::{Done, Failure};
use crate::storage::vault::private;

/// Marks the file as a store's: the application id that SQLite keeps in its header.
const APPLICATION_ID: i32 = 0x6D73_7374;

/// Opens or makes the file: its owner's alone, a store's, whole.
pub(super) fn open(path: &Path) -> Done<(Connection, Watch)> {
    match private(path) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Failure::Refused(error.to_string())),
    }
    let connection = Connection::open(path)?;
    set_up(&connection)?;
    let number = |sql: &str| -> Done<i32> { Ok(connection.query_row(sql, [], |row| row.get(0))?) };
    let id = number("PRAGMA application_id")?;
    let tables = number("SELECT count(*) FROM sqlite_master")?;
    // Files of before the id.
    let known =
        "SELECT count(*) FROM sqlite_master WHERE name IN ('migration', 'integration', 'nonce')";
    if id != APPLICATION_ID && (id != 0 || (tables > 0 && number(known)? < 3)) {
        return Err(Failure::Foreign);
    }
    own(path);
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(Failure::Damaged(check));
    }
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA application_id = {APPLICATION_ID};"
    ))?;
    Ok((connection, Watch::new(path)))
}

/// The file and what SQLite puts beside it are their owner's alone; whoever does not own it leaves it as it is.
fn own(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for suffix in ["", "-wal", "-shm"] {
            let mut place = path.as_os_str().to_owned();
            place.push(suffix);
            if let Ok(known) = fs::metadata(&place)
                && known.permissions().mode() & 0o077 != 0
            {
                let _ = fs::set_permissions(&place, fs::Permissions::from_mode(0o600));
            }
        }
    }
}

/// Notices that the file is no longer the one that was opened: what is written then is lost.
#[derive(Debug)]
pub(super) struct Watch {
    path: PathBuf,
    opened: Option<Identity>,
    since: Instant,
    /// Milliseconds after `since`.
    looked: AtomicU64,
}

/// How often it is looked at, in milliseconds.
const PERIOD: u64 = 1_000;

impl Watch {
    fn new(path: &Path) -> Self {
        Self {
            opened: identity(path),
            path: path.to_owned(),
            since: Instant::now(),
            looked: AtomicU64::new(0),
        }
    }

    pub(super) fn check(&self) -> Done<()> {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let looked = self.looked.load(Ordering::Relaxed);
        if now < looked.saturating_add(PERIOD) {
            return Ok(());
        }
        if self.opened != identity(&self.path) {
            return Err(Failure::Replaced);
        }
        self.looked.store(now, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = ();

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let known = fs::metadata(path).ok()?;
    Some((known.dev(), known.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::metadata(path).ok().map(drop)
}

/// Whether the secrets in this file were sealed; no when there is no such file yet.
#[must_use]
pub fn is_sealed(path: &Path) -> bool {
    let sql = "SELECT count(*) FROM installation WHERE name = 'seal'";
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags);
    let count = opened.and_then(|file| file.query_row(sql, [], |row| row.get::<_, i64>(0)));
    count.is_ok_and(|count| count > 0)
}

/// Copies a store's file as it is at one moment, whether or not a store writes to it, to a file that is not there yet; the copy is checked
/// and on disk when this returns.
///
/// # Errors
/// [`Error::Database`](crate::storage::Error::Database) names the file that is at fault.
pub fn back_up(from: &Path, to: &Path) -> Result<()> {
    let at = |path: &Path| {
        let place = path.display().to_string();
        move |failure: Failure| failure.at(&place)
    };
    let source = source(from).map_err(at(from))?;
    let made = private(to).map_err(|error| at(to)(Failure::Refused(error.to_string())))?;
    copy(&source, to, &made).map_err(|failure| {
        let _ = fs::remove_file(to);
        at(to)(failure)
    })
}

fn source(from: &Path) -> Done<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags)?;
    set_up(&source)?;
    let id: i32 = source.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id == APPLICATION_ID {
        Ok(source)
    } else {
        Err(Failure::Foreign)
    }
}

fn copy(source: &Connection, to: &Path, made: &fs::File) -> Done<()> {
    source.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    made.sync_all()
        .map_err(|error| Failure::Refused(error.to_string()))?;
    let target = Connection::open(to)?;
    let check: String = target.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match check.as_str() {
        "ok" => Ok(()),
        _ => Err(Failure::Damaged(check)),
    }
}
