//! What is found on disk, and how it is spelled.

use std::path::Path;

use crate::module::SourceFile;

/// What is found at or below some paths.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// In the order of the paths and then by name.
    pub files: Vec<SourceFile>,
    /// What stands there and was not read, each in one sentence.
    pub left_out: Vec<String>,
}

/// A path as files have it: with `/` between folders and without `./` before them.
pub(super) fn spelled(path: &Path) -> String {
    let path = path
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
