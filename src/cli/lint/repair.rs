use std::collections::HashMap;
use std::fs;

use crate::cli::Failure;
use crate::diagnostic::SourceId;
use crate::lint::fix::{apply, difference};
use crate::lint::{Fix, Linted, Options, lint};
use crate::module::{ModuleSet, SourceFile};

/// Rounds of repairs: what one adds, another may have to put right.
const ROUNDS: usize = 8;

/// The files with every safe repair done, in memory.
pub(super) fn repaired(files: &[SourceFile], options: &Options, widens: bool) -> Vec<SourceFile> {
    let mut files = files.to_vec();
    for _ in 0..ROUNDS {
        let set = ModuleSet::read(&files);
        let linted = lint(&set, options);
        if !repair(&mut files, &set, &linted, widens) {
            break;
        }
    }
    files
}

/// One round; whether anything changed.
fn repair(files: &mut [SourceFile], set: &ModuleSet, linted: &Linted, widens: bool) -> bool {
    let mut by_source: HashMap<SourceId, Vec<&Fix>> = HashMap::new();
    for fix in linted
        .findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| widens || !fix.widens)
    {
        by_source.entry(fix.source).or_default().push(fix);
    }
    let mut changed = false;
    for (id, source) in set.sources.iter() {
        let Some(repairs) = by_source.remove(&id) else {
            continue;
        };
        let repaired = apply(&source.text, repairs);
        let Some(file) = files.iter_mut().find(|file| *file.path == *source.path) else {
            continue;
        };
        // Only a file whose bytes are its text is repaired: others would change their encoding.
        let mark = if file.bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
            3
        } else {
            0
        };
        if *repaired != *source.text && file.bytes[mark..] == *source.text.as_bytes() {
            file.bytes.truncate(mark);
            file.bytes.extend_from_slice(repaired.as_bytes());
            changed = true;
        }
    }
    changed
}

/// The differences of files that changed, and how many there are.
pub(super) fn differences(before: &[SourceFile], after: &[SourceFile]) -> (String, usize) {
    let mut text = String::new();
    let mut count = 0;
    for (old, new) in changed(before, after) {
        let [old_text, new_text] = [old, new].map(|file| String::from_utf8_lossy(&file.bytes));
        text.push_str(&difference(&old.path, &old_text, &new_text));
        count += 1;
    }
    (text, count)
}

/// Writes the files that changed; how many there are.
pub(super) fn write(before: &[SourceFile], after: &[SourceFile]) -> Result<usize, Failure> {
    let mut count = 0;
    for (_, file) in changed(before, after) {
        fs::write(&file.path, &file.bytes).map_err(|reason| {
            Failure::usage(format_args!("`{}` cannot be repaired: {reason}", file.path))
        })?;
        count += 1;
    }
    Ok(count)
}

fn changed<'files>(
    before: &'files [SourceFile],
    after: &'files [SourceFile],
) -> impl Iterator<Item = (&'files SourceFile, &'files SourceFile)> {
    before.iter().zip(after).filter(|(old, new)| old != new)
}
