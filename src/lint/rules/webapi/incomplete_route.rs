//! # What it does
//! Finds routes without service or without resources.
//!
//! # Why it is bad
//! In developer mode the store stops.
//!
//! # Example
//! `<route …><service …/></route>`
//!
//! # Use instead
//! `<route …><service …/><resources>…</resources></route>`
//!
//! # Source
//! docs/protocol/module-files.md#etcwebapixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("incomplete_route.rs"),
    check: Check::Schema(Some(
        "add it: every route has a service and at least one resource",
    )),
};
