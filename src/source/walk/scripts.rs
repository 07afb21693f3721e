//! The setup scripts of a module, and the PHP files that they speak of.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Listing, Walk, read};
use crate::module::FileKind;
use crate::source::hints::is_marked;
use crate::source::{Error, classes, spelled};

/// Setup scripts of one module that are read.
const MAX_SCRIPTS: usize = 512;
/// PHP files of one module that are searched for a call.
const MAX_SEARCHED: usize = 4096;

impl Walk<'_> {
    /// The setup scripts of a module, the classes that they speak of, and, where its files are of the older form and no script processes
    /// them, whatever else does.
    pub(super) fn scripts(
        &mut self,
        folder: &Path,
        here: &Listing,
        has_older_form: bool,
    ) -> Result<(), Error> {
        let setup = folder.join("Setup");
        let mut paths = Vec::new();
        if here.folders.contains(&setup) {
            self.php_files(&setup, 4, MAX_SCRIPTS, &mut paths)?;
        }
        let first = self.files.len();
        for path in &paths {
            if !self.is_left_out(path) {
                self.file(path)?;
            }
        }
        let base = spelled(folder);
        let below = |path: &str| match base.as_str() {
            "." | "" => path.to_owned(),
            base => path[base.len()..].trim_start_matches('/').to_owned(),
        };
        let mut known: Vec<(String, Vec<u8>)> = self.files[first..]
            .iter()
            .map(|file| (below(&file.path), file.bytes.clone()))
            .collect();
        let found = classes::follow(&known, |path| {
            let path = folder.join(path);
            let is_file = fs::symlink_metadata(&path).is_ok_and(|there| there.is_file());
            if is_file {
                read(&path).map(Some)
            } else {
                Ok(None)
            }
        })?;
        for (path, bytes) in &found {
            self.add(&folder.join(path), bytes.clone())?;
        }
        known.extend(found);
        if has_older_form && !known.iter().any(|(_, text)| is_marked(text)) {
            let mut paths = Vec::new();
            self.php_files(folder, 16, MAX_SEARCHED, &mut paths)?;
            for path in paths {
                let bytes = read(&path)?;
                let is_known = known
                    .iter()
                    .any(|(known, _)| *known == below(&spelled(&path)));
                if !is_known && is_marked(&bytes) {
                    self.add(&path, bytes)?;
                }
            }
        }
        Ok(())
    }

    fn php_files(
        &mut self,
        folder: &Path,
        depth: usize,
        most: usize,
        found: &mut Vec<PathBuf>,
    ) -> Result<(), Error> {
        let listing = self.list(folder)?;
        let mut names: Vec<&String> = listing.files.iter().collect();
        names.sort();
        let php = names.into_iter().filter(|name| FileKind::is_php(name));
        found.extend(php.map(|name| folder.join(name)));
        for child in &listing.folders {
            let name = child.file_name().unwrap_or_default().to_string_lossy();
            let is_passed = matches!(&*name, "Test" | "tests" | "vendor" | "node_modules")
                || name.starts_with('.');
            if depth > 1 && found.len() < most && !is_passed {
                self.php_files(child, depth - 1, most, found)?;
            }
        }
        found.truncate(most);
        Ok(())
    }
}
