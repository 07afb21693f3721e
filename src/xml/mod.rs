//! XML as Magento's configuration readers see it (docs/protocol/module-files.md#xml-rules-that-surprise): a spanned tree, merging, schemas, limits.
//!
//! A document keeps a byte span for every element, attribute and text. quick-xml does the reading; here stand what it leaves to its
//! callers: encodings, entities of an internal DTD, limits, and libxml2's words for what is wrong. External entities are never read.
//! Nothing here knows a file kind of Magento; those are tables in `module`.

mod document;
mod element;
mod encoding;
mod entity;
mod explain;
mod fault;
mod faults;
mod forest;
mod libxml;
mod merge;
mod parse;
mod places;
mod prolog;
mod record;
pub mod schema;
mod uri;
mod words;
mod write;

pub use document::{Batch, Document, parse, parse_with};
pub use element::{Attribute, Element, Node, Run};
pub use encoding::{Decoded, Encoding, Undecodable, decode};
pub use fault::Fault;
pub use merge::{Identity, Merge, MergeFault, MergeFaultKind, Touched};
pub use words::Words;
pub use write::{to_xml, write_attribute};

/// What is read at most. Beyond it a file is refused with one sentence.
pub mod limits {
    /// Bytes of one file.
    pub const MAX_BYTES: usize = 8 * 1024 * 1024;
    /// Attributes of one element; to look for repeats takes time squared.
    pub const MAX_ATTRIBUTES: usize = 256;
    /// Elements inside each other, as libxml2 has it.
    pub const MAX_DEPTH: usize = 256;
    /// Bytes that the entities of one file may expand to.
    pub const MAX_EXPANSION: usize = 64 * 1024;
}
