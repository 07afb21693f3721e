use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::proxies::{Proxies, Proxy};
use super::response::Reader;
use super::tls::{self, Trust};
use super::{Error, Exchange, Origin, Request, Response, Scheme};

/// How long a peer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the TCP connection and the TLS handshake.
    pub connect: Duration,
    /// For taking the request and sending the whole answer.
    pub answer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
        }
    }
}

/// Sends requests as they are. Cheap to clone; opens a connection for each request unless a [`Channel`] is used.
#[derive(Clone, Debug)]
pub struct Client {
    timeouts: Timeouts,
    tls: Arc<ClientConfig>,
    proxies: Proxies,
}

impl Client {
    /// A client that accepts the certificates of `trust`.
    ///
    /// # Errors
    /// [`Error::Certificate`] when the file of `trust` cannot be used.
    pub fn new(trust: &Trust, timeouts: Timeouts) -> Result<Self, Error> {
        Ok(Self {
            timeouts,
            tls: tls::client(trust)?,
            proxies: Proxies::default(),
        })
    }

    /// The same client through these proxies.
    #[must_use]
    pub fn through(self, proxies: Proxies) -> Self {
        Self { proxies, ..self }
    }

    /// Sends `request` over a connection of its own and reads the answer.
    ///
    /// Method, target and fields go out byte for byte. Added at the end, when the request has no such field: `Host`, `Content-Length` (with a
    /// body, or for POST, PUT and PATCH) and `Connection: close`.
    ///
    /// # Errors
    /// Whatever kept a whole HTTP response from arriving. A status of 4xx or 5xx is no error.
    pub async fn send(&self, origin: &Origin, request: &Request) -> Result<Response, Error> {
        let bytes = render(request, origin, "close");
        self.send_raw(origin, &bytes, &request.method).await
    }

    /// [`send`](Self::send), with the record of what went over the wire.
    pub async fn exchange(
        &self,
        origin: &Origin,
        request: &Request,
    ) -> (Result<Response, Error>, Exchange) {
        let bytes = render(request, origin, "close");
        self.exchange_raw(origin, &bytes, &request.method).await
    }

    /// Sends these bytes, legal or not, over a connection of its own and reads the answer as one to `method`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_raw(
        &self,
        origin: &Origin,
        bytes: &[u8],
        method: &str,
    ) -> Result<Response, Error> {
        let mut channel = self.connect(origin).await?;
        channel.send_bytes(bytes, method).await
    }

    /// [`send_raw`](Self::send_raw), with the record of what went over the wire.
    pub async fn exchange_raw(
        &self,
        origin: &Origin,
        bytes: &[u8],
        method: &str,
    ) -> (Result<Response, Error>, Exchange) {
        let began = Instant::now();
        let outcome = self.send_raw(origin, bytes, method).await;
        let exchange = Exchange::record(origin, bytes, &outcome, began.elapsed());
        (outcome, exchange)
    }

    /// Opens a connection that can carry several requests one after the other.
    ///
    /// # Errors
    /// What kept the connection from being made.
    pub async fn connect(&self, origin: &Origin) -> Result<Channel, Error> {
        let peer = origin.to_string();
        let stream = within(
            self.timeouts.connect,
            &peer,
            "accept the connection",
            self.stream(origin, &peer),
        )
        .await??;
        Ok(Channel {
            origin: origin.clone(),
            peer,
            stream,
            proxy: self
                .proxies
                .before(origin)
                .filter(|_| origin.scheme == Scheme::Http)
                .cloned(),
            buffer: Vec::new(),
            limit: self.timeouts.answer,
            reusable: true,
        })
    }

    async fn stream(&self, origin: &Origin, peer: &str) -> Result<Box<dyn Stream>, Error> {
        let proxy = self.proxies.before(origin);
        let mut plain = match proxy {
            Some(proxy) => tcp(&proxy.origin, &format!("the proxy {}", proxy.origin)).await?,
            None => tcp(origin, peer).await?,
        };
        // Without it the last segment of a request may wait for an acknowledgement; a socket that cannot do it still works.
        let _ = plain.set_nodelay(true);
        if origin.scheme == Scheme::Http {
            return Ok(Box::new(plain));
        }
        if let Some(proxy) = proxy {
            open_tunnel(&mut plain, proxy, origin, peer).await?;
        }
        let wrong = |reason: String| Error::Tls {
            peer: peer.to_owned(),
            reason,
        };
        let name = ServerName::try_from(origin.host.clone())
            .map_err(|_| wrong("its host cannot be the name in a certificate".to_owned()))?;
        let stream = TlsConnector::from(Arc::clone(&self.tls))
            .connect(name, plain)
            .await
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Box::new(stream))
    }
}

