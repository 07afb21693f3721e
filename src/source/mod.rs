//! Module folders on disk, read into memory with limits. Only the files that [`FileKind`] names are opened; nothing is judged here.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::module::{AREAS, FileKind, SourceFile, deployment};
use crate::xml::limits::MAX_BYTES;

/// Folders inside each other that are followed.
const MAX_FOLDERS: usize = 64;
/// Bytes of all files together.
const MAX_TOTAL: usize = 512 * 1024 * 1024;
/// Setup scripts of one module that are read.
const MAX_SCRIPTS: usize = 64;

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
    /// A link leads back to itself or to a folder above it.
    #[error("the link `{}` leads back to itself or to a folder above it; remove it or name the folders below", .0.display())]
    Loop(PathBuf),
    /// Folders are nested too deep.
    #[error("`{}` lies more than {MAX_FOLDERS} folders deep; name a folder nearer to the modules", .0.display())]
    TooDeep(PathBuf),
}

/// The files of every module at or below `paths`, each of which must hold at least one; for a store, which cannot load a folder without
/// `etc/module.xml`.
///
/// # Errors
/// As [`read_files`], and for a folder with module files but without `etc/module.xml`.
pub fn read_modules(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Error> {
    let files = read_files(paths)?;
    let declared: HashSet<&str> = files
        .iter()
        .filter_map(|file| FileKind::of_path(&file.path))
        .filter(|(kind, _)| *kind == FileKind::Module)
        .map(|(_, folder)| folder)
        .collect();
    for file in files.iter().filter(|file| !file.is_deployment()) {
        match FileKind::of_path(&file.path) {
            Some((_, folder)) if declared.contains(folder) => {}
            Some((_, folder)) => return Err(Error::NoModuleXml(PathBuf::from(folder))),
            None => return Err(Error::NoModule(PathBuf::from(&file.path))),
        }
    }
    Ok(files)
}

/// The files of every module at or below `paths`, in the order of the paths and then by name; a path may also be a single file. Links
/// are followed; a folder that is reached twice counts once.
///
/// # Errors
/// When a path does not exist, holds no module, cannot be read or breaks a limit.
pub fn read_files(paths: &[PathBuf]) -> Result<Vec<SourceFile>, Error> {
    let mut walk = Walk::default();
    for path in paths {
        let kind = fs::metadata(path).map_err(|reason| match reason.kind() {
            io::ErrorKind::NotFound => Error::Missing(path.clone()),
            _ => unreadable(path, reason),
        })?;
        if kind.is_dir() {
            walk.deployment_of(path)?;
            let before = walk.module_files();
            let seen_before = walk.seen.len();
            walk.folder(path, &mut Vec::new())?;
            // A folder inside one that was named before is read already.
            if walk.module_files() == before && walk.seen.len() > seen_before {
                return Err(Error::NoModule(path.clone()));
            }
        } else if kind.is_file() {
            walk.file(path)?;
        } else {
            return Err(no_file(path.clone(), &kind));
        }
    }
    Ok(walk.files)
}

/// The other files of the modules that these files, each read by its own path, are part of: what stands beside a file decides what is true of
/// it. None for a file in a folder that is no module.
///
/// # Errors
/// When one of them cannot be read or breaks a limit.
pub fn read_beside(paths: &[PathBuf], files: &[SourceFile]) -> Result<Vec<SourceFile>, Error> {
    let mut walk = Walk::default();
    let mut folders = HashSet::new();
    for path in paths.iter().filter(|path| path.is_file()) {
        let path = spelled(path);
        let Some((_, folder)) = FileKind::of_path(&path) else {
            continue;
        };
        let folder = Path::new(folder).to_owned();
        if folder.join(FileKind::Module.path()).is_file() && folders.insert(folder.clone()) {
            walk.module(&folder)?;
        }
    }
    let known: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    walk.files
        .retain(|file| !known.contains(file.path.as_str()));
    Ok(walk.files)
}

#[derive(Default)]
struct Walk {
    files: Vec<SourceFile>,
    total: usize,
    seen: HashSet<PathBuf>,
    deployments: HashSet<PathBuf>,
}

impl Walk {
    fn module_files(&self) -> usize {
        self.files.len() - self.deployments.len()
    }

    /// Reads the configuration of the store that a folder lies in: modules stand below `app/code` and `vendor` of its root.
    fn deployment_of(&mut self, path: &Path) -> Result<(), Error> {
        let real = real(path)?;
        for folder in real.ancestors() {
            let root = if folder.ends_with("app/code") {
                folder.ancestors().nth(2)
            } else if folder.ends_with("vendor") {
                folder.parent()
            } else {
                None
            };
            if let Some(root) = root {
                self.deployment(root)?;
            }
        }
        Ok(())
    }

    fn deployment(&mut self, root: &Path) -> Result<(), Error> {
        let path = root.join(deployment::PATH);
        match fs::metadata(&path) {
            Ok(there) if there.is_file() && self.deployments.insert(real(&path)?) => {
                self.file(&path)
            }
            _ => Ok(()),
        }
    }

    fn folder(&mut self, path: &Path, above: &mut Vec<PathBuf>) -> Result<(), Error> {
        let real = real(path)?;
        if above.contains(&real) {
            return Err(Error::Loop(path.to_owned()));
        }
        if !self.seen.insert(real.clone()) {
            return Ok(());
        }
        if above.len() == MAX_FOLDERS {
            return Err(Error::TooDeep(path.to_owned()));
        }
        above.push(real);
        let folders = folders_in(path)?;
        if folders.iter().any(|folder| folder.ends_with("app")) {
            self.deployment(path)?;
        }
        let is_module = folders.iter().any(|folder| folder.ends_with("etc"));
        if is_module {
            self.module(path)?;
        }
        for folder in &folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            // The scripts of a module; elsewhere it may be a module of this name.
            let is_scripts = is_module && name == "Setup";
            if !is_scripts && !matches!(&*name, "etc" | "node_modules") && !name.starts_with('.') {
                self.folder(folder, above)?;
            }
        }
        above.pop();
        Ok(())
    }

    /// Reads the files of a folder that has an `etc`; without any XML that is known it is no module.
    fn module(&mut self, folder: &Path) -> Result<(), Error> {
        let mut present: Vec<(FileKind, PathBuf)> = Vec::new();
        for kind in FileKind::ALL {
            let path = folder.join(kind.path());
            match fs::metadata(&path) {
                Ok(there) if there.is_file() => present.push((kind, path)),
                Ok(there) => return Err(no_file(path, &there)),
                Err(_) if path.is_symlink() => return Err(Error::Dangling(path)),
                Err(reason) if is_absent(&reason) => {}
                Err(reason) => return Err(unreadable(&path, reason)),
            }
        }
        if present.iter().all(|(kind, _)| kind.root().is_empty()) {
            return Ok(());
        }
        for (_, path) in &present {
            self.file(path)?;
        }
        for area in AREAS {
            let below = folder.join("etc").join(area);
            if !below.is_dir() {
                continue;
            }
            let kinds = FileKind::ALL
                .into_iter()
                .filter(|kind| !kind.root().is_empty());
            for name in kinds.filter_map(|kind| kind.path().strip_prefix("etc/")) {
                let path = below.join(name);
                if path.is_file() {
                    self.file(&path)?;
                }
            }
        }
        let mut scripts = Vec::new();
        php_files(&folder.join("Setup"), 3, &mut scripts)?;
        for script in scripts.iter().take(MAX_SCRIPTS) {
            self.file(script)?;
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Error> {
        let file = fs::File::open(path).map_err(|reason| unreadable(path, reason))?;
        let mut bytes = Vec::new();
        let limit = MAX_BYTES + 1;
        file.take(limit as u64)
            .read_to_end(&mut bytes)
            .map_err(|reason| unreadable(path, reason))?;
        if bytes.len() == limit {
            return Err(Error::TooLarge(path.to_owned()));
        }
        self.total += bytes.len();
        if self.total > MAX_TOTAL {
            return Err(Error::TooMuch(path.to_owned()));
        }
        let path = spelled(path);
        self.files.push(SourceFile { path, bytes });
        Ok(())
    }
}

/// A path as files have it: with `/` between folders and without `./` before them.
fn spelled(path: &Path) -> String {
    let path = path
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

fn real(path: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(|reason| unreadable(path, reason))
}

fn folders_in(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(path).map_err(|reason| unreadable(path, reason))? {
        let entry = entry.map_err(|reason| unreadable(path, reason))?;
        let child = entry.path();
        let kind = entry
            .file_type()
            .map_err(|reason| unreadable(&child, reason))?;
        if kind.is_dir() {
            folders.push(child);
        } else if kind.is_symlink() {
            match fs::metadata(&child) {
                Ok(target) if target.is_dir() => folders.push(child),
                Ok(_) => {}
                Err(reason) if reason.kind() == io::ErrorKind::NotFound => {}
                Err(reason) if reason.kind() == io::ErrorKind::PermissionDenied => {
                    return Err(unreadable(&child, reason));
                }
                // What is left is a link that ends in itself.
                Err(_) => return Err(Error::Loop(child)),
            }
        }
    }
    folders.sort();
    Ok(folders)
}

fn php_files(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    if depth == 0 || !folder.is_dir() {
        return Ok(());
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|reason| unreadable(folder, reason))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_file() && path.extension().is_some_and(|end| end == "php"))
        .collect();
    files.sort();
    found.extend(files);
    for child in folders_in(folder)? {
        php_files(&child, depth - 1, found)?;
    }
    Ok(())
}

/// Nothing is there, or a file stands where a folder on the way would.
fn is_absent(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
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
