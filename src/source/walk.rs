mod scripts;

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::error::{Error, MAX_FOLDERS, MAX_TOTAL, no_file, unreadable};
use super::exclusion::Exclusion;
use super::gathered::{Gathered, spelled};
use super::hints::{is_known_name, is_of_the_core, named_in_registration, registered_by_composer};
use crate::module::{AREAS, FileKind, PANEL_FILES, SourceFile, deployment};
use crate::xml::limits::MAX_BYTES;

/// Reads folders one after the other.
pub(super) struct Walk<'run> {
    exclude: &'run [Exclusion],
    /// The real paths of what was named.
    roots: Vec<PathBuf>,
    /// What was named, as spelled, for exclusions below it.
    named: Vec<String>,
    files: Vec<SourceFile>,
    left_out: Vec<String>,
    total: usize,
    seen: HashSet<PathBuf>,
    deployments: HashSet<PathBuf>,
}

/// What stands in a folder.
#[derive(Default)]
struct Listing {
    folders: Vec<PathBuf>,
    files: HashSet<String>,
}

impl<'run> Walk<'run> {
    pub(super) fn new(paths: &[PathBuf], exclude: &'run [Exclusion]) -> Self {
        Self {
            exclude,
            roots: paths
                .iter()
                .filter_map(|path| fs::canonicalize(path).ok())
                .collect(),
            named: paths.iter().map(|path| spelled(path)).collect(),
            files: Vec::new(),
            left_out: Vec::new(),
            total: 0,
            seen: HashSet::new(),
            deployments: HashSet::new(),
        }
    }

    pub(super) fn finish(self) -> Gathered {
        Gathered {
            files: self.files,
            left_out: self.left_out,
        }
    }

    /// A folder that was named.
    pub(super) fn root(&mut self, path: &Path) -> Result<(), Error> {
        self.deployment_of(path)?;
        let before = self.module_files();
        let seen_before = self.seen.len();
        self.folder(path, 0)?;
        // A folder inside one that was named before is read already.
        if self.module_files() == before && self.seen.len() > seen_before {
            return Err(Error::NoModule(path.to_owned()));
        }
        Ok(())
    }

    /// The files of an archive, by their paths in it.
    pub(super) fn add_archive(
        &mut self,
        path: &Path,
        inside: Vec<(String, Vec<u8>)>,
    ) -> Result<(), Error> {
        let archive = spelled(path);
        let before = self.files.len();
        for (inner, bytes) in inside {
            let whole = format!("{archive}/{inner}");
            if self.is_excluded(&whole, &inner) {
                continue;
            }
            self.count(path, bytes.len())?;
            self.files.push(SourceFile { path: whole, bytes });
        }
        if self.files.len() == before {
            return Err(Error::NoModule(path.to_owned()));
        }
        Ok(())
    }

    fn module_files(&self) -> usize {
        self.files.len() - self.deployments.len()
    }

    fn is_excluded(&self, path: &str, below: &str) -> bool {
        self.exclude.iter().any(|pattern| pattern.has(path, below))
    }

