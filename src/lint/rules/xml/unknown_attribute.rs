//! # What it does
//! Finds attributes that the schema does not know; an `xsi:` attribute counts when its prefix is not declared.
//!
//! # Why it is bad
//! In developer mode the store stops (for `module.xml`, editors and static tests complain).
//!
//! # Example
//! `<resource id="Acme_Demo::a" title="Demo" module="Acme_Demo"/>`
//!
//! # Use instead
//! Leave the attribute out.
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated, docs/protocol/module-files.md#etcaclxml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unknown_attribute.rs"),
    check: Check::Schema(Some("remove the attribute")),
};
