//! # What it does
//! Finds elements without an attribute that they must have.
//!
//! # Why it is bad
//! In developer mode the store stops; in other modes it may stop while it converts the file.
//!
//! # Example
//! `<resource/>` inside `resources`
//!
//! # Use instead
//! `<resource name="Magento_Sales::sales"/>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_attribute.rs"),
    check: Check::Schema(Some("add the attribute")),
};
