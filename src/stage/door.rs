//! The socket of a played store: HTTP/1.1 with the fields as they were written, and answers that travel as no good server would send them.
//! Every client costs a bounded time and a bounded size.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::conformance::Carriage;
use crate::wire::server::Connection;
use crate::wire::{Headers, Request, Response};

/// Bytes of a request's head.
const MOST_HEAD: usize = 64 * 1024;

/// Bytes of its body.
const MOST_BODY: usize = 8 * 1024 * 1024;

/// Connections at a time; further ones are closed at once.
const MOST_CONNECTIONS: usize = 64;

/// Time for a request to come in whole, and for a connection to stay silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// Time that an answer may take on its way.
const LONGEST_DRIP: Duration = Duration::from_secs(150);

/// An answer and how it travels.
pub(super) struct Reply {
    pub(super) response: Response,
    pub(super) carriage: Carriage,
}

/// What answers.
pub(super) type Answer = dyn Fn(Request, &Connection) -> Reply + Send + Sync;

/// An open door; it closes when this is dropped.
pub(super) struct Door {
    local: SocketAddr,
    stopped: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
    accepting: Option<JoinHandle<()>>,
}

impl Door {
    /// Accepts connections at `socket` from now on.
    pub(super) fn open(
        socket: TcpListener,
        tls: Option<Arc<ServerConfig>>,
        answer: Arc<Answer>,
    ) -> io::Result<Self> {
        let local = socket.local_addr()?;
        let stopped = Arc::new(AtomicBool::new(false));
        let connections = Arc::new(AtomicUsize::new(0));
        let mut door = Self {
            local,
            stopped: Arc::clone(&stopped),
            connections: Arc::clone(&connections),
            accepting: None,
        };
        // Each connection holds one, beside this one.
        let place = Arc::new(());
        let accepting = thread::Builder::new().spawn(move || {
            for stream in socket.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else {
                    // Out of file descriptors, or the client is gone already.
                    thread::sleep(Duration::from_millis(20));
                    continue;
                };
                connections.fetch_add(1, Ordering::SeqCst);
                if Arc::strong_count(&place) > MOST_CONNECTIONS {
                    continue;
                }
                let (tls, answer, place) = (tls.clone(), Arc::clone(&answer), Arc::clone(&place));
                let serving = thread::Builder::new().spawn(move || {
                    // A client that breaks off is its own affair.
                    let _ = serve(stream, tls, answer.as_ref());
                    drop(place);
                });
                if serving.is_err() {
                    thread::sleep(Duration::from_millis(20));
                }
            }
        })?;
        door.accepting = Some(accepting);
        Ok(door)
    }

    /// Connections so far.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections; it may have ended by itself.
        let _ = TcpStream::connect(self.local);
        if let Some(accepting) = self.accepting.take() {
            // The port is free when the thread has ended; one that panicked has ended as well.
            let _ = accepting.join();
        }
    }
}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, answer: &Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let connection = Connection {
        secure: tls.is_some(),
        peer: stream.peer_addr()?,
        local: stream.local_addr()?,
    };
    let socket = stream.try_clone()?;
    match tls {
        None => requests(stream, &connection, answer)?,
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(session, stream);
            requests(&mut stream, &connection, answer)?;
            // Else the end of a body that goes on to the end of the connection could be anybody's.
            stream.conn.send_close_notify();
            stream.conn.complete_io(&mut stream.sock)?;
        }
    }
    // The client may be gone already.
    let _ = socket.shutdown(Shutdown::Write);
    Ok(())
}

fn requests(
    mut stream: impl Read + Write,
    connection: &Connection,
    answer: &Answer,
) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let Some((request, keeps)) = read(&mut stream, &mut buffer)? else {
            return Ok(());
        };
        let bodiless = request.method == "HEAD";
        let reply = answer(request, connection);
        if !write(&mut stream, &reply, bodiless, keeps)? {
            return Ok(());
        }
    }
}

/// The next request, and whether the client keeps the connection; none at the end of the stream.
fn read(
    stream: &mut (impl Read + Write),
    buffer: &mut Vec<u8>,
) -> io::Result<Option<(Request, bool)>> {
    let start = Instant::now();
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if buffer.len() > MOST_HEAD || !more(stream, buffer, start)? {
            return Ok(None);
        }
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next(), words.next());
    let (Some(method), Some(target), Some(version)) = (method, target, words.next()) else {
        return refuse(stream, 400);
    };
    let fields = lines.filter_map(|line| line.split_once(':'));
    let headers: Headers = fields.map(|(name, value)| (name, value.trim())).collect();
    let first = |name: &str| headers.first(name).unwrap_or_default().to_ascii_lowercase();
    if first("Expect") == "100-continue" {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let body = if first("Transfer-Encoding").contains("chunked") {
        chunks(stream, buffer, start)?
    } else {
        let length = first("Content-Length").parse().unwrap_or(0);
        exactly(stream, buffer, length, start)?
    };
    let Some(body) = body else {
        return refuse(stream, 413);
    };
    let keeps = match first("Connection") {
        options if options.contains("close") => false,
        options if options.contains("keep-alive") => true,
        _ => version == "HTTP/1.1",
    };
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body,
    };
    Ok(Some((request, keeps)))
}

