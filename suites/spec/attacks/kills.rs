//! A store that is killed in the middle of its work: what it answered stands, and nothing is left by half.
//!
//! Two rounds here; two hundred by `cargo test --release --test spec kills -- --ignored`.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use magespec::oauth::{Profile, Request, SignatureMethod, SignedHeader, SigningKey};
use magespec::secret::Secret;
use magespec::time::{Clock as _, SystemClock};
use serde_json::{Value, json};

use crate::spec::cli::processes::Store;

/// What was answered before the kill.
#[derive(Default)]
struct Answered {
    made: BTreeSet<String>,
    /// Asked for, answered or not.
    erased: BTreeSet<String>,
    gone: BTreeSet<String>,
    /// Signed requests that were taken.
    taken: Vec<String>,
}

/// Sends a request; none when there was no whole answer.
fn ask(address: SocketAddr, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?
        .parse()
        .ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    (body.len() == length).then(|| (status, body.to_owned()))
}

struct Places {
    control: SocketAddr,
    token: String,
    store: SocketAddr,
}

impl Places {
    fn of(store: &Store) -> Self {
        let control = store.control_url();
        let control = control.trim_start_matches("http://");
        let token = store.ready["control_token"].as_str().expect("a token");
        Self {
            control: control.parse().expect("an address"),
            token: token.to_owned(),
            store: store.address(),
        }
    }

    fn control(&self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        let (status, body) = ask(
            self.control,
            &format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                self.token,
                body.len()
            ),
        )?;
        Some((status, serde_json::from_str(&body).ok()?))
    }
}

fn signed(values: &Value, nonce: &str) -> String {
    let value = |name: &str| values[name].as_str().unwrap_or_default();
    let key = SigningKey::new(
        &Secret::from(value("consumer_secret")),
        &Secret::from(value("token_secret")),
    );
    let target = "/rest/V1/store/storeViews";
    let signer = SignedHeader {
        dialect: <&Profile>::default().dialect,
        method: SignatureMethod::HmacSha256,
        consumer_key: value("consumer_key"),
        token: Some(value("token")),
        key: &key,
        verifier: None,
        nonce,
        timestamp: SystemClock.now(),
    };
    let request = Request {
        method: "GET",
        scheme: "http",
        host: "shop.example",
        target,
        ..Request::default()
    };
    let authorization = signer.authorization(&request).expect("it can be signed");
    format!(
        "GET {target} HTTP/1.1\r\nHost: shop.example\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n"
    )
}

/// Makes, calls and erases until nobody answers.
fn work(places: &Places, prefix: &str, answered: &Mutex<Answered>) -> Option<()> {
    for number in 0.. {
        let name = format!("{prefix} {number}");
        let wanted = json!({"name": name}).to_string();
        let (status, made) = places.control("POST", "/v1/integrations", &wanted)?;
        assert_eq!(status, 200, "{made}");
        let told = || answered.lock().expect("nobody panicked");
        told().made.insert(name.clone());
        for call in 0..2 {
            let request = signed(&made, &format!("{name} {call}"));
            let (status, _) = ask(places.store, &request)?;
            assert_eq!(status, 200);
            told().taken.push(request);
        }
        if number % 2 == 0 {
            told().erased.insert(name.clone());
            let path = format!("/v1/integrations/{}", made["id"]);
            let (status, _) = places.control("DELETE", &path, "{}")?;
            assert_eq!(status, 200);
            told().gone.insert(name);
        }
    }
    None
}

fn check(places: &Places, answered: &Answered) {
    let (_, rows) = places
        .control("GET", "/v1/integrations", "")
        .expect("it answers again");
    let rows = rows.as_array().expect("a list");
    let mut names = BTreeSet::new();
    for row in rows {
        assert!(row["consumer"]["key"].is_string(), "half of one: {row}");
        // Made and activated are two steps.
        let tokens = row["tokens"].as_array().expect("a list");
        assert!(tokens.len() <= 1, "{row}");
        names.insert(row["name"].as_str().expect("a name").to_owned());
    }
    for name in answered.made.difference(&answered.erased) {
        assert!(names.contains(name), "{name} was answered, and is lost");
    }
    for name in &answered.gone {
        assert!(!names.contains(name), "{name} was erased, and is back");
    }
    for request in answered.taken.iter().rev().take(40) {
        let (status, body) = ask(places.store, request).expect("it answers");
        assert_eq!(status, 401, "a replay was taken: {body}");
    }
}

fn rounds(count: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..count {
        let store = Store::on_file(folder.path(), "store.db", &[]);
        let places = Places::of(&store);
        let answered = Mutex::default();
        thread::scope(|scope| {
            for thread in 0..3 {
                let (places, answered) = (&places, &answered);
                scope.spawn(move || work(places, &format!("{round} {thread}"), answered));
            }
            thread::sleep(Duration::from_millis(150 + round * 37 % 300));
            // SIGKILL.
            drop(store);
        });
        let answered = answered.into_inner().expect("nobody panicked");
        let again = Store::on_file(folder.path(), "store.db", &[]);
        check(&Places::of(&again), &answered);
    }
}

#[test]
fn what_was_answered_before_a_kill_stands_and_nothing_is_left_by_half() {
    rounds(2);
}

#[test]
#[ignore = "200 kills take some minutes: cargo test --release --test spec kills -- --ignored"]
fn two_hundred_kills_lose_nothing() {
    rounds(200);
}
