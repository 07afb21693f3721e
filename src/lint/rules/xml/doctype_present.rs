//! # What it does
//! Finds XML files with a DOCTYPE.
//!
//! # Why it is bad
//! Entities of an internal DTD are expanded inside values, which a reader of the file does not see; external ones are never read.
//!
//! # Example
//! `<!DOCTYPE config [<!ENTITY host "acme-demo.com">]>`
//!
//! # Use instead
//! Write the value out.
//!
//! # Source
//! docs/protocol/module-files.md#xml-rules-that-surprise.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("doctype_present.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for file in &module.files {
            let doctype = file.document.as_ref().and_then(|document| document.doctype);
            if let Some(span) = doctype {
                findings.add(
                    Diagnostic::finding(file.source, span, "the file has a DOCTYPE")
                        .help("remove it and write values out"),
                );
            }
        }
    }
}
