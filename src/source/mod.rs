//! Module folders on disk or in archives, read into memory with limits. Only the files that [`FileKind`] names are opened, and the PHP files
//! of which a setup script speaks; nothing is judged here.
//!
//! A folder below a module is no module of its own, as no store loads it, unless the `composer.json` of the module registers it. A link that
//! leaves the folders that were named is never followed.

mod archive;
mod classes;
mod hints;
mod walk;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::module::{FileKind, SourceFile};
use crate::xml::limits::MAX_BYTES;
use walk::Walk;

/// Folders inside each other that are followed.
const MAX_FOLDERS: usize = 64;
/// Bytes of all files together.
const MAX_TOTAL: usize = 512 * 1024 * 1024;
/// Files of one archive that are looked at.
const MAX_ENTRIES: usize = 200_000;

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

/// What is found at or below some paths.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// In the order of the paths and then by name.
    pub files: Vec<SourceFile>,
    /// What stands there and was not read, each in one sentence.
    pub left_out: Vec<String>,
}

/// Paths that are left out: a pattern with `*`, `?` and `**`, held against the path as it is spelled, below the path that was named, and,
/// without a `/` in it, against the name of each file and folder.
#[derive(Clone, Debug)]
pub struct Exclusion(Pattern);

impl std::str::FromStr for Exclusion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim_end_matches('/');
        match Pattern::new(text) {
            Ok(pattern) => Ok(Self(pattern)),
            Err(error) => Err(format!(
                "`{text}` is no pattern of paths: {} at {}; write one such as `**/Legacy/*`",
                error.msg, error.pos
            )),
        }
    }
}

impl Exclusion {
    fn has(&self, path: &str, below: &str) -> bool {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::new()
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let has = |text: &str| self.0.matches_with(text, options);
        has(path) || has(below) || !self.0.as_str().contains('/') && has(name)
    }
}

/// The files of every module at or below `paths`, each of which must hold at least one; for a store, which does not load a folder without
/// `etc/module.xml`.
///
/// # Errors
/// As [`read_files`], and when no folder has `etc/module.xml`.
pub fn read_modules(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Error> {
    let mut files = read_files(paths)?;
    let declared: HashSet<String> = files
        .iter()
        .filter_map(|file| FileKind::of_path(&file.path))
        .filter(|(kind, _)| *kind == FileKind::Module)
        .map(|(_, folder)| folder.to_owned())
        .collect();
    let mut undeclared: Vec<String> = Vec::new();
    files.retain(|file| {
        // Of PHP files the walk has found the module.
        if file.is_deployment()
            || FileKind::is_php(&file.path)
            || FileKind::of_area_path(&file.path).is_some()
        {
            return true;
        }
        let folder = FileKind::of_path(&file.path).map_or(file.path.as_str(), |(_, folder)| folder);
        let is_declared = declared.contains(folder);
        if !is_declared && !undeclared.iter().any(|known| known == folder) {
            undeclared.push(folder.to_owned());
        }
        is_declared
    });
    match undeclared.first() {
        Some(folder) if declared.is_empty() => Err(Error::NoModuleXml(PathBuf::from(folder))),
        _ => {
            for folder in undeclared {
                tracing::warn!("`{folder}` has no `etc/module.xml`, so a store does not load it");
            }
            Ok(files)
        }
    }
}

/// The files of every module at or below `paths`, in the order of the paths and then by name; a path may also be a single file or an
/// archive. A folder that is reached twice counts once.
///
/// # Errors
/// When a path does not exist, holds no module, cannot be read or breaks a limit.
pub fn read_files(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Error> {
    Ok(gather(paths, &[])?.files)
}

/// The same without what `exclude` leaves out, and with what was not read.
///
/// # Errors
/// As [`read_files`].
pub fn gather(paths: &[PathBuf], exclude: &[Exclusion]) -> Result<Gathered, Error> {
    let mut walk = Walk::new(paths, exclude);
    for path in paths {
        let kind = fs::metadata(path).map_err(|reason| match reason.kind() {
            io::ErrorKind::NotFound => Error::Missing(path.clone()),
            _ => unreadable(path, reason),
        })?;
        if kind.is_dir() {
            walk.root(path)?;
        } else if archive::is_archive(path) {
            let inside = archive::read(path)?;
            walk.add_archive(path, inside)?;
        } else if kind.is_file() {
            walk.file(path)?;
        } else {
            return Err(no_file(path.to_owned(), &kind));
        }
    }
    Ok(walk.finish())
}

/// Whether a path names an archive, by its end.
#[must_use]
pub fn is_archive(path: &Path) -> bool {
    archive::is_archive(path)
}

/// The other files of the modules that these files, each read by its own path, are part of: what stands beside a file decides what is true of
/// it. None for a file in a folder that is no module.
///
/// # Errors
/// When one of them cannot be read or breaks a limit.
pub fn read_beside(paths: &[PathBuf], files: &[SourceFile]) -> Result<Vec<SourceFile>, Error> {
    let mut folders = Vec::new();
    for path in paths.iter().filter(|path| path.is_file()) {
        let path = spelled(path);
        let Some((_, folder)) = FileKind::of_path(&path) else {
            continue;
        };
        let folder = match folder {
            "" => PathBuf::from("."),
            folder => PathBuf::from(folder),
        };
        if folder.join(FileKind::Module.path()).is_file() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut walk = Walk::new(&folders, &[]);
    for folder in &folders {
        walk.module(folder)?;
    }
    let known: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut beside = walk.finish().files;
    beside.retain(|file| !known.contains(file.path.as_str()));
    Ok(beside)
}

/// A path as files have it: with `/` between folders and without `./` before them.
fn spelled(path: &Path) -> String {
    let path = path
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

fn no_file(path: PathBuf, there: &fs::Metadata) -> Error {
    let what = if there.is_dir() {
        "a folder"
    } else {
        "a pipe or device"
    };
    Error::NoFile { path, what }
}

fn unreadable(path: &Path, reason: io::Error) -> Error {
    Error::Unreadable {
        path: path.to_owned(),
        reason,
    }
}
