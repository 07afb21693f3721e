//! Integrations that a module declares.

mod declared;
mod upgrade;

magespec::group!("processing": declared, upgrade);
