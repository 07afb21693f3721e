//! Module folders: how they are read, ordered and merged.

pub(crate) mod folders;
mod merging;
mod properties;
mod readings;
mod routes_baseline;
mod setup_scripts;
mod vectors;
