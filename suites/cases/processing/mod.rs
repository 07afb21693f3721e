//! Integrations that a module declares.

mod declared;

magespec::group!("processing": declared);
