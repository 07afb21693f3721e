//! The credentials POST as it goes over the wire: the bytes of each release's client, redirects, and what the log says of an answer.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use magespec::oauth::Profile;
use magespec::secret::Secret;
use magespec::store::callback::{CredentialsPost, Limits};
use magespec::time::MovableClock;
use magespec::wire::tls::Trust;
use magespec::wire::{Blocking, Timeouts};
use tracing::Level;

use crate::spec::store::log::logged;

/// An endpoint that gives these answers, one connection each, and keeps the bytes that came.
struct Endpoint {
    authority: String,
    seen: JoinHandle<Vec<String>>,
}

impl Endpoint {
    fn with(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let authority = listener.local_addr().expect("an address").to_string();
        let answers: Vec<String> = answers
            .iter()
            .map(|answer| answer.replace("HOST", &authority))
            .collect();
        let seen = thread::spawn(move || {
            let mut seen = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().expect("a connection");
                let mut bytes = Vec::new();
                while !whole(&bytes) {
                    let mut part = [0; 4096];
                    let read = stream.read(&mut part).expect("readable");
                    assert!(read > 0, "the request ends before its body");
                    bytes.extend_from_slice(&part[..read]);
                }
                seen.push(String::from_utf8(bytes).expect("text"));
                stream.write_all(answer.as_bytes()).expect("writable");
            }
            seen
        });
        Self { authority, seen }
    }

    /// What came, once every answer is given.
    fn seen(self) -> Vec<String> {
        self.seen.join().expect("no panic")
    }
}

fn whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "));
        body.len() == length.map_or(0, |length| length.parse().expect("a number"))
    })
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const BODY: &str = "oauth_consumer_key=k&oauth_consumer_secret=c&store_base_url=http%3A%2F%2Fshop.example%2F&oauth_verifier=v";

fn post(profile: &str, endpoint: &str, redirects: usize) -> Result<(), String> {
    let sender = Blocking::new(Trust::System, Timeouts::default());
    let post = CredentialsPost {
        endpoint,
        consumer_key: "k",
        consumer_secret: &Secret::from("c"),
        store_base_url: "http://shop.example/",
        verifier: &Secret::from("v"),
        client: Profile::find(profile).expect("a profile").callback_client,
    };
    let limits = Limits {
        timeout: Duration::from_secs(5),
        redirects,
    };
    post.send(&sender, limits, &MovableClock::new())
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn the_bytes_are_those_of_the_releases_client() {
    let length = BODY.len();
    let of_2_4_6 = format!(
        "Host: HOST\r\nUser-Agent: Laminas\\Http\\Client\r\nAccept: */*\r\nHOST\r\nContent-Length: {length}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    let of_2_4_8 = format!(
        "Host: HOST\r\nAccept: */*\r\nConnection: close\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: Laminas\\Http\\Client\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"
    );
    for (profile, fields) in [
        ("2.4.6-p11", &of_2_4_6),
        ("2.4.7-p3", &of_2_4_6),
        ("2.4.8-p1", &of_2_4_8),
    ] {
        let endpoint = Endpoint::with(&[OK]);
        let authority = endpoint.authority.clone();
        post(profile, &format!("http://{authority}/cb?x=1%20y"), 0).expect("an answer");
        let fields = fields.replace("HOST", &authority);
        let expected = format!("POST /cb?x=1%20y HTTP/1.1\r\n{fields}\r\n{BODY}");
        assert_eq!(endpoint.seen(), [expected], "{profile}");
    }
}

#[test]
fn a_redirect_is_followed_as_often_as_the_setting_allows_and_307_carries_the_secrets_on() {
    let sends_on = |status: &str, location: &str| {
        format!("HTTP/1.1 {status} On\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    for (status, redirects, lines) in [
        ("301", 0, vec!["POST /cb HTTP/1.1"]),
        (
            "301",
            1,
            vec!["POST /cb HTTP/1.1", "GET /there?a=1 HTTP/1.1"],
        ),
        (
            "302",
            1,
            vec!["POST /cb HTTP/1.1", "GET /there?a=1 HTTP/1.1"],
        ),
        (
            "303",
            1,
            vec!["POST /cb HTTP/1.1", "GET /there?a=1 HTTP/1.1"],
        ),
        (
            "307",
            1,
            vec!["POST /cb HTTP/1.1", "POST /there?a=1 HTTP/1.1"],
        ),
        (
            "308",
            1,
            vec!["POST /cb HTTP/1.1", "POST /there?a=1 HTTP/1.1"],
        ),
    ] {
        for location in ["/there?a=1", "http://HOST/there?a=1", "there?a=1"] {
            let on = sends_on(status, location);
            let endpoint = Endpoint::with(&[on.as_str(), OK][..lines.len()]);
            let url = format!("http://{}/cb", endpoint.authority);
            post("2.4.7", &url, redirects).expect("an answer");
            let seen = endpoint.seen();
            let first: Vec<&str> = seen.iter().filter_map(|text| text.lines().next()).collect();
            assert_eq!(first, lines, "{status} {location}");
            for request in &seen {
                let carries = request.contains("oauth_consumer_secret=c");
                assert_eq!(carries, request.starts_with("POST"), "{request}");
            }
        }
    }
    // The last answer counts, and it is an answer.
    let on = sends_on("302", "/cb");
    let endpoint = Endpoint::with(&[on.as_str(); 3]);
    let url = format!("http://{}/cb", endpoint.authority);
    post("2.4.7", &url, 2).expect("a redirect is an answer");
    assert_eq!(endpoint.seen().len(), 3);
}

#[test]
fn an_answer_that_a_store_takes_for_success_is_told_in_the_log() {
    for (answer, told) in [
        (OK, None),
        (
            "HTTP/1.1 301 Moved\r\nLocation: /cb/?secret=1\r\nContent-Length: 0\r\n\r\n",
            Some("the callback endpoint answered 301 to /cb/; a store does not follow it"),
        ),
        (
            "HTTP/1.1 419 Expired\r\nContent-Length: 0\r\n\r\n",
            Some("the callback endpoint answered 419; a store takes it for success"),
        ),
        (
            "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
            Some("the callback endpoint answered 500; a store takes it for success"),
        ),
    ] {
        let endpoint = Endpoint::with(&[answer]);
        let url = format!("http://{}/cb?k=hidden", endpoint.authority);
        let log = logged(Level::WARN, || post("2.4.7", &url, 0).expect("an answer"));
        endpoint.seen();
        match told {
            None => assert_eq!(log, ""),
            Some(told) => assert!(log.contains("WARN") && log.contains(told), "{log}"),
        }
        assert!(!log.contains("hidden") && !log.contains("secret"), "{log}");
    }
}

#[test]
fn no_answer_says_why_and_shows_no_query() {
    for url in [
        "http://127.0.0.1:1/cb?s=hidden",
        "ftp://127.0.0.1/cb?s=hidden",
        "no url",
    ] {
        let error = post("2.4.7", url, 0).expect_err("nobody answers");
        let endpoint = url.split('?').next().unwrap_or_default();
        let begins = format!("the callback endpoint `{endpoint}` gave no HTTP answer: ");
        assert!(error.starts_with(&begins), "{error}");
        assert!(!error.contains("hidden"), "{error}");
    }
}
