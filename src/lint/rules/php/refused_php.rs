//! # What it does
//! Finds PHP files of a module that PHP refuses to read.
//!
//! # Why it is bad
//! A store that loads the file stops with a syntax error; of a `registration.php` that is every request.
//!
//! # Example
//! `ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__`
//!
//! # Use instead
//! `ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Demo', __DIR__);`
//!
//! # Source
//! PHP 8.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("refused_php.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (source, fault) in context.modules().flat_map(|module| &module.php_faults) {
        findings.add(
            Diagnostic::finding(*source, fault.span, "PHP refuses this file")
                .label(fault.message.clone())
                .help("repair the syntax: `php -l` says the same"),
        );
    }
}
