//! # What it does
//! Finds `module` elements without a name.
//!
//! # Why it is bad
//! The store stops with `Attribute "name" is required for module node.`
//!
//! # Example
//! `<module/>`
//!
//! # Use instead
//! `<module name="Acme_Demo"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_module_name.rs"),
    check: Check::Schema(Some("add `name`")),
};
