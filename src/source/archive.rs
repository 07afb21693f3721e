//! Archives as they are shipped: zip, tar and tar.gz, read into memory with limits. No path in them is ever opened on disk.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Component, Path};

use flate2::read::GzDecoder;

use super::classes;
use super::error::{Error, MAX_ENTRIES, MAX_TOTAL, unreadable};
use super::hints::{is_marked, is_of_the_core};
use crate::module::{FileKind, deployment};
use crate::xml::limits::MAX_BYTES;

/// The files of an archive that are read, by their paths in it.
type Files = BTreeMap<String, Vec<u8>>;

pub(super) fn is_archive(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    [".zip", ".tgz", ".tar.gz", ".tar"]
        .iter()
        .any(|end| name.ends_with(end))
        && path.is_file()
}

/// What a walk would read of the folders in an archive.
pub(super) fn read(path: &Path) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let file = File::open(path).map_err(|reason| unreadable(path, reason))?;
    let name = path.to_string_lossy().to_ascii_lowercase();
    let refused = |reason: String| Error::Archive {
        path: path.to_owned(),
        reason,
    };
    let files = match name.rsplit_once('.') {
        Some((_, "zip")) => unzip(file),
        Some((_, "tar")) => untar(BufReader::new(file)),
        _ => untar(GzDecoder::new(BufReader::new(file))),
    };
    Ok(modules(files.map_err(refused)?))
}

fn unzip(file: File) -> Result<Files, String> {
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("it has more than {MAX_ENTRIES} files"));
    }
    let mut files = Files::new();
    let mut total = 0;
    for number in 0..archive.len() {
        let entry = archive
            .by_index(number)
            .map_err(|error| error.to_string())?;
        if !entry.is_file() || entry.is_symlink() {
            continue;
        }
        let name = entry
            .name()
            .map_err(|error| error.to_string())?
            .into_owned();
        let Some(path) = inner_path(Path::new(&name)) else {
            return Err(format!("`{name}` leads out of it"));
        };
        keep(&mut files, &mut total, path, entry)?;
    }
    Ok(files)
}

fn untar(reader: impl Read) -> Result<Files, String> {
    // Whatever is in between is read to be skipped: no more of it than of what is kept.
    let limited = reader.take(4 * MAX_TOTAL as u64);
    let mut archive = tar::Archive::new(limited);
    let mut files = Files::new();
    let mut total = 0;
    let entries = archive.entries().map_err(|error| error.to_string())?;
    for (number, entry) in entries.enumerate() {
        if number == MAX_ENTRIES {
            return Err(format!("it has more than {MAX_ENTRIES} files"));
        }
        let entry = entry.map_err(|error| error.to_string())?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry
            .path()
            .map_err(|error| error.to_string())?
            .into_owned();
        let Some(path) = inner_path(&path) else {
            return Err(format!("`{}` leads out of it", path.display()));
        };
        keep(&mut files, &mut total, path, entry)?;
    }
    Ok(files)
}

/// The path with `/`; none when it leads out of the archive.
fn inner_path(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(parts.join("/"))
}

/// Reads an entry that may be wanted, never further than its limit whatever its header says.
fn keep(
    files: &mut Files,
    total: &mut usize,
    path: String,
    entry: impl Read,
) -> Result<(), String> {
    let is_wanted = FileKind::of_path(&path).is_some()
        || FileKind::of_area_path(&path).is_some()
        || FileKind::is_php(&path);
    if !is_wanted {
        return Ok(());
    }
    let mut bytes = Vec::new();
    entry
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("`{path}`: {error}"))?;
    if bytes.len() > MAX_BYTES {
        return Err(format!(
            "`{path}` is larger than the {} MiB that are read of a module file",
            MAX_BYTES >> 20
        ));
    }
    *total += bytes.len();
    if *total > MAX_TOTAL {
        return Err(format!(
            "its files are larger than {} MiB together",
            MAX_TOTAL >> 20
        ));
    }
    files.insert(path, bytes);
    Ok(())
}

/// Keeps what a walk of the same folders would read.
fn modules(mut files: Files) -> Vec<(String, Vec<u8>)> {
    let mut folders: Vec<String> = files
        .keys()
        .filter_map(|path| {
            let (kind, folder) = FileKind::of_path(path)?;
            (!kind.root().is_empty()).then(|| folder.to_owned())
        })
        .collect::<HashSet<String>>()
        .into_iter()
        .collect();
    folders.sort();
    // Of nested ones the outer; none among the fixtures of tests.
    let all = folders.clone();
    folders.retain(|folder| {
        let is_nested = all.iter().any(|outer| {
            let rest = folder.strip_prefix(outer.as_str());
            outer != folder && rest.is_some_and(|rest| outer.is_empty() || rest.starts_with('/'))
        });
        let is_of_tests = folder
            .split('/')
            .any(|part| matches!(part, "Test" | "Tests" | "test" | "tests" | "_files"));
        !is_nested && !is_of_tests
    });
    let mut kept = Vec::new();
    for path in files.keys().filter(|path| is_deployment(path)) {
        kept.push((path.clone(), files[path].clone()));
    }
    for folder in &folders {
        let below = |path: &str| match folder.as_str() {
            "" => Some(path.to_owned()),
            folder => Some(path.strip_prefix(folder)?.strip_prefix('/')?.to_owned()),
        };
        let own = |path: &str| -> bool {
            let known = FileKind::of_path(path).or_else(|| FileKind::of_area_path(path));
            known.is_some_and(|(_, known)| known == folder)
        };
        let is_core = files
            .get(&whole(folder, FileKind::Composer.path()))
            .is_some_and(|bytes| is_of_the_core(bytes));
        let mut scripts = Vec::new();
        for (path, bytes) in &files {
            let is_script = FileKind::is_php(path)
                && below(path).is_some_and(|below| below.starts_with("Setup/"));
            if is_script && !is_core {
                scripts.push((below(path).unwrap_or_default(), bytes.clone()));
            } else if own(path) && !is_script {
                kept.push((path.clone(), bytes.clone()));
            }
        }
        let read = |path: &str| -> Result<_, std::convert::Infallible> {
            Ok(files.get(&whole(folder, path)).cloned())
        };
        let Ok(found) = classes::follow(&scripts, read);
        let is_processed = scripts
            .iter()
            .chain(&found)
            .any(|(_, text)| is_marked(text));
        let known: HashSet<String> = found.iter().map(|(path, _)| path.clone()).collect();
        for (path, bytes) in scripts.into_iter().chain(found) {
            kept.push((whole(folder, &path), bytes));
        }
        if !is_processed && !is_core {
            let others = files.iter().filter(|(path, bytes)| {
                let below = below(path);
                FileKind::is_php(path)
                    && below.is_some_and(|below| {
                        !below.starts_with("Setup/") && !known.contains(&below)
                    })
                    && is_marked(bytes)
            });
            kept.extend(others.map(|(path, bytes)| (path.clone(), bytes.clone())));
        }
    }
    files.clear();
    kept.sort();
    kept.dedup();
    kept
}

fn is_deployment(path: &str) -> bool {
    let folder = path.strip_suffix(deployment::PATH);
    folder.is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
}

fn whole(folder: &str, path: &str) -> String {
    if folder.is_empty() {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    }
}
