//! # What it does
//! Finds a `composer.json` that is no JSON.
//!
//! # Why it is bad
//! Composer refuses it, and `module:enable` fails with `<Module> composer.json error: …`.
//!
//! # Example
//! `{ "name" "acme/module-demo" }`
//!
//! # Use instead
//! `{ "name": "acme/module-demo" }`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("composer_not_json.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for diagnostic in &context.set.diagnostics {
        if context
            .set
            .sources
            .path(diagnostic.source)
            .ends_with("composer.json")
        {
            findings.add(diagnostic.clone().help(
                "repair the file: it must be JSON, saved as UTF-8 without a byte-order mark",
            ));
        }
    }
}
