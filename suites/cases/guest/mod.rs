//! What somebody without credentials may read.

mod closed;
mod open;

magespec::group!("guest": closed, open);
