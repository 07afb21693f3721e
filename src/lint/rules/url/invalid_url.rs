//! # What it does
//! Finds URLs that the schema refuses: no URI reference, or fewer than four characters.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<endpoint_url>http://[</endpoint_url>`
//!
//! # Use instead
//! `<endpoint_url>https://acme-demo.com/callback</endpoint_url>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_url.rs"),
    check: Check::Schema(Some("give an absolute `https://` URL")),
};
