//! What somebody without credentials may read.

mod closed;

magespec::group!("guest": closed);
