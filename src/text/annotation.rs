//! Text in the workflow commands of GitHub Actions, which turn output lines into annotations.

/// A message: it ends at a line end, and `%` begins an escape.
#[must_use]
pub fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property's value: it also ends at a colon or comma.
#[must_use]
pub fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
