//! Access tokens used as bearer tokens.

mod on;
mod unusable;
mod written;

magespec::group!("bearer": unusable, written, on);
