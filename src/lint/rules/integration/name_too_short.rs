//! # What it does
//! Finds integration names of fewer than two characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<integration name="A">`
//!
//! # Use instead
//! `<integration name="Acme">`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("name_too_short.rs"),
    check: Check::Schema(Some("use two characters or more")),
};
