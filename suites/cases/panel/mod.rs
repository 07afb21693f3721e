//! The admin panel, asked over HTTP as a browser would.

mod session;

magespec::group!("panel": session);
