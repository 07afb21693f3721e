//! # What it does
//! Finds values of attributes and elements that do not have the form which the schema wants and that no other rule names.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<route … secure="yes">`
//!
//! # Use instead
//! `<route … secure="true">`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_value.rs"),
    check: Check::Schema(Some("give it the expected form")),
};
