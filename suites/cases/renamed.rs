//! Case ids that were released and are no longer, each with the id that says the same today.
//!
//! A released id is never used for something else. `released.txt` lists every id that was ever released; a test holds both against the
//! cases.

/// The old id, and today's.
pub(crate) const RENAMED: &[(&str, &str)] = &[];
