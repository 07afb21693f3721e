//! # What it does
//! Finds calls in setup scripts that name integrations in a way that cannot be read from the files of the module.
//!
//! # Why it is bad
//! It need not be bad: a store may know the value. But nothing can be said here of what the script makes, and `serve` and `test` do not
//! make it.
//!
//! # Example
//! `processIntegrationConfig([$this->scopeConfig->getValue('acme/name')])`
//!
//! # Use instead
//! A literal, a constant, or a list of them: `processIntegrationConfig([self::NAME])`
//!
//! # Source
//! PHP: the value is known only when the script runs.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::setup::Asks;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("script_not_read.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let calls = context.modules().flat_map(|module| &module.setup.calls);
    for call in calls.filter(|call| call.asks == Asks::Unread) {
        findings.add(
            Diagnostic::finding(
                call.source,
                call.span,
                format!(
                    "what `{}` is given cannot be read from the files",
                    call.method
                ),
            )
            .help("give it literals or constants, or check by hand what it makes"),
        );
    }
}
