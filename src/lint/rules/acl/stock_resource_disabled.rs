//! # What it does
//! Finds modules that switch off a resource of the core.
//!
//! # Why it is bad
//! The resource vanishes with everything below it: routes that it guards are open only to those who may do everything, and integrations
//! that list it lose it.
//!
//! # Example
//! `<resource id="Magento_Sales::sales" disabled="true"/>`
//!
//! # Use instead
//! Leave the core's resources as they are.
//!
//! # Source
//! docs/protocol/acl.md.

use crate::acl::{Presence, presence};
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("stock_resource_disabled.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (resource, _) in context
        .modules()
        .flat_map(|module| &module.acl)
        .flat_map(|root| root.walk())
    {
        if let (Some(disabled), Some(id)) = (&resource.disabled, &resource.id)
            && disabled.value == "true"
            && presence(context.target, id.value.as_str()) == Some(Presence::Present)
        {
            findings.add(
                Diagnostic::finding(
                    disabled.source,
                    disabled.span,
                    format!(
                        "`{}` of the core is switched off, with everything below it",
                        id.value
                    ),
                )
                .help("remove `disabled`"),
            );
        }
    }
}
