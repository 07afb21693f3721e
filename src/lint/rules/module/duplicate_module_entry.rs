//! # What it does
//! Finds names that stand twice in `module.xml`, among its modules or in one sequence.
//!
//! # Why it is bad
//! Static tests and editors refuse the file; a store takes the first module and ignores the repetition.
//!
//! # Example
//! `<sequence><module name="Magento_Sales"/><module name="Magento_Sales"/></sequence>`
//!
//! # Use instead
//! Name each module once.
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("duplicate_module_entry.rs"),
    check: Check::Schema(Some("remove the second one")),
};
