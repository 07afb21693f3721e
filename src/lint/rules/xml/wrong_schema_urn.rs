//! # What it does
//! Finds schema locations that are not the ones of this kind of file.
//!
//! # Why it is bad
//! A store never looks at it, so nothing breaks; an editor validates against another schema, or against none.
//!
//! # Example
//! `urn:magento:module:Magento_Integration:etc/integration.xsd`
//!
//! # Use instead
//! `urn:magento:module:Magento_Integration:etc/integration/integration_file.xsd`
//!
//! # Source
//! docs/protocol/module-files.md.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::diagnostic::Diagnostic;
use crate::lint::Fix;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

/// The schema of the merged document, which will do for one file as well.
const MERGED: &str = "urn:magento:module:Magento_Integration:etc/integration/integration.xsd";

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("wrong_schema_urn.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        for file in &module.files {
            let urn = file.kind.schema_urn();
            let location = file
                .document
                .as_ref()
                .and_then(|document| document.root().attribute("xsi:noNamespaceSchemaLocation"));
            if let Some(location) = location
                && location.value() != urn
                && !(file.kind == FileKind::Consolidated && location.value() == MERGED)
            {
                findings.add_with(
                    Diagnostic::finding(
                        location.source(),
                        location.value_span(),
                        format!(
                            "`{}` is not the schema of `{}`",
                            location.value(),
                            file.kind
                        ),
                    )
                    .help(advice(file.kind)),
                    Fix::replace(location.source(), location.value_span(), urn),
                );
            }
        }
    }
}

/// The same for every file of a kind, and in some trees said of every file.
fn advice(kind: FileKind) -> &'static str {
    static ADVICE: LazyLock<HashMap<FileKind, String>> = LazyLock::new(|| {
        let kinds = FileKind::ALL.into_iter();
        kinds
            .map(|kind| (kind, format!("use `{}`", kind.schema_urn())))
            .collect()
    });
    &ADVICE[&kind]
}
