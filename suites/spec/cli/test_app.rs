//! `magespec test-app` against the reference app, against small apps that are wrong on purpose, and against what is no app at all.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use magespec::oauth::{PROFILES, Signer};
use magespec::text::form;
use magespec::time::{Clock as _, SystemClock};
use serde_json::Value;

use crate::spec::cli::processes::{magespec, output, text};

/// A request as a small app sees it.
pub(crate) struct Heard {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn field(&self, name: &str) -> String {
        let pairs = match self.method.as_str() {
            "POST" => self.body.clone(),
            _ => self.target.replacen('?', "&", 1),
        };
        let mut found = form::pairs(&pairs).filter(|(other, _)| other == name);
        found.next().map(|(_, value)| value).unwrap_or_default()
    }
}

/// An app of a few lines on a port of its own, as long as the test runs.
pub(crate) fn app(answer: impl Fn(&Heard, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in socket.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                if let Some(heard) = hear(&mut stream) {
                    answer(&heard, &mut stream);
                }
            });
        }
    });
    address
}

fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&piece[..count]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0_usize);
    while bytes.len() < end + length {
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&piece[..count]);
    }
    let mut words = head.split(' ').map(ToOwned::to_owned);
    Some(Heard {
        method: words.next()?,
        target: words.next()?,
        head: head.clone(),
        body: String::from_utf8_lossy(&bytes[end..]).into_owned(),
    })
}

pub(crate) fn say(stream: &mut TcpStream, head: &str, body: &str) {
    let text = format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // A client that is gone is the test's business.
    let _ = stream.write_all(text.as_bytes());
}

/// Runs `test-app` against it, with these further arguments.
pub(crate) fn judged(folder: &Path, app: SocketAddr, more: &[&str]) -> (Output, Value) {
    let callback = format!("http://{app}/callback");
    let identity = format!("http://{app}/login");
    let mut command = magespec(folder);
    command.args(["test-app", "--wait", "1", "--report", "json=report.json"]);
    command.args(["--callback", &callback, "--identity-link", &identity]);
    let output = command.args(more).output().expect("magespec runs");
    let report = fs::read_to_string(folder.join("report.json")).unwrap_or_default();
    (output, serde_json::from_str(&report).unwrap_or_default())
}

pub(crate) fn case<'a>(report: &'a Value, id: &str) -> &'a Value {
    let cases = report["cases"].as_array().expect("cases");
    let found = cases.iter().find(|case| case["id"] == id);
    found.unwrap_or_else(|| panic!("no case {id}"))
}

#[test]
fn the_reference_app_passes_in_every_profile_without_a_warning() {
    let folder = tempfile::tempdir().expect("a folder");
    thread::scope(|scope| {
        for profile in PROFILES.iter().map(|profile| profile.name) {
            let folder = folder.path();
            scope.spawn(move || {
                let output = output(
                    folder,
                    &["test-app", "--profile", profile, "--format", "json"],
                );
                let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
                let open: Vec<String> = report["cases"]
                    .as_array()
                    .expect("cases")
                    .iter()
                    .filter(|case| case["verdict"] != "pass" && case["verdict"] != "not-applicable")
                    .map(|case| {
                        format!(
                            "{} {} {} {}",
                            case["id"], case["verdict"], case["actual"], case["reason"]
                        )
                    })
                    .collect();
                assert!(open.is_empty(), "{profile}: {}", open.join("\n"));
                assert_eq!(
                    output.status.code(),
                    Some(0),
                    "{profile}: {}",
                    text(&output)
                );
                let timeline = report["timeline"].as_array().expect("the first handshake");
                assert!(timeline.len() >= 6, "{profile}: {timeline:?}");
            });
        }
    });
}

