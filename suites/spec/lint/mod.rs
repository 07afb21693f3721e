//! The linter: rules, formats and repairs.

mod formats;
mod growing;
mod repairs;
mod rows;
pub(crate) mod rules;
mod wild;
