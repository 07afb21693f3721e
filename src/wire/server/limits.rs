use std::time::Duration;

/// What one client may take, and all of them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for the request line and header fields, also between two requests of one connection; then the connection is closed.
    pub head_time: Duration,
    /// Time for the body; then 408.
    pub body_time: Duration,
    /// Time in which a client reads nothing of an answer; then the connection is closed.
    pub write_time: Duration,
    /// Bytes of the request line and header fields together; then 431.
    pub head_bytes: usize,
    /// Number of header fields; then 431.
    pub header_count: usize,
    /// Bytes of the body; then 413.
    pub body_bytes: usize,
    /// Bytes of all large bodies that are held at a time; then 503. A body is large from 64 KiB on.
    pub bodies_bytes: usize,
    /// Connections at a time; for a further one the one is closed that was idle for longest.
    pub connections: usize,
    /// Requests that are answered, or wait for it, at a time; then 503.
    pub requests: usize,
    /// Time that running requests have to end once the server is told to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: Duration::from_secs(30),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(20),
            head_bytes: 64 * 1024,
            header_count: 200,
            body_bytes: 2 * 1024 * 1024,
            bodies_bytes: 64 * 1024 * 1024,
            connections: 1024,
            requests: 512,
            stop_time: Duration::from_secs(2),
        }
    }
}
