//! Module folders on disk or in archives, read into memory with limits. Only the files that [`FileKind`] names are opened, and the PHP files
//! of which a setup script speaks; nothing is judged here.
//!
//! A folder below a module is no module of its own, as no store loads it, unless the `composer.json` of the module registers it. A link that
//! leaves the folders that were named is never followed.

mod archive;
mod classes;
mod error;
mod exclusion;
mod gathered;
mod hints;
mod walk;

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::module::{FileKind, SourceFile};
pub use error::Error;
use error::{no_file, unreadable};
pub use exclusion::Exclusion;
pub use gathered::Gathered;
use gathered::spelled;
use walk::Walk;

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
