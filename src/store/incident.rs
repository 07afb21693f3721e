//! What fails inside is told in the log, under an id; whoever asked is told the id alone: what a database says names its place, its tables and now
//! and then their rows.

use std::fmt::Display;

use crate::random::Entropy;

/// Writes the reason into the log and answers its id there.
pub(super) fn logged(entropy: &dyn Entropy, reason: &dyn Display) -> String {
    let mut bytes = [0_u8; 8];
    entropy.fill(&mut bytes);
    let id = format!("{:013x}", u64::from_le_bytes(bytes) >> 12);
    tracing::error!(report = format!("webapi-{id}"), %reason, "internal error");
    id
}