#[test]
fn an_app_that_redirects_and_returns_anywhere_fails_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let posted: Arc<Mutex<Vec<String>>> = Arc::default();
    let known = Arc::clone(&posted);
    let address = app(move |heard, stream| {
        if heard.method == "POST" && heard.target.starts_with("/callback") {
            let mut known = known.lock().expect("nobody panics");
            known.push(heard.field("oauth_consumer_secret"));
            known.push(heard.field("oauth_verifier"));
            let all = heard.body.clone();
            say(stream, "302 Found\r\nLocation: /login", &all);
        } else if heard.target.starts_with("/login") {
            let back = heard.field("success_call_back");
            let cookie = "Set-Cookie: sid=0123456789abcdef0123456789abcdef";
            say(
                stream,
                &format!("302 Found\r\nLocation: {back}\r\n{cookie}"),
                "",
            );
        } else {
            say(stream, "404 Not Found", "");
        }
    });
    let (output, report) = judged(
        folder.path(),
        address,
        &[
            "--second-store",
            "--report",
            "html=page.html",
            "--report",
            "junit=junit.xml",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    for id in [
        "app/callback/no-redirect",
        "app/callback/answer-without-secrets",
        "app/request-token/arrives",
        "app/link/unknown-key",
        "app/link/elsewhere/other-host",
        "app/link/elsewhere/javascript",
        "app/link/cookie/http-only",
    ] {
        assert_eq!(
            case(&report, id)["verdict"],
            "fail",
            "{}",
            case(&report, id)
        );
    }
    for id in ["app/callback/success", "app/link/cookie/same-site"] {
        assert_eq!(
            case(&report, id)["verdict"],
            "warn",
            "{}",
            case(&report, id)
        );
    }
    let story = case(&report, "app/callback/no-redirect")["timeline"].to_string();
    assert!(
        story.contains("credentials POST") && story.contains("302"),
        "{story}"
    );
    let printed = text(&output);
    assert!(printed.contains("the first handshake"), "{printed}");
    assert!(printed.contains("a store does not follow it"), "{printed}");
    let mut everything = printed + &report.to_string();
    for name in ["page.html", "junit.xml"] {
        everything += &fs::read_to_string(folder.path().join(name)).expect("a report");
    }
    let posted = posted.lock().expect("nobody panics");
    assert!(posted.len() > 20, "{}", posted.len());
    // Made-up values of the suite itself are no secrets of anybody.
    let first = &posted[..2];
    for secret in first.iter().filter(|secret| secret.len() == 32) {
        assert!(!everything.contains(secret.as_str()), "a secret is shown");
    }
}

/// Asks for a request token as if the store spoke HTTPS.
fn signs_another_scheme(heard: &Heard) -> Option<()> {
    let base = heard.field("store_base_url");
    let host = base
        .strip_prefix("http://")?
        .trim_end_matches('/')
        .to_owned();
    let verifier = heard.field("oauth_verifier");
    let signer = Signer::new(
        heard.field("oauth_consumer_key"),
        heard.field("oauth_consumer_secret"),
    );
    let url = format!("{base}oauth/token/request").replacen("http:", "https:", 1);
    let authorization = signer.authorization("POST", &url, &verifier, SystemClock.now());
    let authorization = authorization.ok()?;
    let mut stream = TcpStream::connect(&host).ok()?;
    let text = format!(
        "POST /oauth/token/request HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(text.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("oauth_problem").then_some(())
}

#[test]
fn a_wrong_signature_is_explained_by_the_doctor() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = app(|heard, stream| {
        if heard.method == "POST" {
            signs_another_scheme(heard);
        }
        say(stream, "200 OK", "<p>Thank you</p>");
    });
    let only = ["--only", "app/request-token/*", "--only", "app/nonce/*"];
    let (output, report) = judged(folder.path(), address, &only);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let signature = case(&report, "app/request-token/signature");
    assert_eq!(signature["verdict"], "fail");
    let actual = signature["actual"].to_string();
    assert!(actual.contains("https"), "{actual}");
    let notes = report["notes"].to_string();
    assert!(notes.contains("inside the credentials POST"), "{notes}");
}

#[test]
fn what_is_no_app_gets_a_verdict_in_bounded_time() {
    let few = [
        "--only",
        "app/callback/answers",
        "--only",
        "app/link/opens",
        "--only",
        "app/callback/method/*",
    ];
    let silent = app(|_, _| thread::sleep(Duration::from_mins(5)));
    let endless = app(|_, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        let mut piece = head.as_bytes().to_vec();
        while stream.write_all(&piece).is_ok() {
            piece = vec![b'<'; 1024 * 1024];
        }
    });
    let circling = app(|heard, stream| {
        let place = heard.target.split('?').next().unwrap_or("/").to_owned();
        say(stream, &format!("302 Found\r\nLocation: {place}"), "");
    });
    let old = app(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n<p>hello</p>");
    });
    let crowd = app(|heard, stream| {
        let base = heard.field("store_base_url");
        let host = base
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let open: Vec<TcpStream> = (0..300)
            .filter_map(|_| TcpStream::connect(&host).ok())
            .collect();
        for mut one in &open {
            let _ = one.write_all(b"GARBAGE\r\n\r\n");
        }
        say(stream, "200 OK", "");
    });
    let talk = app(|_, stream| {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
    });
    let fails = |verdict: &str| verdict == "fail";
    thread::scope(|scope| {
        for (name, address, answers, opens) in [
            ("silent", silent, "fail", "fail"),
            ("endless", endless, "fail", "fail"),
            ("circling", circling, "pass", "fail"),
            ("old", old, "pass", "pass"),
            ("crowd", crowd, "pass", "pass"),
            ("talk", talk, "fail", "fail"),
        ] {
            scope.spawn(move || {
                let folder = tempfile::tempdir().expect("a folder");
                let start = Instant::now();
                let (output, report) = judged(folder.path(), address, &few);
                assert!(
                    start.elapsed() < Duration::from_secs(150),
                    "{name}: {:?}",
                    start.elapsed()
                );
                let of = |id: &str| {
                    case(&report, id)["verdict"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned()
                };
                assert_eq!(
                    of("app/callback/answers"),
                    answers,
                    "{name}: {}",
                    text(&output)
                );
                assert_eq!(of("app/link/opens"), opens, "{name}: {}", text(&output));
                let code = i32::from(fails(answers) || fails(opens));
                assert_eq!(
                    output.status.code(),
                    Some(code),
                    "{name}: {}",
                    text(&output)
                );
            });
        }
    });
}

#[test]
fn what_cannot_be_run_is_told_with_its_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!(
        "http://{}/callback",
        closed.local_addr().expect("an address")
    );
    drop(closed);
    for (arguments, code, sentence) in [
        (
            vec!["--callback", nobody.as_str()],
            4,
            "the callback endpoint cannot be reached",
        ),
        (vec!["--callback", "no-url"], 2, "is not a usable URL"),
        (
            vec!["--identity-link", "http://127.0.0.1:1/login"],
            2,
            "--callback",
        ),
        (vec!["--only", "app/nothing"], 2, "fits no case"),
        (vec!["--only", "handshake/*"], 2, "fits no case"),
        (
            vec![
                "--profile",
                "2.4.3",
                "--profile",
                "2.4.7",
                "--report",
                "json=one.json",
            ],
            2,
            "{profile}",
        ),
        (vec!["--listen", "0.0.0.0:0"], 2, "give --public-url"),
    ] {
        let mut all = vec!["test-app"];
        all.extend(arguments);
        let output = output(folder.path(), &all);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{all:?}: {}",
            text(&output)
        );
        assert!(
            text(&output).contains(sentence),
            "{all:?}: {}",
            text(&output)
        );
    }
}
