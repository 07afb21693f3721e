//! # What it does
//! Finds values of `setup_version` with anything but digits and dots.
//!
//! # Why it is bad
//! Static tests and editors refuse the file.
//!
//! # Example
//! `setup_version="1.0.0-beta"`
//!
//! # Use instead
//! `setup_version="1.0.0"`
//!
//! # Source
//! docs/protocol/module-files.md#etcmodulexml-registrationphp-composerjson.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("setup_version_pattern.rs"),
    check: Check::Schema(Some("use digits and dots")),
};
