//! Version, timestamp and nonce.

mod nonce;
mod timestamp;
mod version;

magespec::group!("replay": version, timestamp, nonce);
