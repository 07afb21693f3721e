//! Which parameters a signed request needs, and what an empty or extra one does.

mod empty;
mod missing;

magespec::group!("parameters": missing, empty);
