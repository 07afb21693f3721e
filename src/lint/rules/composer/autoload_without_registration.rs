//! # What it does
//! Finds a `composer.json` whose `autoload.files` does not name `registration.php`.
//!
//! # Why it is bad
//! Composer installs the package, but the module is not registered.
//!
//! # Example
//! `"autoload": {"psr-4": {…}}`
//!
//! # Use instead
//! `"autoload": {"files": ["registration.php"], "psr-4": {…}}`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("autoload_without_registration.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some((source, package)) = &module.composer else {
            continue;
        };
        let named = package
            .autoload_files
            .iter()
            .any(|file| file.value.ends_with("registration.php"));
        if !named && !package.is_misshapen("autoload.files") {
            findings.add(
                Diagnostic::finding(
                    *source,
                    package.autoload.unwrap_or(package.start),
                    "`autoload.files` does not name `registration.php`",
                )
                .help("add `\"files\": [\"registration.php\"]`"),
            );
        }
    }
}
