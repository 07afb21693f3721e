//! Request lines as web servers take them, made fit for hyper.
//!
//! A store stands behind a web server that lets a raw `"`, `<` or `>` and bytes that are no UTF-8 through; hyper answers 400 to a target with
//! such a byte. They are percent-encoded on their way in, which no dialect of the base string can tell from the raw byte, except in the path of
//! the native one. Everything else passes as it came. Only bodies framed by one `Content-Length` are stepped over to find the next request
//! line: behind any other framing the connection passes unread, and hyper judges what follows.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of a method at most, and of empty lines before a request; beyond them hyper is given what it refuses.
const METHOD: usize = 64;
const EMPTY: usize = 64;

/// What no HTTP message holds.
const REFUSED: &[u8] = b"\0\r\n\r\n";

/// A stream whose request lines hyper can read.
pub(super) struct FitLines<S> {
    stream: S,
    lines: Lines,
    /// Bytes for hyper, from `given` on.
    fit: Vec<u8>,
    given: usize,
}

impl<S> FitLines<S> {
    /// `longest` bytes of a line are kept until it is whole; a longer one passes as it came.
    pub(super) const fn new(stream: S, longest: usize) -> Self {
        Self {
            stream,
            lines: Lines {
                place: Place::RequestLine,
                line: Vec::new(),
                longest,
                empty: 0,
                body: Framing::Absent,
            },
            fit: Vec::new(),
            given: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for FitLines<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.given == this.fit.len() && buffer.remaining() > 0 {
            this.fit.clear();
            this.given = 0;
            let before = buffer.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
            let fresh = &buffer.filled()[before..];
            if fresh.is_empty() {
                this.fit.append(&mut this.lines.line);
                if this.fit.is_empty() {
                    return Poll::Ready(Ok(()));
                }
            } else {
                this.lines.take(fresh, &mut this.fit);
                buffer.set_filled(before);
            }
        }
        let count = buffer.remaining().min(this.fit.len() - this.given);
        buffer.put_slice(&this.fit[this.given..this.given + count]);
        this.given += count;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FitLines<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Where in the stream of requests the next byte stands.
#[derive(Clone, Copy)]
enum Place {
    RequestLine,
    Fields,
    /// So many bytes of a body are to come.
    Body(u64),
    /// Nothing is looked at any more.
    Unread,
}

/// What the header fields say of the body.
#[derive(Clone, Copy)]
enum Framing {
    Absent,
    Length(u64),
    Other,
}

struct Lines {
    place: Place,
    /// The beginning of a line that is not whole yet.
    line: Vec<u8>,
    longest: usize,
    /// Bytes of the empty lines before this request.
    empty: usize,
    body: Framing,
}

impl Lines {
    fn take(&mut self, mut bytes: &[u8], fit: &mut Vec<u8>) {
        while !bytes.is_empty() {
            let (piece, rest) = match self.place {
                Place::Unread => (bytes, &bytes[bytes.len()..]),
                Place::Body(left) => {
                    let count = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes.split_at(count)
                }
                Place::RequestLine | Place::Fields => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    bytes.split_at(end.map_or(bytes.len(), |end| end + 1))
                }
            };
            bytes = rest;
            match self.place {
                Place::Unread => fit.extend_from_slice(piece),
                Place::Body(left) => {
                    fit.extend_from_slice(piece);
                    self.place = match left - piece.len() as u64 {
                        0 => Place::RequestLine,
                        left => Place::Body(left),
                    };
                }
                Place::RequestLine | Place::Fields => self.extend_line(piece, fit),
            }
        }
    }

    fn extend_line(&mut self, piece: &[u8], fit: &mut Vec<u8>) {
        self.line.extend_from_slice(piece);
        if self.is_beyond() {
            fit.extend_from_slice(REFUSED);
            self.line.clear();
            self.place = Place::Unread;
        } else if piece.ends_with(b"\n") {
            let line = std::mem::take(&mut self.line);
            match self.place {
                Place::RequestLine => self.request_line(&line, fit),
                _ => self.field(&line, fit),
            }
        } else if self.line.len() > self.longest {
            fit.append(&mut self.line);
            self.place = Place::Unread;
        }
    }

    /// Whether the request line begins as none does.
    fn is_beyond(&self) -> bool {
        let is_line = matches!(self.place, Place::RequestLine);
        let method = self.line.iter().take_while(|byte| **byte != b' ');
        let is_empty = self.line.trim_ascii().is_empty();
        is_line
            && (self.empty + self.line.len() > EMPTY && is_empty
                || method.take(METHOD + 1).count() > METHOD)
    }

    fn request_line(&mut self, line: &[u8], fit: &mut Vec<u8>) {
        // Empty lines before a request are skipped by hyper too.
        if line.trim_ascii().is_empty() {
            self.empty += line.len();
        } else {
            self.place = Place::Fields;
            self.body = Framing::Absent;
            self.empty = 0;
        }
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        if let (Some(method), Some(target), Some(version)) =
            (parts.next(), parts.next(), parts.next())
        {
            for part in [method, b" ", &fit_target(target), b" ", version] {
                fit.extend_from_slice(part);
            }
        } else {
            fit.extend_from_slice(line);
        }
    }

    fn field(&mut self, line: &[u8], fit: &mut Vec<u8>) {
        fit.extend_from_slice(line);
        if matches!(line, b"\n" | b"\r\n") {
            self.place = match self.body {
                Framing::Absent | Framing::Length(0) => Place::RequestLine,
                Framing::Length(length) => Place::Body(length),
                Framing::Other => Place::Unread,
            };
            return;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value.get(1..).unwrap_or_default()).unwrap_or_default();
            self.body = match (self.body, value.trim_ascii().parse()) {
                (Framing::Absent, Ok(length)) => Framing::Length(length),
                _ => Framing::Other,
            };
        } else if name.eq_ignore_ascii_case(b"transfer-encoding")
            || line.starts_with(b" ")
            || line.starts_with(b"\t")
        {
            self.body = Framing::Other;
        }
    }
}

/// The target with what hyper refuses in a path or a query percent-encoded.
fn fit_target(target: &[u8]) -> Cow<'_, [u8]> {
    let is_text = std::str::from_utf8(target).is_ok();
    let query = target.iter().position(|byte| *byte == b'?');
    let query = query.unwrap_or(target.len());
    let is_refused = |(place, byte): (usize, u8)| match byte {
        b'<' | b'>' => true,
        b'"' => place > query,
        b'`' => place < query,
        byte => byte >= 0x80 && !is_text,
    };
    let bytes = || target.iter().copied().enumerate();
    if !bytes().any(is_refused) {
        return Cow::Borrowed(target);
    }
    let mut fit = Vec::with_capacity(target.len() + 16);
    for (place, byte) in bytes() {
        if is_refused((place, byte)) {
            fit.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            fit.push(byte);
        }
    }
    Cow::Owned(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out when `sent` arrives in pieces of `size` bytes.
    fn passed(sent: &[u8], size: usize) -> Vec<u8> {
        let mut lines = FitLines::new((), 200).lines;
        let mut fit = Vec::new();
        for piece in sent.chunks(size) {
            lines.take(piece, &mut fit);
        }
        fit.append(&mut lines.line);
        fit
    }

    fn assert_passes(sent: &[u8], expected: &[u8]) {
        for size in [1, 2, 7, sent.len()] {
            let passed = passed(sent, size);
            assert_eq!(
                String::from_utf8_lossy(&passed),
                String::from_utf8_lossy(expected),
                "{size}"
            );
        }
    }

    #[test]
    fn only_what_hyper_refuses_in_a_target_is_encoded() {
        for (sent, expected) in [
            ("/a?b=1", "/a?b=1"),
            ("/a\"`?b=\"`<c>", "/a\"%60?b=%22`%3Cc%3E"),
            ("/caf\u{e9}?\u{e9}=%22", "/caf\u{e9}?\u{e9}=%22"),
        ] {
            assert_eq!(*fit_target(sent.as_bytes()), *expected.as_bytes());
        }
        assert_eq!(*fit_target(b"/\xc3\xa9?\xff"), *b"/%C3%A9?%FF");
    }

    #[test]
    fn request_lines_are_found_behind_bodies_of_a_stated_length() {
        assert_passes(
            b"\r\nPOST /<> HTTP/1.1\r\nX: <\r\ncontent-LENGTH: 9 \r\n\r\nGET /<> H\n\nGET /?\" HTTP/1.1\n\nGET /` HTTP/1.1\r\n",
            b"\r\nPOST /%3C%3E HTTP/1.1\r\nX: <\r\ncontent-LENGTH: 9 \r\n\r\nGET /<> H\n\nGET /?%22 HTTP/1.1\n\nGET /%60 HTTP/1.1\r\n",
        );
    }

    #[test]
    fn behind_any_other_framing_nothing_is_touched() {
        for fields in [
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: one\r\n",
            "X: a\r\n folded\r\n",
        ] {
            let sent = format!("POST / HTTP/1.1\r\n{fields}\r\nxGET /<> HTTP/1.1\r\n\r\n");
            assert_passes(sent.as_bytes(), sent.as_bytes());
        }
        let long = format!(
            "GET /{}<> HTTP/1.1\r\n\r\nGET /<> HTTP/1.1\r\n",
            "a".repeat(300)
        );
        let passed = passed(long.as_bytes(), 100);
        assert_eq!(passed, long.as_bytes());
    }

    #[test]
    fn a_line_without_its_parts_passes_as_it_came() {
        assert_passes(b"GET\r\n\r\n", b"GET\r\n\r\n");
        assert_passes(b"\x16\x03\x01<\xff\n", b"\x16\x03\x01<\xff\n");
        assert_passes(b"GET /<", b"GET /<");
    }
}
