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
pub mod scripts;
mod set;
pub mod webapi;
pub mod words;

pub use file::{AREAS, FileKind, SourceFile, Spanned};
pub use merged::{Merged, Mode, Reason, Stop};
pub use set::{Module, ModuleSet, XmlFile};

/// A list without room to spare. It is copied, because a list that is cut in its place leaves a hole behind it, and holes of every size
/// are what an allocator spends its time on.
fn boxed<T>(items: impl Iterator<Item = T>) -> Box<[T]> {
    let items: Vec<T> = items.collect();
    let mut list = Vec::with_capacity(items.len());
    list.extend(items);
    list.into()
}
