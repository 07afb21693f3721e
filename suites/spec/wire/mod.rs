//! HTTP, bytes as they are.

mod client;
mod foreign_servers;
mod redact;
mod server;
