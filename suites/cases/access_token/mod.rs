//! The access token: verifier, request token, and what becomes of them.

mod life;
mod token;
mod verifier;

magespec::group!("access-token": verifier, token, life);
