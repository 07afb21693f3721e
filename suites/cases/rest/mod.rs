//! Signed REST calls: the token, the integration's status, routing, content types.

mod token;

magespec::group!("rest": token);
