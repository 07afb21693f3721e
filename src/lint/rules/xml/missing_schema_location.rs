//! # What it does
//! Finds integration files whose root does not declare the `xsi` prefix.
//!
//! # Why it is bad
//! Root attributes are merged by name. When this file is the first of its kind and a later module has `xsi:noNamespaceSchemaLocation`, the
//! merged root carries a prefix that nothing declares, and developer mode stops with `The attribute 'xsi:noNamespaceSchemaLocation' is not
//! allowed.` So this file can break another module.
//!
//! # Example
//! `<config>`
//!
//! # Use instead
//! `<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="…">`
//!
//! # Source
//! source 2.4.7-p3.

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;
use crate::text::Span;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_schema_location.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for file in &module.files {
            let Some(document) = &file.document else {
                continue;
            };
            let root = document.root();
            let is_integration = matches!(
                file.kind,
                FileKind::Consolidated | FileKind::IntegrationConfig | FileKind::IntegrationApi
            );
            if !is_integration
                || root.name() != file.kind.root()
                || root.attribute("xmlns:xsi").is_some()
            {
                continue;
            }
            let urn = file.kind.schema_urn();
            let missing = format!(
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"{urn}\""
            );
            let after_name = Span::new(root.name_span().end(), root.name_span().end());
            let diagnostic = Diagnostic::finding(
                file.source,
                root.name_span(),
                format!("the root of `{}` does not declare `xmlns:xsi`", file.kind),
            )
            .label("can break another module in developer mode")
            .help(format!("add `xmlns:xsi` and the schema location `{urn}`"));
            if root.attribute("xsi:noNamespaceSchemaLocation").is_some() {
                findings.add(diagnostic);
            } else {
                findings.add_with(diagnostic, Fix::replace(file.source, after_name, missing));
            }
        }
    }
}
