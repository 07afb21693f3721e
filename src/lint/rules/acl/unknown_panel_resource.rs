//! # What it does
//! Finds menu entries and configuration sections behind a resource that neither the built-in baselines nor the modules given here know.
//!
//! # Why it is bad
//! Only administrators who may do everything see them. A warning only: extensions that are not given here may know the id.
//!
//! # Example
//! `<add id="Acme_Demo::feeds" resource="Acme_Demo::feed" …/>` in `menu.xml`
//!
//! # Use instead
//! `resource="Acme_Demo::feeds"`, as `acl.xml` declares it
//!
//! # Source
//! measured 2.4.7-p3: a resource without a row is allowed to holders of everything alone.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::{is_of_commerce, meant};
use crate::text::Span;
use crate::xml::parse;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_panel_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for &source in &module.panel {
            let Some(text) = context.set.sources.get(source) else {
                continue;
            };
            let Ok(document) = parse(&*text.text, source) else {
                continue;
            };
            let mut said: HashSet<String> = HashSet::new();
            for element in document.root().descendants() {
                // `menu.xml` has an attribute, `system.xml` an element.
                let (id, span): (String, Span) = match element.name() {
                    "resource" => (element.excerpt().to_string(), element.text_span()),
                    "add" | "update" => match element.attribute("resource") {
                        Some(attribute) => (attribute.value().to_owned(), attribute.value_span()),
                        None => continue,
                    },
                    _ => continue,
                };
                let id = id.trim();
                if !id.contains("::")
                    || context.is_known(id)
                    || is_of_commerce(id)
                    || !said.insert(id.to_owned())
                {
                    continue;
                }
                let help = match meant(context.spellings(), id) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if Context::is_own(module, id) => "declare it in `etc/acl.xml`".to_owned(),
                    None => "give the module that declares it as well".to_owned(),
                };
                findings.add(
                    Diagnostic::finding(source, span, format!("no `acl.xml` here declares `{id}`"))
                        .label("seen only by those who may do everything")
                        .help(help),
                );
            }
        }
    }
}
