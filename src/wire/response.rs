//! Reads one HTTP/1 response from a stream, leniently, keeping names and values as they came.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Error, Headers, Response};

/// Bytes of a whole response that are read at most.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of the head that are read at most.
const MOST_HEAD_BYTES: usize = 1024 * 1024;

/// Bytes of a foreign answer that an error shows.
const BEGINNING: usize = 40;

/// How the body ends.
enum Framing {
    Length(usize),
    Chunked,
    Close,
}

/// A response and whether another may follow on the same connection.
pub(super) struct Received {
    pub(super) response: Response,
    pub(super) reusable: bool,
}

/// What was read of a connection and not yet used, with the stream it came from.
pub(super) struct Reader<'a, S> {
    pub(super) stream: &'a mut S,
    pub(super) buffer: &'a mut Vec<u8>,
    pub(super) peer: &'a str,
}

impl<S: AsyncRead + Unpin> Reader<'_, S> {
    /// The next final response; interim ones (1xx) are skipped. `method` tells whether it has a body.
    pub(super) async fn response(&mut self, method: &str) -> Result<Received, Error> {
        loop {
            let head = self.head().await?;
            let (status, minor, headers) = parse_head(&head).ok_or_else(|| Error::NotHttp {
                peer: self.peer.to_owned(),
                beginning: beginning(&head),
            })?;
            if (100..200).contains(&status) && status != 101 {
                continue;
            }
            let framing = framing(method, status, &headers);
            let keeps = match headers.first("Connection").map(str::to_ascii_lowercase) {
                Some(options) if options.contains("close") => false,
                Some(options) if options.contains("keep-alive") => true,
                _ => minor == 1,
            };
            let reusable = keeps && !matches!(framing, Framing::Close);
            let body = self.body(framing).await?;
            let response = Response {
                status,
                headers,
                body,
            };
            return Ok(Received { response, reusable });
        }
    }

    async fn head(&mut self) -> Result<Vec<u8>, Error> {
        let mut searched = 0;
        loop {
            if !looks_like_http(self.buffer) {
                return Err(self.not_http());
            }
            let from = usize::saturating_sub(searched, 3);
            if let Some(end) = head_end(&self.buffer[from..]) {
                return Ok(self.buffer.drain(..from + end).collect());
            }
            searched = self.buffer.len();
            if searched > MOST_HEAD_BYTES {
                return Err(self.too_large(MOST_HEAD_BYTES));
            }
            if self.more().await? == 0 {
                return Err(if self.buffer.len() >= 5 || self.buffer.is_empty() {
                    self.closed()
                } else {
                    self.not_http()
                });
            }
        }
    }

    async fn body(&mut self, framing: Framing) -> Result<Vec<u8>, Error> {
        match framing {
            Framing::Length(length) => self.exactly(length).await,
            Framing::Chunked => self.chunks().await,
            Framing::Close => {
                while self.more().await? > 0 {}
                Ok(std::mem::take(self.buffer))
            }
        }
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Error> {
        if length > MOST_BYTES {
            return Err(self.too_large(MOST_BYTES));
        }
        while self.buffer.len() < length {
            if self.more().await? == 0 {
                return Err(self.closed());
            }
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        loop {
            let line = self.line().await?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| Error::NotHttp {
                peer: self.peer.to_owned(),
                beginning: beginning(line.as_bytes()),
            })?;
            if size == 0 {
                while !self.line().await?.is_empty() {}
                return Ok(body);
            }
            if body.len().saturating_add(size) > MOST_BYTES {
                return Err(self.too_large(MOST_BYTES));
            }
            body.extend(self.exactly(size).await?);
            self.line().await?;
        }
    }

    /// The next line without its end.
    async fn line(&mut self) -> Result<String, Error> {
        loop {
            if let Some(end) = self.buffer.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.buffer.len() > MOST_HEAD_BYTES {
                return Err(self.too_large(MOST_HEAD_BYTES));
            }
            if self.more().await? == 0 {
                return Err(self.closed());
            }
        }
    }

    /// Reads what is there; 0 at the end of the stream. A reset is an end as well.
    async fn more(&mut self) -> Result<usize, Error> {
        if self.buffer.len() > MOST_BYTES {
            return Err(self.too_large(MOST_BYTES));
        }
        self.buffer.reserve(16 * 1024);
        Ok(self.stream.read_buf(self.buffer).await.unwrap_or(0))
    }

    fn closed(&self) -> Error {
        Error::Closed {
            peer: self.peer.to_owned(),
            received: self.buffer.len(),
        }
    }

    fn not_http(&self) -> Error {
        Error::NotHttp {
            peer: self.peer.to_owned(),
            beginning: beginning(self.buffer),
        }
    }

    fn too_large(&self, limit: usize) -> Error {
        Error::TooLarge {
            peer: self.peer.to_owned(),
            limit,
        }
    }
}

fn looks_like_http(bytes: &[u8]) -> bool {
    let magic = b"HTTP/";
    let seen = bytes.len().min(magic.len());
    bytes[..seen] == magic[..seen]
}

/// One past the empty line, which may end in a bare line feed.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let two = bytes.windows(2).position(|pair| pair == b"\n\n");
    let three = bytes.windows(3).position(|three| three == b"\n\r\n");
    match (two, three) {
        (Some(two), Some(three)) if two < three => Some(two + 2),
        (_, Some(three)) => Some(three + 3),
        (Some(two), None) => Some(two + 2),
        (None, None) => None,
    }
}

/// Status, minor version and fields; lines without a colon are skipped.
fn parse_head(head: &[u8]) -> Option<(u16, u8, Headers)> {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let (version, rest) = lines.next()?.split_once(' ')?;
    let minor = match version {
        "HTTP/1.0" => 0,
        "HTTP/1.1" => 1,
        _ => return None,
    };
    let code = rest.split(' ').next()?;
    let status = (code.len() == 3).then(|| code.parse().ok())??;
    let fields = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name, value.trim_matches([' ', '\t'])));
    Some((status, minor, fields.collect()))
}

/// RFC 9112 §6.3, in its order.
fn framing(method: &str, status: u16, headers: &Headers) -> Framing {
    if method.eq_ignore_ascii_case("HEAD") || matches!(status, 101 | 204 | 304) {
        return Framing::Length(0);
    }
    let chunked = headers
        .first("Transfer-Encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().ends_with("chunked"));
    if chunked {
        return Framing::Chunked;
    }
    match headers
        .first("Content-Length")
        .and_then(|length| length.parse().ok())
    {
        Some(length) => Framing::Length(length),
        None => Framing::Close,
    }
}

fn beginning(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(BEGINNING)];
    String::from_utf8_lossy(shown).escape_debug().to_string()
}
