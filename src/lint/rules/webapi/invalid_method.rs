//! # What it does
//! Finds routes with another method than GET, PUT, POST and DELETE in upper case.
//!
//! # Why it is bad
//! In developer mode the store stops; PATCH does not exist here.
//!
//! # Example
//! `<route url="/V1/acme/feeds" method="PATCH">`
//!
//! # Use instead
//! `<route url="/V1/acme/feeds" method="PUT">`
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_method.rs"),
    check: Check::Schema(Some("use one of GET, PUT, POST and DELETE")),
};
