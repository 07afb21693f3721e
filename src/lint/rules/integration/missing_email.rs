//! # What it does
//! Finds integrations without an e-mail address: in `config.xml`, or in `integration.xml` when no module gives one.
//!
//! # Why it is bad
//! In developer mode the schema stops the store. In other modes it stops with `Attempt to read property "nodeValue" on null` when it
//! converts the file.
//!
//! # Example
//! `<integration name="Acme"/>`
//!
//! # Use instead
//! `<integration name="Acme"><email>it@acme-demo.com</email></integration>`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml, docs/protocol/module-files.md#etcintegrationxml,
//! docs/protocol/config-integrations.md.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("missing_email.rs"),
    check: Check::Schema(Some(
        "add `email`: it is mandatory in files, though optional in the form",
    )),
};
