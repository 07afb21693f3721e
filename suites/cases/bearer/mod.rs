//! Access tokens used as bearer tokens.

mod off;
mod on;
mod unusable;

magespec::group!("bearer": off, unusable, on);
