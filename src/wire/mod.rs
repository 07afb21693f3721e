//! HTTP/1.1 with exact bytes: one request and response type for store, app and suite, a client that sends the target untouched, and an
//! accept loop with limits.
//!
//! Deliberately absent: routing, cookies, content coding. A request target is never parsed and rebuilt here (LIBRARIES trap 9.2).

mod message;

pub use message::{Headers, Request, Response};
