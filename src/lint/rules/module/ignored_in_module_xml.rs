//! # What it does
//! Finds what the schema forbids in `module.xml` and no store notices.
//!
//! # Why it is bad
//! Stores only parse this file, they never validate it: an attribute or element that they do not know does nothing, and of two `sequence`
//! elements the last one counts, so that what the first one names is lost. Editors and static tests complain.
//!
//! # Example
//! `<module name="Acme_Demo" release_version="1.0.0">`
//!
//! # Use instead
//! `<module name="Acme_Demo">`
//!
//! # Source
//! measured on 2.4.7-p3: `setup:upgrade` takes unknown attributes and elements, and a first `sequence` that names a module which is not
//! there.

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::{FileKind, Module};
use crate::xml::Element;
use crate::xml::schema::{Violation, ViolationKind};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("ignored_in_module_xml.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(file) = module.file(FileKind::Module) else {
            continue;
        };
        for violation in &file.violations {
            if crate::lint::schema::rule_of(FileKind::Module, violation) == "MOD015" {
                findings.add(said(module, violation));
            }
        }
    }
}

fn said(module: &Module, violation: &Violation) -> Diagnostic {
    let at = |message: String| {
        Diagnostic::finding(violation.source, violation.span, message)
            .note(format!("the schema says: {}", violation.message))
    };
    match (violation.kind, violation.element.as_str()) {
        (ViolationKind::Attribute, _) => at(format!(
            "`{}` is ignored: a store reads no such attribute",
            violation.attribute
        ))
        .help("remove the attribute"),
        (ViolationKind::Unexpected, "sequence") => match lost(module) {
            Some(lost) if lost.is_empty() => {
                at("only the last `sequence` counts".to_owned()).help("keep one `sequence`")
            }
            Some(lost) => at(format!(
                "only the last `sequence` counts: {lost} before it is lost"
            ))
            .help("keep one `sequence` with all of them"),
            None => at("this `sequence` is not read: it stands outside of `module`".to_owned())
                .help("move it into `module`"),
        },
        (_, element) => at(format!("`{element}` is not read as it stands here")).help("remove it"),
    }
}

/// The modules that only a `sequence` before the last names; none when the first module has no second one.
fn lost(module: &Module) -> Option<String> {
    let root = module.document(FileKind::Module)?.root();
    let first = root.named("module").next()?;
    let names = |sequence: Element<'_>| -> Vec<String> {
        sequence
            .named("module")
            .filter_map(|module| module.attribute("name"))
            .map(|name| name.value().to_owned())
            .collect()
    };
    let mut sequences: Vec<Vec<String>> = first.named("sequence").map(names).collect();
    if sequences.len() < 2 {
        return None;
    }
    let kept = sequences.pop()?;
    let mut lost: Vec<String> = sequences
        .into_iter()
        .flatten()
        .filter(|name| !kept.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    lost.dedup();
    Some(lost.join(", "))
}
