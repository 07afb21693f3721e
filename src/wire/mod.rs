//! HTTP/1.1 with exact bytes: one request and response type for store, app and suite, a client that sends the target untouched, and an
//! accept loop with limits.
//!
//! - [`server`]: [`server::bind`], then [`server::spawn`] (async handler) or [`server::spawn_blocking`] (plain function).
//! - [`Blocking`]: that client for threads outside of async code.
//! - [`Client`]: sends a [`Request`] or raw bytes to an [`Origin`] and keeps an [`Exchange`], redacted, for the report.
//! - [`tls`]: client configurations (with `--cacert` and `--insecure`) and server configurations (PEM files, self-signed).
//!
//! Deliberately absent: routing, cookies, redirects, content coding. A request target is never parsed and rebuilt here: the signed URL is
//! the URL as sent.

mod blocking;
mod client;
mod error;
mod exchange;
mod message;
mod origin;
mod proxies;
mod redact;
mod response;
pub mod server;
pub mod tls;

pub use blocking::Blocking;
pub use client::{Channel, Client, Timeouts};
pub use error::Error;
pub use exchange::Exchange;
pub use message::{Headers, Request, Response};
pub use origin::{Origin, Scheme};
pub use proxies::Proxies;
pub use redact::redact;
