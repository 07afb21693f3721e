//! # What it does
//! Finds modules whose sequences lead back to themselves.
//!
//! # Why it is bad
//! The store stops with `Circular sequence reference`.
//!
//! # Example
//! `Acme_Demo` after `Acme_Demo`
//!
//! # Use instead
//! Leave out one of the links.
//!
//! # Source
//! docs/protocol/merging.md#module-order.

use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Reason;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("circular_sequence.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for stop in &context.merged.stops {
        if stop.reason == Reason::Circular {
            findings.add(
                stop.diagnostic
                    .clone()
                    .help("remove this module from the sequence"),
            );
        }
    }
}
