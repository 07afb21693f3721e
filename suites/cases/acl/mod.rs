//! What an integration may do.

mod change;
mod grant;
mod limited;

magespec::group!("acl": limited, grant, change);
