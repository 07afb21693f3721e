//! Signatures that must not be accepted, and methods.

mod wrong;

magespec::group!("signature": wrong);
