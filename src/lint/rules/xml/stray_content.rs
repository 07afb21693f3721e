//! # What it does
//! Finds text between elements, and elements inside plain values.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<config>hello<integration …>`
//!
//! # Use instead
//! Remove the text, or make it a comment.
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("stray_content.rs"),
    check: Check::Schema(Some("remove it, or make it a comment")),
};
