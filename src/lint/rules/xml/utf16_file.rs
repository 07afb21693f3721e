//! # What it does
//! Finds XML files saved as.
//!
//! # Why it is bad
//! A store's XML parser reads them, and nothing else does: static tests, search, patches and version control take them for binary files.
//!
//! # Example
//! A file that begins with the bytes FF FE
//!
//! # Use instead
//! The same file saved as UTF-8
//!
//! # Source
//! docs/protocol/module-files.md#xml-rules-that-surprise.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::text::Span;
use crate::xml::Encoding;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("utf16_file.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for file in &module.files {
            if file.document.is_some() && file.encoding == Encoding::Utf16 {
                findings.add(
                    Diagnostic::finding(
                        file.source,
                        Span::new(0, 0),
                        "the file is saved as UTF-16",
                    )
                    .help("save it as UTF-8"),
                );
            }
        }
    }
}
