//! # What it does
//! Finds modules that the store's `app/etc/config.php` switches off.
//!
//! # Why it is bad
//! A store takes nothing from a module that is off: no integration, resource or route, however right its files are. Integrations that it
//! made before stay, and their pages break. The files are checked here all the same.
//!
//! # Example
//! `'modules' => ['Acme_Demo' => 0]`
//!
//! # Use instead
//! `bin/magento module:enable Acme_Demo`
//!
//! # Source
//! docs/protocol/merging.md, docs/protocol/config-integrations.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("disabled_module.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(off) = context.set.switched_off(module) else {
            continue;
        };
        let named = module
            .declaration
            .as_ref()
            .and_then(|found| found.name.as_ref());
        let (source, span) = named.map_or((off.source, off.span), |name| (name.source, name.span));
        findings.add(
            Diagnostic::finding(source, span, format!("`{}` is switched off", off.value))
                .label("a store ignores its files")
                .related(off.source, off.span, "switched off here")
                .help(format!("run `bin/magento module:enable {}`", off.value)),
        );
    }
}
