//! # What it does
//! Finds XML and PHP files that are no text or no well-formed XML.
//!
//! # Why it is bad
//! A store stops with `The XML in file … is invalid` in every mode, not only in developer mode.
//!
//! # Example
//! `<email>it@acme.example</mail>`
//!
//! # Use instead
//! `<email>it@acme.example</email>`
//!
//! # Source
//! docs/protocol/module-files.md#xml-rules-that-surprise.

use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("malformed_file.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for diagnostic in &context.set.diagnostics {
        if !context
            .set
            .sources
            .path(diagnostic.source)
            .ends_with("composer.json")
        {
            let help = diagnostic.help.clone();
            let help = help.unwrap_or_else(|| "repair the file: it must be well-formed XML".into());
            findings.add(diagnostic.clone().help(help));
        }
    }
}