/// An open connection to an origin.
pub struct Channel {
    origin: Origin,
    peer: String,
    stream: Box<dyn Stream>,
    /// The proxy that takes the requests as they are.
    proxy: Option<Proxy>,
    buffer: Vec<u8>,
    limit: Duration,
    reusable: bool,
}

impl Channel {
    /// Sends `request` and reads the answer; the connection is kept open when both sides allow it. Fields are added as in [`Client::send`],
    /// but for `Connection`.
    ///
    /// # Errors
    /// As [`Client::send`]; after an error the channel is of no more use.
    pub async fn send(&mut self, request: &Request) -> Result<Response, Error> {
        let bytes = render(request, &self.origin, "");
        self.send_bytes(&bytes, &request.method).await
    }

    /// Sends these bytes, legal or not, and reads the next answer as one to `method`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_bytes(&mut self, bytes: &[u8], method: &str) -> Result<Response, Error> {
        self.reusable = false;
        let limit = self.limit;
        let peer = self.peer.clone();
        let forwarded;
        let bytes = match &self.proxy {
            Some(proxy) => {
                forwarded = proxy.forwarded(&self.origin, bytes);
                &forwarded
            }
            None => bytes,
        };
        let received = within(limit, &peer, "answer", async {
            // A peer may answer and close before it has read everything: its answer counts, so a failed write only matters without one.
            let _ = self.stream.write_all(bytes).await;
            let _ = self.stream.flush().await;
            let mut reader = Reader {
                stream: &mut self.stream,
                buffer: &mut self.buffer,
                peer: &self.peer,
            };
            reader.response(method).await
        })
        .await??;
        self.reusable = received.reusable;
        Ok(received.response)
    }

    /// Reads the next answer without sending, as one to `method`; for pipelined requests.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn receive(&mut self, method: &str) -> Result<Response, Error> {
        self.send_bytes(b"", method).await
    }

    /// Whether another request may be sent.
    #[must_use]
    pub const fn is_reusable(&self) -> bool {
        self.reusable
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Asks a proxy for a tunnel; what it answers beyond the head is the origin's.
async fn open_tunnel(
    stream: &mut TcpStream,
    proxy: &Proxy,
    origin: &Origin,
    peer: &str,
) -> Result<(), Error> {
    const MOST: usize = 8 * 1024;
    let refused = |answer: &[u8]| Error::NoTunnel {
        proxy: proxy.origin.to_string(),
        peer: peer.to_owned(),
        answer: answer
            .split(|byte| *byte == b'\r')
            .next()
            .unwrap_or_default()
            .iter()
            .take(80)
            .map(|byte| char::from(*byte).escape_default().to_string())
            .collect(),
    };
    let request = proxy.tunnel_request(origin);
    if stream.write_all(request.as_bytes()).await.is_err() {
        return Err(refused(b"nothing"));
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MOST {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    let status = head.split(|byte| *byte == b' ').nth(1);
    if status == Some(b"200") && head.ends_with(b"\r\n\r\n") {
        return Ok(());
    }
    Err(refused(&head))
}

async fn tcp(origin: &Origin, peer: &str) -> Result<TcpStream, Error> {
    let addresses: Vec<_> = tokio::net::lookup_host((origin.host.as_str(), origin.port))
        .await
        .map(Iterator::collect)
        .unwrap_or_default();
    let mut failure = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = Some(error),
        }
    }
    let peer = peer.to_owned();
    Err(match failure {
        None => Error::Dns { peer },
        Some(error) if error.kind() == io::ErrorKind::ConnectionRefused => Error::Refused { peer },
        Some(reason) => Error::Unreachable { peer, reason },
    })
}

async fn within<T>(
    limit: Duration,
    peer: &str,
    what: &'static str,
    work: impl Future<Output = T>,
) -> Result<T, Error> {
    timeout(limit, work).await.map_err(|_| Error::Timeout {
        peer: peer.to_owned(),
        what,
        limit,
    })
}

/// The request's bytes; `connection` is the value of a `Connection` field to add, none when empty.
fn render(request: &Request, origin: &Origin, connection: &str) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    let mut field = |name: &str, value: &str| {
        write!(head, "{name}: {value}\r\n").expect("a string takes every text");
    };
    for (name, value) in request.headers.iter() {
        field(name, value);
    }
    let lacks = |name: &str| request.headers.first(name).is_none();
    if lacks("Host") {
        field("Host", &origin.authority());
    }
    let has_body =
        !request.body.is_empty() || matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if has_body && lacks("Content-Length") && lacks("Transfer-Encoding") {
        field("Content-Length", &request.body.len().to_string());
    }
    if !connection.is_empty() && lacks("Connection") {
        field("Connection", connection);
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&request.body);
    bytes
}
