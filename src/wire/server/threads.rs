//! Handlers that block: on tokio's threads for that, or on threads of their own when they wait for somebody else.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;

use tokio::sync::{Semaphore, oneshot};

use super::refusal::{busy, plain};
use super::{Connection, Limits};
use crate::wire::{Request, Response};

/// Threads for requests that wait for somebody else. Each costs little while it waits.
const WAITING: usize = 512;

/// The stack of one, in bytes.
const STACK: usize = 1024 * 1024;

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// An asynchronous handler of one that blocks; `waits` tells which requests get a thread of their own.
pub(super) fn answering<W, H>(
    limits: &Limits,
    waits: W,
    handler: H,
) -> impl Fn(Request, Connection) -> Answer + Send + Sync + 'static
where
    W: Fn(&Request) -> bool + Send + Sync + 'static,
    H: Fn(&Request, &Connection) -> Response + Send + Sync + 'static,
{
    let handler = Arc::new(handler);
    let places = |count: usize| Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS)));
    let (answering, waiting) = (places(limits.requests), places(WAITING));
    move |request, connection| {
        let is_waiting = waits(&request);
        let places = if is_waiting { &waiting } else { &answering };
        let Ok(place) = Arc::clone(places).try_acquire_owned() else {
            return Box::pin(async { busy() });
        };
        let handler = Arc::clone(&handler);
        let work = move || {
            let response = handler(&request, &connection);
            drop(place);
            response
        };
        Box::pin(async move {
            let answered = if is_waiting {
                on_thread(work).await
            } else {
                tokio::task::spawn_blocking(work).await.ok()
            };
            answered.unwrap_or_else(|| plain(500, "The server met an error of its own."))
        })
    }
}

/// None when there is no thread, or it panicked.
async fn on_thread(work: impl FnOnce() -> Response + Send + 'static) -> Option<Response> {
    let (told, heard) = oneshot::channel();
    let run = move || {
        // Nobody listens when the server has stopped meanwhile.
        let _ = told.send(work());
    };
    let thread = thread::Builder::new().name("waiting".to_owned());
    thread.stack_size(STACK).spawn(run).ok()?;
    heard.await.ok()
}