fn refuse(stream: &mut impl Write, status: u16) -> io::Result<Option<(Request, bool)>> {
    let head =
        format!("HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.flush()?;
    Ok(None)
}

/// Reads what is there; false at the end of the stream and when the time is up.
fn more(stream: &mut impl Read, buffer: &mut Vec<u8>, start: Instant) -> io::Result<bool> {
    if start.elapsed() > PATIENCE {
        return Ok(false);
    }
    let mut piece = [0; 16 * 1024];
    let count = stream.read(&mut piece)?;
    buffer.extend_from_slice(&piece[..count]);
    Ok(count > 0)
}

/// So many bytes; none when that is too many or they do not come.
fn exactly(
    stream: &mut impl Read,
    buffer: &mut Vec<u8>,
    length: usize,
    start: Instant,
) -> io::Result<Option<Vec<u8>>> {
    if length > MOST_BODY {
        return Ok(None);
    }
    while buffer.len() < length {
        if !more(stream, buffer, start)? {
            return Ok(None);
        }
    }
    Ok(Some(buffer.drain(..length).collect()))
}

fn chunks(
    stream: &mut impl Read,
    buffer: &mut Vec<u8>,
    start: Instant,
) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = buffer.windows(2).position(|two| two == b"\r\n") {
                break at;
            }
            if buffer.len() > MOST_HEAD || !more(stream, buffer, start)? {
                return Ok(None);
            }
        };
        let line: Vec<u8> = buffer.drain(..end + 2).collect();
        let line = String::from_utf8_lossy(&line).into_owned();
        let size = line.split(';').next().unwrap_or_default().trim();
        let Ok(size) = usize::from_str_radix(size, 16) else {
            return Ok(None);
        };
        if body.len().saturating_add(size) > MOST_BODY {
            return Ok(None);
        }
        let Some(piece) = exactly(stream, buffer, size + 2, start)? else {
            return Ok(None);
        };
        body.extend_from_slice(&piece[..size]);
        if size == 0 {
            return Ok(Some(body));
        }
    }
}

/// The words for a status.
fn reason(status: u16) -> &'static str {
    let known = StatusCode::from_u16(status).ok();
    known
        .and_then(|known| known.canonical_reason())
        .unwrap_or("Status")
}

/// Sends an answer; whether another request may follow.
fn write(stream: &mut impl Write, reply: &Reply, bodiless: bool, keeps: bool) -> io::Result<bool> {
    let Reply { response, carriage } = reply;
    if *carriage == Carriage::Lost {
        return Ok(false);
    }
    let status = response.status;
    let old = *carriage == Carriage::Old;
    let version = if old { "HTTP/1.0" } else { "HTTP/1.1" };
    let mut head = format!("{version} {status} {}\r\n", reason(status)).into_bytes();
    let framing = ["content-length", "transfer-encoding", "connection"];
    for (name, value) in response.headers.iter() {
        if !framing.contains(&name.to_ascii_lowercase().as_str()) {
            head.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
    }
    let body = &response.body;
    let keeps = keeps && !old;
    match carriage {
        Carriage::Old => head.extend_from_slice(b"Connection: close\r\n"),
        Carriage::Chunked => head.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        _ => head.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes()),
    }
    if !keeps && !old {
        head.extend_from_slice(b"Connection: close\r\n");
    }
    head.extend_from_slice(b"\r\n");
    stream.write_all(&head)?;
    if bodiless {
        stream.flush()?;
        return Ok(keeps);
    }
    match carriage {
        Carriage::Chunked => {
            for piece in body.chunks(7.max(body.len().div_ceil(3))) {
                stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
                stream.write_all(piece)?;
                stream.write_all(b"\r\n")?;
                stream.flush()?;
            }
            stream.write_all(b"0\r\n\r\n")?;
        }
        Carriage::Short => stream.write_all(&body[..body.len() / 2])?,
        Carriage::Drip(apart) => {
            let start = Instant::now();
            for byte in body {
                if start.elapsed() > LONGEST_DRIP {
                    return Ok(false);
                }
                stream.write_all(&[*byte])?;
                stream.flush()?;
                thread::sleep(*apart);
            }
        }
        _ => stream.write_all(body)?,
    }
    stream.flush()?;
    Ok(keeps && !matches!(carriage, Carriage::Short | Carriage::Closing))
}
