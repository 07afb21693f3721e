//! Texts with a NUL, which PostgreSQL cannot hold.

use std::borrow::Cow;

/// Stands before `0` for a NUL, which a text of PostgreSQL cannot hold, and before itself for itself.
const ESCAPE: char = '\u{1}';

pub(super) fn without_nul(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        match letter {
            '\0' => written.extend([ESCAPE, '0']),
            ESCAPE => written.extend([ESCAPE, ESCAPE]),
            letter => written.push(letter),
        }
    }
    Cow::Owned(written)
}

pub(super) fn with_nul(written: String) -> String {
    if !written.contains(ESCAPE) {
        return written;
    }
    let mut text = String::with_capacity(written.len());
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        let escaped = (letter == ESCAPE).then(|| letters.next()).flatten();
        text.push(match escaped {
            Some('0') => '\0',
            _ => letter,
        });
    }
    text
}
