use std::collections::{HashMap, HashSet};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::text::form;
use crate::wire::Headers;

/// How the suite's own callback endpoint answers a credentials POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with this status and an empty body.
    Answer(u16),
    /// Answers with this status and sends on to another path of the endpoint.
    Redirect(u16, String),
    /// Answers 200 with a page for a person, that leads back to the store.
    Welcome,
    /// Waits, then answers 200.
    Delay(Duration),
    /// Closes the connection without a byte.
    Close,
    /// Sends text that is no HTTP, then closes.
    Garbage,
}

/// A request that reached the endpoint.
#[derive(Clone, Debug)]
pub struct CredentialsPost {
    /// Method.
    pub method: String,
    /// Request target as it came.
    pub target: String,
    /// Header fields.
    pub headers: Headers,
    /// Body.
    pub body: String,
    /// When it had come in whole.
    pub received: Instant,
    /// When it was answered, or when the store went away before.
    pub answered: Instant,
}

/// One that says nothing, for a plan.
impl Default for CredentialsPost {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            method: String::new(),
            target: String::new(),
            headers: Headers::default(),
            body: String::new(),
            received: now,
            answered: now,
        }
    }
}

impl CredentialsPost {
    /// A field of the form, empty when it is absent.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        form::pairs(&self.body)
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Shared {
    behaviours: HashMap<String, Behaviour>,
    posts: HashMap<String, Vec<CredentialsPost>>,
    /// Where a request has come in whole, answered or not.
    reached: HashSet<String>,
}

/// The suite's callback endpoint: one path for every integration, each behaving as its case asks.
#[derive(Debug)]
pub struct Listener {
    public: String,
    shared: Arc<(Mutex<Shared>, Condvar)>,
}

impl Listener {
    /// Listens on `address`. `public` is the URL under which the store reaches it; without it, the bound address.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub fn start(address: SocketAddr, public: Option<&str>) -> io::Result<Self> {
        let socket = TcpListener::bind(address)?;
        let bound = socket.local_addr()?;
        let shared = Arc::new((Mutex::new(Shared::default()), Condvar::new()));
        let public = public.map_or_else(
            || format!("http://{bound}"),
            |url| url.trim_end_matches('/').to_owned(),
        );
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                let state = Arc::clone(&state);
                thread::spawn(move || {
                    // A peer that goes away is the case's business, not ours.
                    let _ = answer(stream, &state);
                });
            }
        });
        Ok(Self { public, shared })
    }

    /// The URL of the path for `name`.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("{}/callback/{name}", self.public)
    }

    /// From now on the path for `name` behaves so.
    pub fn behave(&self, name: &str, behaviour: Behaviour) {
        self.lock()
            .behaviours
            .insert(format!("/callback/{name}"), behaviour);
    }

    /// How many requests have come to the path for `name`.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.posts(name).len()
    }

    /// The requests that have come to the path for `name`, in order.
    #[must_use]
    pub fn posts(&self, name: &str) -> Vec<CredentialsPost> {
        let path = format!("/callback/{name}");
        self.lock().posts.get(&path).cloned().unwrap_or_default()
    }

    /// Waits until more than `seen` requests have come to the path for `name`; answers the newest.
    #[must_use]
    pub fn wait(&self, name: &str, seen: usize, patience: Duration) -> Option<CredentialsPost> {
        let path = format!("/callback/{name}");
        let (_, arrived) = &*self.shared;
        let waiting = |shared: &mut Shared| shared.posts.get(&path).map_or(0, Vec::len) <= seen;
        let (shared, _) = arrived
            .wait_timeout_while(self.lock(), patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        let posts = shared.posts.get(&path)?;
        (posts.len() > seen).then(|| posts.last().cloned())?
    }

    /// Waits until a request has come in whole to the path for `name`, answered or not; whether one has.
    #[must_use]
    pub fn is_reached(&self, name: &str, patience: Duration) -> bool {
        let path = format!("/callback/{name}");
        let (_, arrived) = &*self.shared;
        let waiting = |shared: &mut Shared| !shared.reached.contains(&path);
        let (shared, _) = arrived
            .wait_timeout_while(self.lock(), patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        shared.reached.contains(&path)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(mut stream: TcpStream, state: &(Mutex<Shared>, Condvar)) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let Some(mut post) = read_request(&mut stream)? else {
        return Ok(());
    };
    let path = post.target.split('?').next().unwrap_or_default().to_owned();
    let (shared, arrived) = state;
    let behaviour = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.reached.insert(path.clone());
        arrived.notify_all();
        shared.behaviours.get(&path).cloned()
    };
    let reply = match behaviour.unwrap_or(Behaviour::Answer(200)) {
        Behaviour::Answer(status) => reply(status, ""),
        Behaviour::Redirect(status, location) => {
            reply(status, &format!("Location: {location}\r\n"))
        }
        Behaviour::Welcome => page(&welcome(&post.target)),
        Behaviour::Delay(time) => {
            wait_for(&stream, time);
            reply(200, "")
        }
        Behaviour::Close => String::new(),
        Behaviour::Garbage => "this is no HTTP\n".to_owned(),
    };
    post.answered = Instant::now();
    {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.posts.entry(path).or_default().push(post);
        arrived.notify_all();
    }
    stream.write_all(reply.as_bytes())
}

/// Waits so long, or until the peer closes the connection.
fn wait_for(stream: &TcpStream, time: Duration) {
    let began = Instant::now();
    let mut byte = [0];
    while let Some(left) = time
        .checked_sub(began.elapsed())
        .filter(|left| !left.is_zero())
    {
        if stream.set_read_timeout(Some(left)).is_err() {
            break;
        }
        match stream.peek(&mut byte) {
            Ok(0) => break,
            Err(error) if !is_time_out(&error) => break,
            // Bytes behind the request are nobody's business.
            Ok(_) => thread::sleep(left.min(Duration::from_millis(50))),
            Err(_) => {}
        }
    }
}

fn is_time_out(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

fn page(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The identity link page: the store's pop-up shows it, and `success_call_back` closes the pop-up.
fn welcome(target: &str) -> String {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let back = form::pairs(query)
        .find(|(name, value)| {
            name == "success_call_back"
                && (value.starts_with("http://") || value.starts_with("https://"))
        })
        .map(|(_, value)| {
            value
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;")
        });
    let link = back.map_or_else(String::new, |url| {
        format!("<p><a href=\"{url}\">Back to the store</a></p>")
    });
    format!(
        "<!doctype html><html lang=\"en\"><title>magespec</title><p>magespec has the credentials; there is nothing to sign in to.</p>{link}</html>"
    )
}

fn reply(status: u16, fields: &str) -> String {
    format!("HTTP/1.1 {status} As-Asked\r\n{fields}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

fn read_request(stream: &mut TcpStream) -> io::Result<Option<CredentialsPost>> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        if let Some(request) = parse(&bytes) {
            return Ok(Some(request));
        }
        let count = stream.read(&mut chunk)?;
        if count == 0 || bytes.len() > 64 * 1024 {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}

fn parse(bytes: &[u8]) -> Option<CredentialsPost> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let length = headers
        .first("Content-Length")
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(0);
    let now = Instant::now();
    (body.len() >= length).then(|| CredentialsPost {
        method,
        target,
        headers,
        body: body.chars().take(length).collect(),
        received: now,
        answered: now,
    })
}
