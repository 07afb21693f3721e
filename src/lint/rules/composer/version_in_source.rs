//! # What it does
//! Finds a `version` in `composer.json`.
//!
//! # Why it is bad
//! In source control the tag is the version, and a second one drifts; Magento's static test refuses it. A shipped package, as below `vendor`, may have it.
//!
//! # Example
//! `"version": "1.3.0"`
//!
//! # Use instead
//! Leave it out and tag the release.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("version_in_source.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let is_shipped = module.folder.split('/').any(|folder| folder == "vendor");
        if let Some((_, package)) = &module.composer
            && let Some(version) = &package.version
            && !is_shipped
        {
            findings.add(
                Diagnostic::finding(
                    version.source,
                    version.span,
                    "`composer.json` has a `version`",
                )
                .help("leave it out in source control: the tag is the version"),
            );
        }
    }
}
