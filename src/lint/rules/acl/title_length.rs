//! # What it does
//! Finds titles of fewer than 3 or more than 50 characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `title="X"`
//!
//! # Use instead
//! `title="Feeds"`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("title_length.rs"),
    check: Check::Schema(Some("use 3 to 50 characters")),
};
