//! # What it does
//! Finds `etc/integration/config.xml`.
//!
//! # Why it is bad
//! Since 2.1 it is deprecated in favour of `etc/integration.xml`, which every `setup:upgrade` processes by itself; the old form needs a
//! setup script that names the integration.
//!
//! # Example
//! `etc/integration/config.xml` and `etc/integration/api.xml`
//!
//! # Use instead
//! `etc/integration.xml`
//!
//! # Source
//! docs/protocol/module-files.md, docs/protocol/config-integrations.md.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::FileKind;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.1–2.4.7",
    source: include_str!("deprecated_files.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        if let Some(file) = module.file(FileKind::IntegrationConfig)
            && let Some(document) = &file.document
        {
            let asks_for_everything = module
                .api
                .iter()
                .any(|list| matches!(&list.resources[..], [only] if only.value.as_str() == ResourceId::EVERYTHING));
            let help = if asks_for_everything {
                "list what the app needs and put it into `etc/integration.xml`, which cannot ask for everything"
            } else {
                "put contact data and resources into `etc/integration.xml`"
            };
            findings.add(
                Diagnostic::finding(
                    file.source,
                    document.root().name_span(),
                    "`etc/integration/config.xml` is deprecated and does nothing by itself",
                )
                .help(help),
            );
        }
    }
}
