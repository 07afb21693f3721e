//! # What it does
//! Finds folders with module files but without `etc/module.xml`.
//!
//! # Why it is bad
//! The store does not know the module, so none of its files is read.
//!
//! # Example
//! A folder with `etc/integration.xml` alone
//!
//! # Use instead
//! Add `etc/module.xml` and `registration.php`.
//!
//! # Source
//! docs/protocol/module-files.md.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;
use crate::text::Span;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_module_xml.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        // A single file that was named on the command line is judged by itself.
        let is_folder = module.files.iter().all(|file| {
            context
                .set
                .sources
                .path(file.source)
                .ends_with(file.kind.path())
        });
        if let Some(first) = module.files.first()
            && is_folder
            && module.file(FileKind::Module).is_none()
        {
            findings.add(
                Diagnostic::finding(
                    first.source,
                    Span::new(0, 0),
                    format!(
                        "`{}` stands in a folder without `etc/module.xml`",
                        first.kind
                    ),
                )
                .help("add `etc/module.xml`: without it a store does not load the module"),
            );
        }
    }
}
