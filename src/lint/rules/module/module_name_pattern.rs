//! # What it does
//! Finds module names in `module.xml` that do not have the form `Vendor_Module`.
//!
//! # Why it is bad
//! A store loads the module all the same, but static tests and editors refuse the file, and ids of ACL resources cannot be formed from the
//! name.
//!
//! # Example
//! `<module name="acme_demo"/>`
//!
//! # Use instead
//! `<module name="Acme_Demo"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("module_name_pattern.rs"),
    check: Check::Schema(Some(
        "use two parts of letters and digits, each capitalised and at least two characters long, joined by one underscore",
    )),
};
