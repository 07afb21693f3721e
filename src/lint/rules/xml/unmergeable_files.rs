//! # What it does
//! Finds files of several modules that a store cannot merge: different roots, a name with `'`, or an element that an earlier file has
//! twice.
//!
//! # Why it is bad
//! The store stops in every mode, and no module's file of this kind is read.
//!
//! # Example
//! Two files with `<integration name="Acme">` twice in the first
//!
//! # Use instead
//! Declare each name once.
//!
//! # Source
//! docs/protocol/merging.md#how-two-files-become-one.

use crate::lint::rules::{Body, Check, Context, Findings};
use crate::module::Reason;

pub(in crate::lint) const RULE: Body = Body {
    versions: "2.0–2.4.7",
    source: include_str!("unmergeable_files.rs"),
    check: Check::Set(check),
};

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for stop in &context.merged.stops {
        if stop.reason == Reason::Merge {
            findings.add(
                stop.diagnostic
                    .clone()
                    .help("bring the files of these modules in line, or lint the modules apart"),
            );
        }
    }
}
