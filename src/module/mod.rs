//! The XML and JSON files of an extension as typed, spanned values; what a store makes of all of them together.
//!
//! [`ModuleSet::read`] never fails as a whole: it gives the values and the diagnostics. [`Merged::new`] orders and merges, on top of a
//! built-in release, in strict or lax mode. Nothing here reads a folder (`source` does) or judges style (`lint` does).

pub mod acl;
pub mod baseline;
pub mod composer;
pub mod declaration;
pub mod deployment;
mod file;
pub mod integration;
pub mod json;
mod merged;
mod merger;
mod names;
pub mod order;
pub mod php;
mod reading;
pub mod registration;
pub mod schemas;
mod set;
pub mod setup;
mod spanned;
mod stop;
pub mod webapi;
pub mod words;

pub use file::{AREAS, FileKind, PANEL_FILES, SourceFile};
pub use merged::Merged;
pub use set::{Module, ModuleSet, XmlFile};
pub use spanned::Spanned;
pub use stop::{Mode, Reason, Stop};

/// What is made of each of these. They are counted first: a list that grows is moved each time and leaves a hole behind, and holes of every
/// size are what an allocator spends its time on.
fn list_of<I, T>(items: I, make: impl FnMut(I::Item) -> T) -> Box<[T]>
where
    I: Iterator + Clone,
{
    let mut list = Vec::with_capacity(items.clone().count());
    list.extend(items.map(make));
    list.into()
}
