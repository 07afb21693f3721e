//! # What it does
//! Finds resource names that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<resource name="customer_manage"/>`
//!
//! # Use instead
//! `<resource name="Magento_Customer::manage"/>`
//!
//! # Source
//! docs/protocol/module-files.md#when-a-file-is-validated.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_resource_name.rs"),
    check: Check::Schema(Some("use the form `Vendor_Module::name`")),
};
