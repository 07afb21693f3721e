//! What an integration may do.

mod change;
mod grant;
mod lists;
mod methods;

magespec::group!("acl": grant, methods, lists, change);
