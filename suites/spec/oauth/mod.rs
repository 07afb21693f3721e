//! Signatures: rules, oracles and vectors.

mod checks;
mod generations;
mod limits;
mod natural_order;
mod oracles;
mod properties;
mod published;
pub(crate) mod vectors;
