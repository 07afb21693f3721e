//! What an integration may do.

mod change;
mod grant;
mod lists;

magespec::group!("acl": grant, lists, change);
