//! An accept loop with limits, on hyper's HTTP/1.1 connection: slow, silent and talkative clients cost a bounded time and a bounded size.
//!
//! The handler sees the request target as it stood on the request line and the header fields in their order, names in lower case (hyper keeps
//! the case to itself). A raw `<`, `>`, quotation mark or byte that is no UTF-8 arrives percent-encoded where hyper takes it no other way; a `#`
//! and what follows it is cut off. What is no HTTP/1 request is answered 400 by hyper and never seen.

mod body;
mod counters;
mod limits;
mod patience;
mod refusal;
mod request_line;
mod slots;
mod threads;

pub use counters::Counters;
pub use limits::Limits;

use std::convert::Infallible;
use std::future::Future;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::Version;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use self::body::Body;
use self::patience::Patience;
use self::refusal::plain;
use self::request_line::FitLines;
use self::slots::{Slots, Taken};
use super::{Error, Headers, Request, Response};

/// The connection that a request came over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Over TLS.
    pub secure: bool,
    /// The client's address.
    pub peer: SocketAddr,
    /// The address that it connected to.
    pub local: SocketAddr,
}

/// A bound socket that does not accept yet.
#[derive(Debug)]
pub struct Listener {
    socket: StdListener,
    local: SocketAddr,
}

impl Listener {
    /// The address with the port that was really taken.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
    }
}

/// Binds `address`; port 0 takes a free one. Needs no runtime.
///
/// # Errors
/// [`Error::Bind`] when the port is in use, not allowed, or the address is not this machine's.
pub fn bind(address: SocketAddr) -> Result<Listener, Error> {
    let wrong = |reason| Error::Bind { address, reason };
    let socket = StdListener::bind(address).map_err(wrong)?;
    socket.set_nonblocking(true).map_err(wrong)?;
    let local = socket.local_addr().map_err(wrong)?;
    Ok(Listener { socket, local })
}

/// A server that runs in the background; stops when it is dropped.
#[derive(Debug)]
pub struct Running {
    local: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    counters: Arc<Counters>,
}

impl Running {
    /// The address that it listens on.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// What happened here so far.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Stops accepting and waits for running requests, at most [`Limits::stop_time`].
    pub async fn stop(self) {
        drop(self.stop);
        // A task that panicked has stopped as well.
        let _ = self.task.await;
    }
}

/// Serves in a task of its own with a handler that may block: it runs on tokio's threads for that. A panic in it answers 500.
///
/// # Panics
/// Outside a tokio runtime.
pub fn spawn_blocking<H>(
    listener: Listener,
    limits: Limits,
    tls: Option<Arc<ServerConfig>>,
    handler: H,
) -> Running
where
    H: Fn(&Request, &Connection) -> Response + Send + Sync + 'static,
{
    spawn_waiting(listener, limits, tls, |_| false, handler)
}

/// [`spawn_blocking`], where the requests of which `waits` is true get threads of their own: they wait for somebody else, and others are
/// answered meanwhile.
///
/// # Panics
/// Outside a tokio runtime.
pub fn spawn_waiting<W, H>(
    listener: Listener,
    limits: Limits,
    tls: Option<Arc<ServerConfig>>,
    waits: W,
    handler: H,
) -> Running
where
    W: Fn(&Request) -> bool + Send + Sync + 'static,
    H: Fn(&Request, &Connection) -> Response + Send + Sync + 'static,
{
    let answer = threads::answering(&limits, waits, handler);
    spawn(listener, limits, tls, answer)
}

/// Serves in a task of its own. A panic in the handler answers 500.
///
/// # Panics
/// Outside a tokio runtime.
pub fn spawn<H, F>(
    listener: Listener,
    limits: Limits,
    tls: Option<Arc<ServerConfig>>,
    handler: H,
) -> Running
where
    H: Fn(Request, Connection) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let (stop, stopped) = oneshot::channel();
    let local = listener.local();
    let slots = Arc::new(Slots::new(limits.connections));
    let counters = Arc::clone(&slots.counters);
    let served = serve(listener, limits, tls, slots, ended(stopped), handler);
    Running {
        local,
        stop,
        task: tokio::spawn(served),
        counters,
    }
}

/// Serves until `stop` is ready, then waits for running requests, at most [`Limits::stop_time`].
async fn serve<H, F>(
    listener: Listener,
    limits: Limits,
    tls: Option<Arc<ServerConfig>>,
    slots: Arc<Slots>,
    stop: impl Future<Output = ()>,
    handler: H,
) where
    H: Fn(Request, Connection) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let local = listener.local;
    let socket = TcpListener::from_std(listener.socket)
        .expect("a bound, non-blocking socket can be registered inside a runtime");
    let server = Arc::new(Server {
        bodies: body::budget(&limits),
        limits,
        acceptor: tls.map(TlsAcceptor::from),
        handler,
    });
    let graceful = GracefulShutdown::new();
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let accepted = socket.accept().await?;
            Ok::<_, std::io::Error>((slots.take().await, accepted))
        };
        tokio::select! {
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Ok((slot, (stream, peer))) => {
                    let connection = Connection { secure: server.acceptor.is_some(), peer, local: stream.local_addr().unwrap_or(local) };
                    let (server, watcher) = (Arc::clone(&server), graceful.watcher());
                    tasks.spawn(async move {
                        tokio::select! {
                            () = server.connection(stream, connection, watcher, &slot) => {}
                            () = slot.told_to_close() => {}
                        }
                    });
                }
                // Out of file descriptors, or the client is gone already: give the others time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
        }
        while tasks.try_join_next().is_some() {}
    }
    drop(socket);
    // What has not ended by then is cut off when the set is dropped.
    let _ = timeout(server.limits.stop_time, graceful.shutdown()).await;
}

