//! # What it does
//! Finds setup scripts with which `setup:upgrade` stops: a patch whose class has another name, a class without the interface.
//!
//! # Why it is bad
//! `setup:upgrade` ends with an error for the whole store.
//!
//! # Example
//! `class InstallData` without `implements InstallDataInterface`
//!
//! # Use instead
//! `class InstallData implements InstallDataInterface`
//!
//! # Source
//! measured on 2.4.7-p3, exit 1: `… must implement \Magento\Framework\Setup\InstallDataInterface`, `Patch … should implement
//! DataPatchInterface`, `Class "…" does not exist`.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::setup::Fate;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("script_stops_setup.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for script in &module.setup.scripts {
            let diagnostic = match &script.fate {
                Fate::NoInterface { entry, class } => {
                    let interface = entry.interface();
                    Diagnostic::finding(
                        script.source,
                        script.span,
                        format!("`setup:upgrade` stops here: `{class}` is no `{interface}`"),
                    )
                    .help(format!(
                        "add `implements \\Magento\\Framework\\Setup\\{interface}`"
                    ))
                }
                Fate::OtherClass { entry, expected } if entry.is_patch() => Diagnostic::finding(
                    script.source,
                    script.span,
                    format!("`setup:upgrade` stops here: it looks for the class `{expected}`"),
                )
                .help(format!("name the class `{expected}`")),
                _ => continue,
            };
            findings.add(diagnostic);
        }
    }
}
