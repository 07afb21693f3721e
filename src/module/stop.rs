//! What makes a store stop at its modules' files.

use super::FileKind;
use crate::diagnostic::Diagnostic;

/// Whether a store validates what it reads (docs/protocol/module-files.md#when-a-file-is-validated).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `default` and `production`: only well-formedness counts.
    #[default]
    Lax,
    /// `developer`: every file and every merged document is held against its schema.
    Strict,
}

/// Why a store stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A file is no well-formed XML.
    Malformed,
    /// A sequence leads back to itself.
    Circular,
    /// A file or a merged document does not follow its schema (strict mode only).
    Schema,
    /// Two files cannot be merged.
    Merge,
    /// A converter finds nothing where it needs something.
    Converter,
}

/// Something that makes a store stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Why.
    pub reason: Reason,
    /// In which kind of file.
    pub kind: FileKind,
    /// The message of the store, word for word.
    pub literal: String,
    /// The same, with its place.
    pub diagnostic: Diagnostic,
}
