//! An accept loop with limits, on hyper's HTTP/1.1 connection: slow, silent and talkative clients cost a bounded time and a bounded size.
//!
//! The handler sees the request target as it stood on the request line and the header fields in their order, names in lower case (hyper keeps
//! the case to itself). A raw `<`, `>`, quotation mark or byte that is no UTF-8 arrives percent-encoded where hyper takes it no other way; a `#`
//! and what follows it is cut off. What is no HTTP/1 request is answered 400 by hyper and never seen.

use std::convert::Infallible;
use std::future::Future;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::Version;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::request_line::FitLines;
use super::{Error, Headers, Request, Response};

/// What one client may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for the request line and header fields, also between two requests of one connection; then the connection is closed.
    pub head_time: Duration,
    /// Time for the body; then 408.
    pub body_time: Duration,
    /// Bytes of the request line and header fields together; then 431.
    pub head_bytes: usize,
    /// Number of header fields; then 431.
    pub header_count: usize,
    /// Bytes of the body; then 413.
    pub body_bytes: usize,
    /// Connections at a time; further ones wait unaccepted.
    pub connections: usize,
    /// Time that running requests have to end once the server is told to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: Duration::from_secs(30),
            body_time: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            header_count: 200,
            body_bytes: 8 * 1024 * 1024,
            connections: 1024,
            stop_time: Duration::from_secs(2),
        }
    }
}

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
}

impl Running {
    /// The address that it listens on.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
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
    let handler = Arc::new(handler);
    let answer = move |request: Request, connection: Connection| {
        let handler = Arc::clone(&handler);
        async move {
            tokio::task::spawn_blocking(move || handler(&request, &connection))
                .await
                .unwrap_or_else(|_| plain(500, "The server met an error of its own."))
        }
    };
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
    let task = tokio::spawn(serve(listener, limits, tls, ended(stopped), handler));
    Running { local, stop, task }
}

/// Serves until `stop` is ready, then waits for running requests, at most [`Limits::stop_time`].
async fn serve<H, F>(
    listener: Listener,
    limits: Limits,
    tls: Option<Arc<ServerConfig>>,
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
        limits,
        acceptor: tls.map(TlsAcceptor::from),
        handler,
    });
    let slots = Arc::new(Semaphore::new(server.limits.connections));
    let graceful = GracefulShutdown::new();
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots)
                .acquire_owned()
                .await
                .expect("the semaphore is never closed");
            (slot, socket.accept().await)
        };
        tokio::select! {
            () = &mut stop => break,
            (slot, accepted) = accepted => match accepted {
                Ok((stream, peer)) => {
                    let connection = Connection { secure: server.acceptor.is_some(), peer, local: stream.local_addr().unwrap_or(local) };
                    let (server, watcher) = (Arc::clone(&server), graceful.watcher());
                    tasks.spawn(async move {
                        server.connection(stream, connection, watcher).await;
                        drop(slot);
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
                || host
                    .to_str()
                    .is_ok_and(|host| host.parse::<Authority>().is_ok())
        }
        (None, _) => head.version == Version::HTTP_10,
        _ => false,
    }
}

/// A plain text response, for what the server itself has to say.
fn plain(status: u16, sentence: &str) -> Response {
    Response::new(status, "text/plain; charset=UTF-8", sentence)
}

async fn ended(stopped: oneshot::Receiver<()>) {
    // Sent or dropped, both mean stop.
    let _ = stopped.await;
}

struct Server<H> {
    limits: Limits,
    acceptor: Option<TlsAcceptor>,
    handler: H,
}

impl<H, F> Server<H>
where
    H: Fn(Request, Connection) -> F + Send + Sync + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    async fn connection(&self, stream: TcpStream, connection: Connection, watcher: Watcher) {
        // Without it small answers wait for the client's acknowledgement; a socket that cannot do it still works.
        let _ = stream.set_nodelay(true);
        match &self.acceptor {
            None => self.requests(stream, connection, watcher).await,
            Some(acceptor) => {
                if let Ok(Ok(stream)) =
                    timeout(self.limits.head_time, acceptor.accept(stream)).await
                {
                    self.requests(stream, connection, watcher).await;
                }
            }
        }
    }

    async fn requests(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        connection: Connection,
        watcher: Watcher,
    ) {
        let service = service_fn(|request| self.answer(request, connection.clone()));
        let head_bytes = self.limits.head_bytes.max(8192);
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
    ) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
        let response = match self.read(request).await {
            // A task of its own: a client that goes away does not cut the handler short, and its panic ends nothing else.
            Ok(request) => tokio::spawn((self.handler)(request, connection))
                .await
                .unwrap_or_else(|_| plain(500, "The server met an error of its own.")),
            Err(mut refusal) => {
                refusal.headers.set("Connection", "close");
                refusal
            }
        };
        Ok(outgoing(response))
    }

    async fn read(&self, request: hyper::Request<Incoming>) -> Result<Request, Response> {
        let (head, body) = request.into_parts();
        if !names_one_host(&head) {
            return Err(plain(
                400,
                "A request of HTTP/1.1 names one host, in the field Host (RFC 9112 section 3.2).",
            ));
        }
        let limit = self.limits.body_bytes;
        let too_large = || {
            plain(
                413,
                &format!("The body is larger than the {limit} bytes that are read here."),
            )
        };
        if body.size_hint().lower() > limit as u64 {
            return Err(too_large());
        }
        let body = timeout(self.limits.body_time, Limited::new(body, limit).collect())
            .await
            .map_err(|_| plain(408, "The body did not arrive in time."))?
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    too_large()
                } else {
                    plain(400, "The body broke off or is not framed as HTTP/1.1 says.")
                }
            })?
            .to_bytes();
        Ok(Request {
            method: head.method.as_str().to_owned(),
            target: head.uri.to_string(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
                .collect::<Headers>(),
            body: body.into(),
        })
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
