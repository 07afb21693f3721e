//! How commands print: one writer for stdout, and the choice between text and JSON.

use std::fmt::Display;
use std::io::Write as _;
use std::path::Path;

use super::Failure;

/// What a command prints its result as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Text for people
    #[default]
    #[value(alias = "text")]
    Pretty,
    /// One JSON document
    Json,
}

/// Prints a line to stdout; colours are dropped where they are not wanted. A closed pipe is the reader's choice and no error.
pub(super) fn say(line: impl Display) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// Prints a text that ends its own lines.
pub(super) fn print(text: impl Display) {
    let _ = write!(anstream::stdout(), "{text}");
}

/// Writes where a server listens, for scripts. The file appears whole or not at all: one that waits for it must not read half of it.
pub(super) fn write_ready(file: &Path, ready: &serde_json::Value) -> Result<(), Failure> {
    let beside = file.with_extension("part");
    std::fs::write(&beside, format!("{ready}\n"))
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|error| {
            Failure::usage(format_args!(
                "cannot write `{}`: {error}; choose a file in an existing folder",
                file.display()
            ))
        })
}