/// The fields that say where a body ends.
const FRAMING: [HeaderName; 2] = [
    hyper::header::CONTENT_LENGTH,
    hyper::header::TRANSFER_ENCODING,
];

/// Whether a request names the host that it is for, as RFC 9112 section 3.2 wants it: once, and HTTP/1.0 may leave it out.
fn names_one_host(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => {
            host.is_empty()
                || host.to_str().is_ok_and(|host| {
                    // What stands before an `@` is no part of a host.
                    !host.contains('@') && host.parse::<Authority>().is_ok()
                })
        }
        (None, _) => head.version == Version::HTTP_10,
        _ => false,
    }
}

async fn ended(stopped: oneshot::Receiver<()>) {
    // Sent or dropped, both mean stop.
    let _ = stopped.await;
}

struct Server<H> {
    limits: Limits,
    acceptor: Option<TlsAcceptor>,
    bodies: Arc<Semaphore>,
    handler: H,
}

impl<H, F> Server<H>
where
    H: Fn(Request, Connection) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    async fn connection(
        &self,
        stream: TcpStream,
        connection: Connection,
        watcher: Watcher,
        slot: &Taken,
    ) {
        // Without it small answers wait for the client's acknowledgement; a socket that cannot do it still works.
        let _ = stream.set_nodelay(true);
        match &self.acceptor {
            None => self.requests(stream, connection, watcher, slot).await,
            Some(acceptor) => {
                if let Ok(Ok(stream)) =
                    timeout(self.limits.head_time, acceptor.accept(stream)).await
                {
                    self.requests(stream, connection, watcher, slot).await;
                }
            }
        }
    }

    async fn requests(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        connection: Connection,
        watcher: Watcher,
        slot: &Taken,
    ) {
        let service = service_fn(|request| self.answer(request, connection.clone(), slot));
        let head_bytes = self.limits.head_bytes.max(8192);
        let stream = Patience::new(stream, self.limits.write_time);
        let stream = FitLines::new(stream, head_bytes);
        let requests = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_time)
            .max_headers(self.limits.header_count)
            .max_buf_size(head_bytes)
            .half_close(true)
            .title_case_headers(true)
            .serve_connection(TokioIo::new(stream), service);
        // A connection that breaks is the client's affair.
        let _ = watcher.watch(requests).await;
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        connection: Connection,
        slot: &Taken,
    ) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
        let response = match self.read(request).await {
            // A task of its own: a client that goes away does not cut the handler short, and its panic ends nothing else.
            Ok((request, share)) => {
                slot.is_busy();
                slot.counters().requests.add();
                let answer = (self.handler)(request, connection);
                let answered = tokio::spawn(async move {
                    let response = answer.await;
                    drop(share);
                    response
                });
                let response = answered
                    .await
                    .unwrap_or_else(|_| plain(500, "The server met an error of its own."));
                slot.is_answered();
                response
            }
            Err(mut refusal) => {
                refusal.headers.set("Connection", "close");
                refusal
            }
        };
        if response.status == 503 {
            slot.counters().overloaded.add();
        }
        Ok(outgoing(response))
    }

    /// The request, and its body's share of what all bodies may take.
    async fn read(
        &self,
        request: hyper::Request<Incoming>,
    ) -> Result<(Request, Option<OwnedSemaphorePermit>), Response> {
        let (head, body) = request.into_parts();
        if !names_one_host(&head) {
            return Err(plain(
                400,
                "A request of HTTP/1.1 names one host, in the field Host (RFC 9112 section 3.2).",
            ));
        }
        let Body { bytes, share } = body::read(body, &self.limits, &self.bodies).await?;
        let request = Request {
            method: head.method.as_str().to_owned(),
            target: head.uri.to_string(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
                .collect::<Headers>(),
            body: bytes,
        };
        Ok((request, share))
    }
}

/// The response as hyper takes it: fields that no HTTP message can hold are left out, as are those that frame the body, which are hyper's; an
/// impossible status becomes 500.
fn outgoing(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut message = hyper::Response::new(Full::new(Bytes::from(response.body)));
    *message.status_mut() = hyper::StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value)
            && !FRAMING.contains(&name)
        {
            message.headers_mut().append(name, value);
        }
    }
    message
}
