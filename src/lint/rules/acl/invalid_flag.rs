//! # What it does
//! Finds values of `sortOrder` that are no whole number, and of `disabled` that are neither true nor false.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `sortOrder="1.5"`
//!
//! # Use instead
//! `sortOrder="15"`
//!
//! # Source
//! docs/protocol/module-files.md#etcaclxml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_flag.rs"),
    check: Check::Schema(Some(
        "use a whole number for `sortOrder`, `true` or `false` for `disabled`",
    )),
};
