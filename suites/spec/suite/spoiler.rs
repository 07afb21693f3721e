//! A line to a store that is spoilt in one way: a peer that passes requests on and answers back, and meddles with some of them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A request or an answer: its first line, its fields and its body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) start: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// An answer of somebody else than the store.
    pub(crate) fn answer(status: &str, fields: &[(&str, &str)], body: &str) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            start: format!("HTTP/1.1 {status}"),
            fields: fields.iter().map(owned).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self
            .fields
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut message = self.without(name);
        message.fields.push((name.to_owned(), value.to_owned()));
        message
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn parse(bytes: &[u8], whole: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        let fields = lines.filter_map(|line| line.split_once(':'));
        let mut message = Self {
            start,
            fields: fields
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            body: bytes[end + 4..].to_vec(),
        };
        let length = message.field("Content-Length")?.parse().ok();
        if let Some(length) = length {
            if message.body.len() < length {
                return None;
            }
            message.body.truncate(length);
        } else if !whole {
            return None;
        }
        Some(message)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.fields {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// What the line does with the request of this number, from 1 on. The store is asked through the function; none cuts the connection.
pub(crate) type Spoil = Arc<
    dyn Fn(usize, Message, &dyn Fn(&Message) -> Option<Message>) -> Option<Message> + Send + Sync,
>;

/// The line; it ends with the process.
pub(crate) struct Spoiler {
    pub(crate) url: String,
}

impl Spoiler {
    /// A line in front of the store at this address.
    pub(crate) fn before(store: SocketAddr, spoil: Spoil) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Self::on(listener, store, spoil);
        Self {
            url: format!("http://{address}"),
        }
    }

    /// The same on a port that was taken before.
    pub(crate) fn on(listener: TcpListener, store: SocketAddr, spoil: Spoil) {
        let count = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (count, spoil) = (Arc::clone(&count), Arc::clone(&spoil));
                thread::spawn(move || pass(stream, store, &count, &spoil));
            }
        });
    }
}

fn pass(
    mut client: TcpStream,
    store: SocketAddr,
    count: &AtomicUsize,
    spoil: &Spoil,
) -> Option<()> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    let request = loop {
        if let Some(request) = request(&bytes) {
            break request;
        }
        let read = client.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    };
    let number = count.fetch_add(1, Ordering::SeqCst) + 1;
    let answer = spoil(number, request, &|request| asked(store, request))?;
    client.write_all(&answer.bytes()).ok()?;
    client.shutdown(Shutdown::Both).ok()
}

/// A request without a length has no body.
fn request(bytes: &[u8]) -> Option<Message> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    if head.contains("\r\ncontent-length:") {
        return Message::parse(bytes, false);
    }
    let mut padded = bytes[..end].to_vec();
    padded.extend_from_slice(b"\r\nContent-Length: 0\r\n\r\n");
    Message::parse(&padded, true).map(|message| message.without("Content-Length"))
}

fn asked(store: SocketAddr, request: &Message) -> Option<Message> {
    let mut upstream = TcpStream::connect(store).ok()?;
    upstream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .ok()?;
    let closing = request.clone().with("Connection", "close");
    upstream.write_all(&closing.bytes()).ok()?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let start = lines.next()?.to_owned();
    let fields = lines.filter_map(|line| line.split_once(':'));
    Some(Message {
        start,
        fields: fields
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect(),
        body: answer[end + 4..].to_vec(),
    })
}
