//! What anybody may read, and the switch that lets anybody read more.

mod anonymous;
mod closed;

magespec::group!("guest": closed, anonymous);
