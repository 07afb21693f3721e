//! The messages in which a store wraps what is wrong with a file (spec config-acl-admin.md §1.1).

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Sources};
use crate::xml::schema::Violation;
use crate::xml::{Element, MergeFault, MergeFaultKind, to_xml};

/// What PHP says where a converter reads a node that is not there.
pub(super) const NULL_NODE: &str = "Attempt to read property \"nodeValue\" on null";

/// What a store says of a `module` element without name.
pub(super) const NAMELESS_MODULE: &str = "Attribute \"name\" is required for module node.";

/// Lines of the document that follow an error.
const WINDOW: usize = 10;

/// Bytes of details behind which no further violation is written out: each may repeat lines of any length.
const MOST: usize = 1024 * 1024;

/// The message for one file.
#[must_use]
pub fn file_error(path: &str, details: &str) -> String {
    format!("The XML in file \"{path}\" is invalid:\n{details}\nVerify the XML and try again.")
}

/// The message for a `module.xml` that is no XML.
#[must_use]
pub fn invalid_document(path: &str, details: &str) -> String {
    format!("Invalid Document: {path}\n Error: {details}")
}

/// The message for a merged document.
#[must_use]
pub fn merged_error(path: &str, details: &str) -> String {
    format!("Invalid Document \nError in merged XML after reading {path}\n{details}")
}

/// Each violation with its line and the lines of the document around it, as libxml2 writes that document again.
#[must_use]
pub fn details(violations: &[Violation], root: &Element, sources: &Sources) -> String {
    let document = format!("<?xml version=\"1.0\"?>\n{}\n", to_xml(root));
    let lines: Vec<&str> = document.split('\n').collect();
    let mut details = String::new();
    for (number, violation) in violations.iter().enumerate() {
        if details.len() > MOST {
            let _ = write!(details, "\n… and {} more", violations.len() - number);
            break;
        }
        let line = sources
            .get(violation.source)
            .map_or(0, |source| source.position(violation.span.start).line);
        if !details.is_empty() {
            details.push('\n');
        }
        let _ = write!(
            details,
            "{}\nLine: {line}\nThe xml was: \n",
            violation.message
        );
        let first = line.saturating_sub(WINDOW / 2);
        for (at, text) in lines.iter().enumerate().skip(first).take(WINDOW) {
            let _ = writeln!(details, "{at}:{text}");
        }
    }
    details
}

/// A merge that stops, with its place; the whole document is left out of the sentence.
#[must_use]
pub fn merge_diagnostic(fault: &MergeFault) -> Diagnostic {
    let (message, label) = match &fault.kind {
        MergeFaultKind::DifferentRoots => (fault.to_string(), "the files before have another root"),
        MergeFaultKind::Apostrophe => (fault.to_string(), "a name here holds `'`"),
        MergeFaultKind::Several { address, .. } => (
            format!("More than one node matching the query: {address}"),
            "an earlier file has it more than once",
        ),
    };
    Diagnostic::error(fault.source, fault.span, message).label(label)
}
