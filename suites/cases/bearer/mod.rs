//! Access tokens that are sent as they are, in `Authorization: Bearer`.

mod off;

magespec::group!("bearer": off);
