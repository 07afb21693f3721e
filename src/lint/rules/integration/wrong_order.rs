//! # What it does
//! Finds `email`, `endpoint_url` and `identity_link_url` of `config.xml` in another order, or twice.
//!
//! # Why it is bad
//! The order is fixed on the merged document, and developer mode stops when it is broken; it can be broken by the file of another module.
//!
//! # Example
//! `<endpoint_url>…</endpoint_url><email>…</email>`
//!
//! # Use instead
//! `<email>…</email><endpoint_url>…</endpoint_url>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("wrong_order.rs"),
    check: Check::Schema(Some(
        "use the order `email`, `endpoint_url`, `identity_link_url`",
    )),
};
