//! # What it does
//! Finds resources that neither the built-in baselines nor the modules given here know.
//!
//! # Why it is bad
//! A store drops an unknown id silently: the merchant approves less than the app asks for, and its calls are refused. A
//! warning only: editions and extensions that are not given here may know the id.
//!
//! # Example
//! `<resource name="Magento_Log::online"/>`
//!
//! # Use instead
//! `<resource name="Magento_Customer::online"/>`
//!
//! # Source
//! docs/protocol/acl.md#what-a-grant-becomes, docs/protocol/acl.md#how-integrationxml-adds-parents.

use crate::acl::ResourceId;
use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};
use crate::lint::suggest::{is_of_commerce, meant, newer};
use crate::module::schemas::is_resource_name;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_resource.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (declared, resource) in context.resources() {
        let id = resource.value.as_str();
        if context.set.switched_off(declared.module).is_none()
            && let Some(owner) = context.owner_that_is_off(id)
        {
            findings.add(
                Diagnostic::finding(
                    resource.source,
                    resource.span,
                    format!("`{id}` is declared by `{owner}` only, which is switched off"),
                )
                .label("dropped silently")
                .help(format!(
                    "remove it, or run `bin/magento module:enable {owner}`"
                )),
            );
            continue;
        }
        let is_own = Context::is_own(declared.module, id);
        let is_everything = id == ResourceId::EVERYTHING;
        if is_of_commerce(id)
            || context.is_known(id)
            || is_own
            || is_everything
            || id.trim() != id
            || !is_resource_name(id)
        {
            continue;
        }
        let meant = meant(context.spellings(), id);
        if meant.is_some_and(|meant| meant.eq_ignore_ascii_case(id)) {
            continue;
        }
        let mut diagnostic = Diagnostic::finding(
            resource.source,
            resource.span,
            format!("`{id}` is unknown in baselines 2.1.6–2.4.7 and in these modules"),
        )
        .label("dropped silently where it is unknown");
        if let Some(note) = newer(id) {
            diagnostic = diagnostic
                .note(note)
                .help("keep it for releases that know it");
        } else if let Some(meant) = meant {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
        } else {
            diagnostic = diagnostic.help("remove it, or give the module that declares it as well");
        }
        findings.add(diagnostic);
    }
}
