//! Signed REST calls: the token, the integration's status, routing, content types.

mod anonymous;
mod answers;
mod body;
mod content;
mod routing;
mod status;
mod token;

magespec::group!("rest": token, status, anonymous, routing, content, body, answers);
