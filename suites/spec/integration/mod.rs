//! What becomes of an integration.

mod plan;
mod save;
pub(crate) mod transitions;
