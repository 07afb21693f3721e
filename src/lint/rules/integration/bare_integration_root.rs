//! # What it does
//! Finds integration files that begin with `integration`.
//!
//! # Why it is bad
//! Some guides show the file so. In developer mode the store stops; in other modes it works until a second module brings an
//! `integration.xml`, and then merging stops.
//!
//! # Example
//! `<integration name="Acme">…</integration>`
//!
//! # Use instead
//! `<config><integration name="Acme">…</integration></config>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationxml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("bare_integration_root.rs"),
    check: Check::Schema(Some("wrap it in the root element of the file")),
};
