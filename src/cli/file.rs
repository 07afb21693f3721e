//! Files that a command is given: read to their end, up to a limit, so that a device or a dump by mistake does not fill the memory.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::Path;

/// Bytes of a file that are read; reports of whole runs are the largest.
const LARGEST: u64 = 64 << 20;

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read or is larger than what is read.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::other(format!(
            "it has more than {} MiB",
            LARGEST >> 20
        )));
    }
    Ok(bytes)
}

/// The text of a file.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub(super) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?)
        .map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
}
