//! The handshake as the guides describe it: everything good, each step once.

mod happy;

magespec::group!("handshake": happy);
