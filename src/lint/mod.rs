//! The module linter: what will go wrong in a store, found in the files before a merchant finds it.
//!
//! One rule is one file of `rules/`, with its page, its check and a fixture. [`lint`] runs them all over a
//! [`ModuleSet`](crate::module::ModuleSet) and gives findings; it reads no file and writes none. A claim about Magento's resources is always a claim about the built-in baselines.

mod allow;
pub mod baseline;
mod calls;
mod context;
mod engine;
pub mod fix;
pub mod format;
mod halves;
pub mod machines;
mod options;
mod parents;
mod rule;
mod rules;
pub mod sarif;
mod schema;
mod select;
mod suggest;
mod web_address;

pub use calls::{Call, CallFault};
pub use engine::{Linted, Unlisted, lint};
pub use fix::Fix;
pub use options::Options;
pub use rule::{Finding, Rule};
pub use rules::RULES;
pub use select::{NoRule, Selection, Selector};
