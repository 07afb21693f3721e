//! # What it does
//! Finds XML files in another single-byte encoding than UTF-8.
//!
//! # Why it is bad
//! A store reads them when the encoding is declared, but editors, version control and this linter's `--fix` do not treat them as text.
//!
//! # Example
//! `<?xml version="1.0" encoding="ISO-8859-1"?>`
//!
//! # Use instead
//! `<?xml version="1.0"?>`, saved as UTF-8
//!
//! # Source
//! docs/protocol/module-files.md#xml-rules-that-surprise.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::text::Span;
use crate::xml::Encoding;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("encoding_not_utf8.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for file in &module.files {
            if file.document.is_some() && !matches!(file.encoding, Encoding::Utf8 | Encoding::Utf16)
            {
                findings.add(
                    Diagnostic::finding(
                        file.source,
                        Span::new(0, 0),
                        "the file is not saved as UTF-8",
                    )
                    .help("save it as UTF-8 and leave out `encoding`"),
                );
            }
        }
    }
}
