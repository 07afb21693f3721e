//! The request token: consumer, window, verifier.

mod consumer;
mod window;

magespec::group!("request-token": consumer, window);
