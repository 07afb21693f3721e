//! Signatures that must not be accepted, methods, and the published vectors.

mod everywhere;
mod methods;
mod vectors;
mod wrong;

magespec::group!("signature": wrong, everywhere, methods, vectors);
