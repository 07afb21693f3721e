//! The messages in which a store wraps what is wrong with a file (docs/protocol/module-files.md#when-a-file-is-validated).

use std::fmt::Write as _;

use crate::acl::Release;
use crate::diagnostic::{Diagnostic, Sources};
use crate::xml::schema::Violation;
use crate::xml::{Document, Fault, MergeFault, MergeFaultKind, to_xml};

/// What PHP says where a converter reads a node that is not there.
pub(super) const NULL_NODE: &str = "Attempt to read property \"nodeValue\" on null";

/// What a store says of a `module` element without name.
pub(super) const NAMELESS_MODULE: &str = "Attribute \"name\" is required for module node.";

/// Lines of the document that follow an error.
const WINDOW: usize = 10;

/// Bytes of details behind which no further violation is written out: each may repeat lines of any length.
const MOST: usize = 1024 * 1024;

/// What a store says when libxml2 refuses a file without a word.
const UNKNOWN: &str = "Unknown validation error";

/// The message for one file.
#[must_use]
pub fn file_error(release: Release, path: &str, details: &str) -> String {
    match release {
        Release::V2_1_6 | Release::V2_2_5 => format!("Invalid XML in file {path}:\n{details}"),
        Release::V2_4_7 => format!(
            "The XML in file \"{path}\" is invalid:\n{details}\nVerify the XML and try again."
        ),
    }
}

/// What libxml2 says of a file that is no XML.
#[must_use]
pub fn fault_details(fault: &Fault, line: usize) -> String {
    match &*fault.libxml {
        "" => format!("{UNKNOWN}\n"),
        words => format!("{words}\nLine: {line}\n"),
    }
}

/// The message for a `module.xml` that is no XML.
#[must_use]
pub fn invalid_document(path: &str, details: &str) -> String {
    format!("Invalid Document: {path}\n Error: {details}")
}

/// The message for a merged document.
#[must_use]
pub fn merged_error(release: Release, path: &str, details: &str) -> String {
    match release {
        Release::V2_1_6 | Release::V2_2_5 => format!("Invalid Document \n{details}"),
        Release::V2_4_7 => {
            format!("Invalid Document \nError in merged XML after reading {path}\n{details}")
        }
    }
}

/// Each violation with its line and, since 2.4, the lines of the document around it, as libxml2 writes that document again.
#[must_use]
pub fn details(
    release: Release,
    violations: &[Violation],
    document: &Document,
    sources: &Sources,
) -> String {
    let document = format!("<?xml version=\"1.0\"?>\n{}\n", to_xml(document.root()));
    let lines: Vec<&str> = document.split('\n').collect();
    let mut details = String::new();
    for (number, violation) in violations.iter().enumerate() {
        if details.len() > MOST {
            let _ = write!(details, "\n… and {} more", violations.len() - number);
            break;
        }
        let line = sources
            .get(violation.source)
            .map_or(0, |source| source.position(violation.span.start()).line);
        if !details.is_empty() {
            details.push('\n');
        }
        let _ = writeln!(details, "{}\nLine: {line}", violation.message);
        if release != Release::V2_4_7 {
            continue;
        }
        details.push_str("The xml was: \n");
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