    fn is_left_out(&self, path: &Path) -> bool {
        if self.exclude.is_empty() {
            return false;
        }
        let path = spelled(path);
        let below = self.named.iter().find_map(|root| match root.as_str() {
            "." => Some(path.as_str()),
            root => path.strip_prefix(root)?.strip_prefix('/'),
        });
        self.is_excluded(&path, below.unwrap_or(&path))
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
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_file() && self.deployments.insert(real(&path)?) => {
                self.file(&path)
            }
            _ => Ok(()),
        }
    }

    fn folder(&mut self, path: &Path, depth: usize) -> Result<(), Error> {
        if self.is_left_out(path) || !self.seen.insert(real(path)?) {
            return Ok(());
        }
        if depth == MAX_FOLDERS {
            return Err(Error::TooDeep(path.to_owned()));
        }
        let listing = self.list(path)?;
        if listing.folders.iter().any(|folder| folder.ends_with("app")) {
            self.deployment(path)?;
        }
        if listing.folders.iter().any(|folder| folder.ends_with("etc")) && self.module(path)? {
            return self.registered_below(path, depth);
        }
        let holds_vendors = path.ends_with("app/code");
        for folder in &listing.folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            let is_of_tests = matches!(&*name, "Test" | "Tests" | "test" | "tests" | "_files");
            let is_passed = matches!(&*name, "etc" | "node_modules")
                || name.starts_with('.')
                || is_of_tests && !holds_vendors;
            if !is_passed {
                self.folder(folder, depth + 1)?;
            }
        }
        Ok(())
    }

    /// Folders below a module that its `composer.json` or `registration.php` registers are modules beside it.
    fn registered_below(&mut self, path: &Path, depth: usize) -> Result<(), Error> {
        let text = |kind: FileKind| {
            let path = spelled(&path.join(kind.path()));
            let file = self.files.iter().rev().find(|file| file.path == path);
            file.map(|file| file.bytes.as_slice())
        };
        let composer = text(FileKind::Composer).map(registered_by_composer);
        let others = text(FileKind::Registration).map(named_in_registration);
        let folders: Vec<PathBuf> = composer
            .into_iter()
            .flatten()
            .chain(others.into_iter().flatten())
            .filter(|folder| !folder.split('/').any(|part| matches!(part, ".." | "")))
            .map(|folder| path.join(folder))
            .filter(|folder| folder.join(FileKind::Module.path()).is_file() && !folder.is_symlink())
            .collect();
        for folder in folders {
            self.folder(&folder, depth + 1)?;
        }
        Ok(())
    }

    /// Reads the files of a folder that has an `etc`; without any XML that is known it is no module.
    pub(super) fn module(&mut self, folder: &Path) -> Result<bool, Error> {
        let etc = folder.join("etc");
        let here = self.list(folder)?;
        let below = self.list(&etc)?;
        let integration = etc.join("integration");
        let in_integration = if below.folders.contains(&integration) {
            self.list(&integration)?
        } else {
            Listing::default()
        };
        let mut present: Vec<(FileKind, PathBuf)> = Vec::new();
        for kind in FileKind::ALL {
            let path = folder.join(kind.path());
            let (listing, holder) = match kind.path().rsplit_once('/') {
                None => (&here, folder),
                Some(("etc", _)) => (&below, etc.as_path()),
                Some(_) => (&in_integration, integration.as_path()),
            };
            let name = kind.path().rsplit('/').next().unwrap_or_default();
            if listing.files.contains(name) {
                present.push((kind, path));
            } else if listing.folders.contains(&holder.join(name)) {
                let there = fs::metadata(&path).map_err(|reason| unreadable(&path, reason))?;
                return Err(no_file(path, &there));
            }
        }
        if present.iter().all(|(kind, _)| kind.root().is_empty()) {
            return Ok(false);
        }
        let first = self.files.len();
        for (_, path) in &present {
            if !self.is_left_out(path) {
                self.file(path)?;
            }
        }
        for area in AREAS.into_iter().map(|area| etc.join(area)) {
            if below.folders.contains(&area) {
                self.area(&area)?;
            }
        }
        let adminhtml = etc.join("adminhtml");
        if below.folders.contains(&adminhtml) {
            let pages = self.list(&adminhtml)?;
            for path in PANEL_FILES {
                let name = path.rsplit('/').next().unwrap_or_default();
                let path = folder.join(path);
                if pages.files.contains(name) && !self.is_left_out(&path) {
                    self.file(&path)?;
                }
            }
        }
        let is_core = self.files[first..].iter().any(|file| {
            file.path.ends_with(FileKind::Composer.path()) && is_of_the_core(&file.bytes)
        });
        if !is_core {
            let has_older_form = present.iter().any(|(kind, _)| {
                matches!(kind, FileKind::IntegrationConfig | FileKind::IntegrationApi)
            });
            self.scripts(folder, &here, has_older_form)?;
        }
        Ok(true)
    }

    /// Files with a known name where no store looks for them.
    fn area(&mut self, area: &Path) -> Result<(), Error> {
        let listing = self.list(area)?;
        let integration = area.join("integration");
        let in_integration = if listing.folders.contains(&integration) {
            self.list(&integration)?
        } else {
            Listing::default()
        };
        for kind in FileKind::ALL
            .into_iter()
            .filter(|kind| !kind.root().is_empty())
        {
            let Some(name) = kind.path().strip_prefix("etc/") else {
                continue;
            };
            let is_there = match name.strip_prefix("integration/") {
                Some(name) => in_integration.files.contains(name),
                None => listing.files.contains(name),
            };
            if is_there {
                self.file(&area.join(name))?;
            }
        }
        Ok(())
    }

    /// What stands in a folder. A link is taken for what it leads to when that lies below a folder that was named.
    fn list(&mut self, path: &Path) -> Result<Listing, Error> {
        let mut listing = Listing::default();
        for entry in fs::read_dir(path).map_err(|reason| unreadable(path, reason))? {
            let entry = entry.map_err(|reason| unreadable(path, reason))?;
            let child = entry.path();
            let kind = entry
                .file_type()
                .map_err(|reason| unreadable(&child, reason))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if kind.is_dir() {
                listing.folders.push(child);
            } else if kind.is_symlink() {
                self.linked(child, name, &mut listing)?;
            } else if kind.is_file() {
                listing.files.insert(name);
            } else if is_known_name(&name) {
                return Err(Error::NoFile {
                    path: child,
                    what: "a pipe or device",
                });
            }
        }
        listing.folders.sort();
        Ok(listing)
    }

    fn linked(&mut self, link: PathBuf, name: String, listing: &mut Listing) -> Result<(), Error> {
        let target = match fs::canonicalize(&link) {
            Ok(target) => target,
            Err(_) if is_known_name(&name) => return Err(Error::Dangling(link)),
            Err(_) => return Ok(()),
        };
        let is_folder = target.is_dir();
        if !is_folder && !is_known_name(&name) && !FileKind::is_php(&name) {
            return Ok(());
        }
        if !self.roots.iter().any(|root| target.starts_with(root)) {
            let said = format!(
                "the link `{}` leaves the folders that were named and is not followed; name what it leads to",
                spelled(&link)
            );
            if !self.left_out.contains(&said) {
                self.left_out.push(said);
            }
        } else if is_folder {
            listing.folders.push(link);
        } else if target.is_file() {
            listing.files.insert(name);
        }
        Ok(())
    }

    pub(super) fn file(&mut self, path: &Path) -> Result<(), Error> {
        let bytes = read(path)?;
        self.add(path, bytes)
    }

    fn add(&mut self, path: &Path, bytes: Vec<u8>) -> Result<(), Error> {
        self.count(path, bytes.len())?;
        self.files.push(SourceFile {
            path: spelled(path),
            bytes,
        });
        Ok(())
    }

    fn count(&mut self, path: &Path, bytes: usize) -> Result<(), Error> {
        self.total += bytes;
        if self.total > MAX_TOTAL {
            return Err(Error::TooMuch(path.to_owned()));
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let file = fs::File::open(path).map_err(|reason| unreadable(path, reason))?;
    let there = file.metadata().map_err(|reason| unreadable(path, reason))?;
    if !there.is_file() {
        return Err(no_file(path.to_owned(), &there));
    }
    let mut bytes =
        Vec::with_capacity(usize::try_from(there.len()).map_or(0, |length| length.min(MAX_BYTES)));
    let limit = MAX_BYTES + 1;
    file.take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(|reason| unreadable(path, reason))?;
    if bytes.len() == limit {
        return Err(Error::TooLarge(path.to_owned()));
    }
    Ok(bytes)
}

fn real(path: &Path) -> Result<PathBuf, Error> {
    fs::canonicalize(path).map_err(|reason: io::Error| unreadable(path, reason))
}
