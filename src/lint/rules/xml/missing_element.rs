//! # What it does
//! Finds elements that leave out a child which the schema wants.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resources/>` without a `resource`
//!
//! # Use instead
//! `<resources><resource name="Magento_Sales::sales"/></resources>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_element.rs"),
    check: Check::Schema(Some("add the element")),
};
