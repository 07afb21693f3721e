//! # What it does
//! Finds `module` elements directly inside the `module` of `module.xml`.
//!
//! # Why it is bad
//! Only a `sequence` is read: the modules named outside it are no dependencies, and the load order does not respect them.
//!
//! # Example
//! `<module name="Acme_Demo"><module name="Magento_Sales"/></module>`
//!
//! # Use instead
//! `<module name="Acme_Demo"><sequence><module name="Magento_Sales"/></sequence></module>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("module_outside_sequence.rs"),
    check: Check::Schema(Some("wrap them in `sequence`")),
};
