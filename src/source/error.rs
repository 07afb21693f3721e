//! Why folders cannot be read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::xml::limits::MAX_BYTES;

/// Folders inside each other that are followed.
pub(super) const MAX_FOLDERS: usize = 64;
/// Files of one archive that are looked at.
pub(super) const MAX_ENTRIES: usize = 200_000;
/// Bytes of all files together.
pub(super) const MAX_TOTAL: usize = 512 * 1024 * 1024;

/// Why folders cannot be read. `Display` names the path, what was expected and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing has this path.
    #[error("`{}` does not exist; give a module folder, a folder of modules or an XML file", .0.display())]
    Missing(PathBuf),
    /// No module is in it.
    #[error("`{}` holds no module: expected `etc/module.xml` in it or in a folder below", .0.display())]
    NoModule(PathBuf),
    /// A folder has module files but no `etc/module.xml`.
    #[error("`{}` has no `etc/module.xml`, so a store does not load it; add the file or name another folder", .0.display())]
    NoModuleXml(PathBuf),
    /// The system refuses.
    #[error("`{}` cannot be read: {reason}", path.display())]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },
    /// A folder, a pipe or a device stands where a file is expected.
    #[error("`{}` is {what}, not a file; remove it or name another path", path.display())]
    NoFile {
        /// What is no file.
        path: PathBuf,
        /// `a folder` or `a pipe or device`.
        what: &'static str,
    },
    /// A link leads to nothing.
    #[error("the link `{}` leads to nothing; remove it or let it lead to a file", .0.display())]
    Dangling(PathBuf),
    /// A file is larger than what is read.
    #[error("`{}` is larger than the {} MiB that are read of a module file; name a folder without it", .0.display(), MAX_BYTES >> 20)]
    TooLarge(PathBuf),
    /// All files together are larger than what is read.
    #[error("the files below `{}` are larger than {} MiB together; name fewer folders", .0.display(), MAX_TOTAL >> 20)]
    TooMuch(PathBuf),
    /// An archive cannot be read.
    #[error("the archive `{}` cannot be read: {reason}; unpack it and name the folder", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Folders are nested too deep.
    #[error("`{}` lies more than {MAX_FOLDERS} folders deep; name a folder nearer to the modules", .0.display())]
    TooDeep(PathBuf),
}

pub(super) fn no_file(path: PathBuf, there: &fs::Metadata) -> Error {
    let what = if there.is_dir() {
        "a folder"
    } else {
        "a pipe or device"
    };
    Error::NoFile { path, what }
}

pub(super) fn unreadable(path: &Path, reason: io::Error) -> Error {
    Error::Unreadable {
        path: path.to_owned(),
        reason,
    }
}
