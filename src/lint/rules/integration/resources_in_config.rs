//! # What it does
//! Finds `resources` in `etc/integration/config.xml`.
//!
//! # Why it is bad
//! That file holds contact data only: in developer mode the store stops, in other modes the list is ignored.
//!
//! # Example
//! `<integration name="Acme"><resources>…` in `config.xml`
//!
//! # Use instead
//! The list in `etc/integration/api.xml`, or everything in `etc/integration.xml`
//!
//! # Source
//! docs/protocol/module-files.md#etcintegrationconfigxml-and-apixml.

use crate::lint::rules::{Body, Check};

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("resources_in_config.rs"),
    check: Check::Schema(Some(
        "move `resources` to `etc/integration/api.xml`, or the whole integration to `etc/integration.xml`",
    )),
};
