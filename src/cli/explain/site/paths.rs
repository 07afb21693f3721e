//! Where a page is, and how another one is reached from it.

/// What a file is called after, whatever stands in the id.
pub(super) fn file_of(id: &str) -> String {
    let letter = |letter: char| match letter {
        '/' => '.',
        letter if letter.is_ascii_alphanumeric() || "-._".contains(letter) => letter,
        _ => '_',
    };
    id.chars().map(letter).collect()
}

/// The way from a file up to the folder of the site.
pub(super) fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
