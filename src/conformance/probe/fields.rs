//! The header fields that tell a store, and a reader of its log, who asks.

/// The `User-Agent` of every probe.
pub(crate) const USER_AGENT: &str = concat!("magespec/", env!("CARGO_PKG_VERSION"));

/// The field of a probe that names its case, so that the store's log can be read beside the report.
pub(crate) const CASE_HEADER: &str = "X-Magespec-Case";
