//! The binary as processes: a store of its own, a run against it, a proxy that writes down what passes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) const PASSWORD: &str = "Admin-1234";

/// The binary, untouched by the environment of whoever runs the tests.
pub(crate) fn magespec(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAGESPEC_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

pub(crate) fn output(folder: &Path, arguments: &[&str]) -> Output {
    magespec(folder)
        .args(arguments)
        .output()
        .expect("magespec runs")
}

/// Both streams, for a message or a look at a sentence.
pub(crate) fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A process that is ended when it is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Sends it a signal as a person or an init system would.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.0.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(status.success());
    }
}

/// `magespec serve` on free ports, with a control API.
pub(crate) struct Store {
    process: Running,
    pub(crate) ready: Value,
}

impl Store {
    pub(crate) fn start(folder: &Path, flags: &[&str]) -> Self {
        let mut command = magespec(folder);
        command.args(["serve", "--ephemeral", "--quiet"]);
        Self::started(
            folder,
            command.stdout(Stdio::null()).stderr(Stdio::null()),
            flags,
        )
    }

    /// Keeps its data in this PostgreSQL database; its log is in `log.txt`.
    #[cfg(feature = "postgres")]
    pub(crate) fn on_database(folder: &Path, url: &str, flags: &[&str]) -> Self {
        let log = fs::File::create(folder.join("log.txt")).expect("a file is made");
        let mut command = magespec(folder);
        command.arg("serve").env("MAGESPEC_DATABASE", url);
        Self::started(
            folder,
            command.stdout(log.try_clone().expect("a file")).stderr(log),
            flags,
        )
    }

    fn started(folder: &Path, command: &mut Command, flags: &[&str]) -> Self {
        let file = folder.join("ready.json");
        let _ = fs::remove_file(&file);
        fs::write(folder.join("password.txt"), PASSWORD).expect("a file is written");
        let child = command
            .env("MAGESPEC_LISTEN", "127.0.0.1:0")
            .args(["--control", "127.0.0.1:0", "--ready-file", "ready.json"])
            .args(["--admin-password-file", "password.txt"])
            .args(flags)
            .spawn()
            .expect("magespec starts");
        let process = Running(child);
        let began = Instant::now();
        loop {
            if let Ok(text) = fs::read_to_string(&file) {
                let ready = serde_json::from_str(&text).expect("the ready file is whole");
                return Self { process, ready };
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Keeps its data in this file of the folder; its log is in `log.txt`.
    pub(crate) fn on_file(folder: &Path, file: &str, flags: &[&str]) -> Self {
        let log = fs::File::create(folder.join("log.txt")).expect("a file is made");
        let mut command = magespec(folder);
        command.args(["serve", "--data", file]);
        Self::started(
            folder,
            command.stdout(log.try_clone().expect("a file")).stderr(log),
            flags,
        )
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stopped(mut self) -> std::process::ExitStatus {
        self.process.signal("TERM");
        self.process.0.wait().expect("it ends")
    }

    pub(crate) fn url(&self) -> String {
        let url = self.ready["url"].as_str().expect("an address");
        url.trim_end_matches('/').to_owned()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let url = self.url();
        let (_, address) = url.split_once("://").expect("a URL");
        address.parse().expect("an address")
    }

    /// The address of the control API.
    pub(crate) fn control_url(&self) -> String {
        let url = self.ready["control_url"].as_str().expect("an address");
        url.trim_end_matches('/').to_owned()
    }

    /// GETs JSON from the control API.
    pub(crate) fn control(&self, path: &str) -> Value {
        let url = self.control_url();
        let address = url.trim_start_matches("http://");
        let token = self.ready["control_token"].as_str().expect("a token");
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// POSTs JSON to the control API.
    pub(crate) fn control_post(&self, path: &str, body: &Value) -> Value {
        let url = self.control_url();
        let address = url.trim_start_matches("http://");
        let token = self.ready["control_token"].as_str().expect("a token");
        let mut stream = TcpStream::connect(address).expect("it listens");
        let body = body.to_string();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// The names of the integrations that it has.
    pub(crate) fn integrations(&self) -> Vec<String> {
        let list = self.control("/v1/integrations");
        let rows = list.as_array().or_else(|| list["integrations"].as_array());
        let rows = rows.expect("a list");
        rows.iter()
            .filter_map(|row| row["name"].as_str().map(ToOwned::to_owned))
            .collect()
    }
}

/// Passes every connection on to the store and writes down the first line of each request.
pub(crate) struct Recorder {
    pub(crate) url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// A proxy that changes each request as `rewrite` says.
    pub(crate) fn before(store: SocketAddr, rewrite: fn(String) -> String) -> Self {
        Self::until(store, usize::MAX, rewrite)
    }

    /// A proxy that answers so many requests; then it takes connections and says nothing.
    pub(crate) fn until(store: SocketAddr, most: usize, rewrite: fn(String) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&lines);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let lines = Arc::clone(&written);
                thread::spawn(move || {
                    let passed = lines.lock().map_or(0, |lines| lines.len());
                    if passed < most {
                        pass(stream, store, rewrite, &lines);
                    } else {
                        thread::sleep(Duration::from_secs(30));
                    }
                });
            }
        });
        Self { url, lines }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("nobody panicked").clone()
    }
}

fn pass(
    mut client: TcpStream,
    store: SocketAddr,
    rewrite: fn(String) -> String,
    lines: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !is_whole(&bytes) {
        let count = client.read(&mut chunk).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let line = head.lines().next().unwrap_or_default().to_owned();
    lines.lock().ok()?.push(line);
    let mut upstream = TcpStream::connect(store).ok()?;
    upstream.write_all(rewrite(head).as_bytes()).ok()?;
    upstream.write_all(&bytes[end..]).ok()?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).ok()?;
    client.write_all(&answer).ok()?;
    client.shutdown(Shutdown::Both).ok()
}

/// Whether the header and as many bytes as it announces are there.
fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok());
    bytes.len() >= head.len() + 4 + length.unwrap_or(0)
}

/// Answers every request with these bytes.
pub(crate) fn answering(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut chunk = [0; 4096];
            let _ = stream.read(&mut chunk);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}
