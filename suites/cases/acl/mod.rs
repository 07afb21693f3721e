//! What an integration may do with what it was granted.

mod limited;

magespec::group!("acl": limited);
