//! How commands print: one writer for stdout, one for stderr, and the choice between text and JSON.

use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::OnceLock;

use crate::text::visible;

use super::terminal::fitted;
use super::{Exit, Failure};

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

/// What the system said when stdout took no more.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints a line to stdout; colours are dropped where they are not wanted. See [`ended`] for what becomes of an error.
pub(super) fn say(line: impl Display) {
    notice(writeln!(anstream::stdout(), "{line}"));
}

/// Prints a text that ends its own lines.
pub(super) fn print(text: impl Display) {
    notice(write!(anstream::stdout(), "{text}"));
}

/// Prints a text for people that ends its own lines, broken where the terminal ends.
pub(super) fn show(text: impl Display) {
    print(fitted(&text.to_string()));
}

/// Prints a text to stderr. One that nobody can read is lost: there is no other place to say so.
pub(super) fn tell(text: impl Display) {
    let _ = write!(anstream::stderr(), "{text}");
}

/// A closed pipe is the reader's choice and no error.
fn notice(outcome: io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.get_or_init(|| error.to_string());
    }
}

/// How a command ends: what it could not print is a failure, whatever it found.
pub(super) fn ended(outcome: Result<Exit, Failure>) -> Exit {
    notice(anstream::stdout().flush());
    let outcome = match LOST.get() {
        Some(reason) if outcome.is_ok() => Err(Failure::new(
            Exit::Harness,
            format_args!(
                "stdout cannot be written: {reason}; give it to a file or a program that takes everything"
            ),
        )),
        _ => outcome,
    };
    outcome.unwrap_or_else(|failure| {
        tell(format_args!(
            "error: {}\n",
            visible::lines(&failure.message)
        ));
        failure.exit
    })
}

/// A file that cannot be written.
pub(super) fn unwritable(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Harness,
        format_args!(
            "{what} `{}` cannot be written: {error}; choose a file in a folder that exists, may be written and has room",
            path.display()
        ),
    )
}

/// Writes a file for scripts that only its owner reads, since it may hold secrets. It appears whole or not at all: one that waits for it must
/// not read half of it.
pub(super) fn write_private(what: &str, file: &Path, text: &str) -> Result<(), Failure> {
    let beside = file.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One that was left behind may be readable for others.
    let _ = std::fs::remove_file(&beside);
    options
        .open(&beside)
        .and_then(|mut part| part.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|error| unwritable(what, file, &error))
}
