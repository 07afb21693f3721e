//! # What it does
//! Finds a `registration.php` that registers another name than `module.xml` declares.
//!
//! # Why it is bad
//! The module is loaded under the declared name, its folder is looked up under that name and not found, and all its configuration files are
//! silently skipped.
//!
//! # Example
//! `register(ComponentRegistrar::MODULE, 'Acme_Other', __DIR__)` beside `<module name="Acme_Demo"/>`
//!
//! # Use instead
//! The same name in both files.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("registration_name_mismatch.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let declared = module
            .declaration
            .as_ref()
            .and_then(|found| found.name.as_ref());
        let registered = module
            .registrations
            .iter()
            .flat_map(|(_, calls)| calls)
            .filter(|call| call.may_be_module())
            .find_map(|call| call.name.as_ref());
        if let (Some(declared), Some(registered)) = (declared, registered)
            && *declared.value != *registered.value
        {
            findings.add(
                Diagnostic::finding(
                    registered.source,
                    registered.span,
                    format!(
                        "`{}` is registered, but `module.xml` declares `{}`",
                        registered.value, declared.value
                    ),
                )
                .label("another name")
                .related(declared.source, declared.span, "declared here")
                .help("use the same name: a store skips every file of this module"),
            );
        }
    }
}
