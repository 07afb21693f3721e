//! The ACL tree and grants.

pub(crate) mod trees;
mod vectors;
