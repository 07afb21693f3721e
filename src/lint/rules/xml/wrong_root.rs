//! # What it does
//! Finds XML files whose root element is not the one that the file must have, or stands in a namespace.
//!
//! # Why it is bad
//! In developer mode the store stops. In other modes the file may still be read, until a second module brings the same file with the right
//! root: then merging stops.
//!
//! # Example
//! `<integrations>` in `etc/integration.xml`
//!
//! # Use instead
//! `<config>`
//!
//! # Source
//! docs/protocol/module-files.md, docs/protocol/merging.md#how-two-files-become-one.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("wrong_root.rs"),
    check: Check::Schema(Some("give the file the root element that its schema names")),
};
