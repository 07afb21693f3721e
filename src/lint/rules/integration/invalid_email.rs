//! # What it does
//! Finds e-mail addresses that the schema refuses.
//!
//! # Why it is bad
//! In developer mode the store stops. White space counts: a line break after the address is enough.
//!
//! # Example
//! `<email></email>`
//!
//! # Use instead
//! `<email>it@acme-demo.com</email>`
//!
//! # Source
//! docs/protocol/module-files.md.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("invalid_email.rs"),
    check: Check::Schema(Some(
        "give an address with `@` and a dot behind it, without white space around it",
    )),
};
