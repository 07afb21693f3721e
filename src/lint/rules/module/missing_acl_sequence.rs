//! # What it does
//! Finds modules that hang ACL resources below those of another module without naming that module in their sequence.
//!
//! # Why it is bad
//! The order in which the two `acl.xml` files are merged is then an accident of the names. Modules with `Magento_` in their name come first
//! anyway and are not asked for.
//!
//! # Example
//! `acl.xml` with `Other_Base::menu` as parent, `module.xml` without `Other_Base`
//!
//! # Use instead
//! `<sequence><module name="Other_Base"/></sequence>`
//!
//! # Source
//! docs/protocol/merging.md#module-order.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::lint::rules::{Body, Check, Context, Findings};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_acl_sequence.rs"),
    check: Check::Module(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for module in context.modules() {
        let Some(declaration) = &module.declaration else {
            continue;
        };
        let sequence: HashSet<&str> = declaration
            .sequence
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        let mut told = HashSet::new();
        for resource in module.acl.iter().flat_map(|root| root.walk()) {
            let (resource, _) = resource;
            let Some(id) = &resource.id else { continue };
            let owner = id.value.as_str().split("::").next().unwrap_or_default();
            let named = sequence.contains(owner);
            let is_parent = resource.title.is_none() && !resource.children.is_empty();
            if is_parent
                && owner != module.name()
                && !owner.contains("Magento_")
                && !named
                && told.insert(owner)
            {
                findings.add(
                    Diagnostic::finding(
                        id.source,
                        id.span,
                        format!(
                            "a resource of `{owner}` is a parent here, but the `sequence` of `{}` does not name it",
                            module.name()
                        ),
                    )
                    .help(format!("name `{owner}` in the `sequence` of `etc/module.xml`")),
                );
            }
        }
    }
}
