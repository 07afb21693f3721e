//! # What it does
//! Finds two folders that declare the same module.
//!
//! # Why it is bad
//! When both are registered the store stops with `Module '…' from '…' has been already defined in '…'.`
//!
//! # Example
//! Two folders with `<module name="Acme_Demo"/>`
//!
//! # Use instead
//! Remove one of them, or rename it.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::{Module, Spanned};
use crate::text::Excerpt;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_module.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(name) = declared_name(module) else {
            continue;
        };
        let mut named = context.named(&name.value).iter();
        let Some((other, declared)) = named.find_map(|other| Some((*other, declared_name(other)?)))
        else {
            continue;
        };
        if std::ptr::eq(other, module) {
            continue;
        }
        let mut diagnostic = Diagnostic::finding(
            name.source,
            name.span,
            format!("`{}` is declared by two folders", name.value),
        )
        .label("second declaration")
        .related(declared.source, declared.span, "first declaration")
        .help("remove one of the folders, or give it a name of its own");
        if let (Some(one), Some(two)) = (module.registered_name(), other.registered_name())
            && one == two
        {
            diagnostic = diagnostic.note(format!(
                "a store says: Module '{one}' from '{}' has been already defined in '{}'.",
                module.folder, other.folder
            ));
        }
        findings.add(diagnostic);
    }
}

fn declared_name(module: &Module) -> Option<&Spanned<Excerpt>> {
    module.declaration.as_ref()?.name.as_ref()
}
