//! # What it does
//! Finds setup scripts that a store never loads: in another folder, or with a class of another name.
//!
//! # Why it is bad
//! Nothing says so: `setup:upgrade` ends well, and what the script was to do is not done.
//!
//! # Example
//! A data patch at `Setup/Data/AddIntegration.php`
//!
//! # Use instead
//! `Setup/Patch/Data/AddIntegration.php`, with the class `Acme\Demo\Setup\Patch\Data\AddIntegration`
//!
//! # Source
//! measured on 2.4.7-p3, where none of these ran: patches are looked for in `Setup/Patch/Data/*.php` and `Setup/Patch/Schema/*.php`, the other scripts by the names
//! of their classes: `<Module>\Setup\InstallData` and so on.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::setup::Fate;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("script_never_run.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for script in &module.setup.scripts {
            let path = context.set.sources.path(script.source);
            let below = path.rfind("Setup/").map_or(path, |at| &path[at..]);
            let diagnostic = match &script.fate {
                Fate::OtherPlace if !script.is_reached => Diagnostic::finding(
                    script.source,
                    script.span,
                    format!("`{below}` is never run: a store does not look for scripts there"),
                )
                .note("patches are read from `Setup/Patch/Data` and `Setup/Patch/Schema`, and `Setup` itself holds `InstallData`, `UpgradeData`, `InstallSchema`, `UpgradeSchema`, `Recurring` and `RecurringData`")
                .help("move the class to `Setup/Patch/Data`, with its name space"),
                Fate::OtherClass { entry, expected } if !entry.is_patch() => Diagnostic::finding(
                    script.source,
                    script.span,
                    format!("`{below}` is never run: a store looks for the class `{expected}`"),
                )
                .help(format!("name the class `{expected}`")),
                _ => continue,
            };
            findings.add(diagnostic);
        }
    }
}
