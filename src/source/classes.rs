//! The PHP files that setup scripts speak of, one after the other, until none speaks of a further one.

use std::collections::BTreeSet;

use crate::module::php::{References, references, with_room};

/// Files of one module that are followed.
const MAX_CLASSES: usize = 256;

/// Reads the files of a module that its scripts speak of. `scripts` are paths below the module folder with their texts; `read` gives the
/// text of such a path, when it is there.
pub(super) fn follow<E: Send>(
    scripts: &[(String, Vec<u8>)],
    read: impl FnMut(&str) -> Result<Option<Vec<u8>>, E> + Send,
) -> Result<Vec<(String, Vec<u8>)>, E> {
    if scripts.is_empty() {
        return Ok(Vec::new());
    }
    with_room(|| followed(scripts, read))
}

fn followed<E>(
    scripts: &[(String, Vec<u8>)],
    mut read: impl FnMut(&str) -> Result<Option<Vec<u8>>, E>,
) -> Result<Vec<(String, Vec<u8>)>, E> {
    let mut seen: BTreeSet<String> = scripts.iter().map(|(path, _)| path.clone()).collect();
    let mut found: Vec<(String, Vec<u8>)> = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for (path, text) in scripts {
        waiting.extend(paths(path, text));
    }
    while let Some(path) = waiting.pop() {
        if found.len() == MAX_CLASSES {
            break;
        }
        if !seen.insert(path.clone()) {
            continue;
        }
        if let Some(text) = read(&path)? {
            waiting.extend(paths(&path, &text));
            found.push((path, text));
        }
    }
    found.sort();
    Ok(found)
}

/// The paths of the classes that a text speaks of, as far as they belong to the same module: name spaces follow folders.
fn paths(path: &str, text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let References { namespace, classes } = references(&text);
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let below = folders.replace('/', "\\");
    let root = match below.as_str() {
        "" => Some(namespace.as_str()),
        below => namespace
            .strip_suffix(below)
            .and_then(|root| root.strip_suffix('\\')),
    };
    let Some(root) = root.filter(|root| !root.is_empty()) else {
        return Vec::new();
    };
    classes
        .iter()
        .filter_map(|class| class.strip_prefix(root)?.strip_prefix('\\'))
        .map(|class| format!("{}.php", class.replace('\\', "/")))
        .collect()
}
