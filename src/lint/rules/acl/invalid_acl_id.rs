//! # What it does
//! Finds ids of `acl.xml` that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resource id="acme::feeds" …/>`
//!
//! # Use instead
//! `<resource id="Acme_Demo::feeds" …/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_acl_id.rs"),
    check: Check::Schema(Some(
        "use the form `Vendor_Module::name`, with letters, digits and `_` behind the colons",
    )),
};
