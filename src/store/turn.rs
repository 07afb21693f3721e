//! One request on its way through the store, and what the request log will say of it.

use std::time::Instant;

use crate::wire::server::Connection;
use crate::wire::{Request, Response};

/// A request, the connection it came over, and when it began.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    request: &'a Request,
    connection: &'a Connection,
    began: Instant,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(request: &'a Request, connection: &'a Connection) -> Self {
        Self {
            request,
            connection,
            began: Instant::now(),
        }
    }

    /// Writes the line of the request log.
    pub(crate) fn log(&self, response: &Response) {
        let path = super::front::raw_path(&self.request.target);
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            method = self.request.method,
            path,
            peer = %self.connection.peer,
            status = response.status,
            milliseconds,
            "request"
        );
    }
}
