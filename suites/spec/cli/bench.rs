//! `magespec bench` as a process: what it sends, what it prints, when it stops.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use magespec::oauth::{self, Dialect, SignatureMethod, SigningKey};
use magespec::secret::Secret;
use magespec::wire::{Response, server};

const CREDENTIALS: &str = "consumer_key = \"k\"\nconsumer_secret = \"hush-consumer\"\naccess_token = \"t\"\naccess_token_secret = \"hush-token\"\n";

fn bench(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("credentials.toml");
    std::fs::write(&file, CREDENTIALS).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .arg("bench")
        .args(arguments)
        .arg("--credentials")
        .arg(&file)
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let shown = [output.stdout.clone(), output.stderr.clone()].concat();
    assert!(
        !String::from_utf8_lossy(&shown).contains("hush"),
        "a secret is shown"
    );
    output
}

/// A store that answers every `bad`th request 503; counts requests and connections.
struct Store {
    running: server::Running,
    requests: Arc<AtomicUsize>,
    peers: Arc<Mutex<BTreeSet<u16>>>,
}

impl Store {
    fn start(bad: usize) -> Self {
        let listener =
            server::bind("127.0.0.1:0".parse().expect("an address")).expect("a free port");
        let requests = Arc::new(AtomicUsize::new(0));
        let peers: Arc<Mutex<BTreeSet<u16>>> = Arc::default();
        let (counting, seeing) = (Arc::clone(&requests), Arc::clone(&peers));
        let key = SigningKey::new(&Secret::from("hush-consumer"), &Secret::from("hush-token"));
        let running = server::spawn_blocking(
            listener,
            server::Limits::default(),
            None,
            move |request, connection| {
                let number = counting.fetch_add(1, Ordering::SeqCst);
                let mut seen = seeing.lock().expect("not poisoned");
                seen.insert(connection.peer.port());
                drop(seen);
                let signed = oauth::Request {
                    method: &request.method,
                    scheme: "http",
                    host: request.headers.first("Host").unwrap_or_default(),
                    target: &request.target,
                    authorization: request.headers.first("Authorization"),
                    ..oauth::Request::default()
                };
                let verified =
                    oauth::verify(Dialect::Laminas, &SignatureMethod::ALL, &signed, &key);
                match verified {
                    Err(_) => Response::new(401, "text/plain", "oauth_problem=no"),
                    Ok(_) if number % bad == bad - 1 => Response::new(503, "text/plain", ""),
                    Ok(_) => Response::new(200, "application/json", "[]"),
                }
            },
        );
        Self {
            running,
            requests,
            peers,
        }
    }

    fn url(&self) -> String {
        format!("http://{}/rest/V1/x?a=1", self.running.local())
    }
}

/// A runtime for the store, which serves while the command runs.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("threads")
}

#[test]
fn a_server_is_measured_over_kept_connections() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let store = Store::start(usize::MAX);
    let output = bench(&[
        &store.url(),
        "--requests",
        "60",
        "--connections",
        "3",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(report["schema"], "magespec-bench/1");
    assert_eq!(
        (&report["requests"], &report["errors"]),
        (&60.into(), &0.into())
    );
    for figure in ["rate", "p50_ms", "p90_ms", "p99_ms"] {
        assert!(
            report[figure].as_f64().is_some_and(|figure| figure > 0.0),
            "{figure}"
        );
    }
    // One more of each for the request that goes ahead.
    assert_eq!(store.requests.load(Ordering::SeqCst), 61);
    assert!(store.peers.lock().expect("not poisoned").len() <= 4);
}

#[test]
fn errors_are_counted_by_kind_and_end_with_1() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let store = Store::start(4);
    let output = bench(&[&store.url(), "--requests", "39", "--connections", "1"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("29 good, 10 errors"), "{text}");
    assert!(text.contains("10 × answered 503"), "{text}");
}

#[test]
fn rate_and_duration_bound_what_is_sent() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let store = Store::start(usize::MAX);
    let output = bench(&[&store.url(), "--rate", "20", "--duration", "0.5"]);
    assert_eq!(output.status.code(), Some(0));
    let sent = store.requests.load(Ordering::SeqCst);
    assert!((3..=12).contains(&sent), "{sent} requests");
}

#[test]
fn what_cannot_be_measured_is_one_sentence_with_its_exit_code() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let store = Store::start(usize::MAX);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let closed = format!("http://{}/", listener.local_addr().expect("bound"));
    drop(listener);
    let url = store.url();
    let runs: [(&[&str], i32, &str); 4] = [
        (
            &[
                &url,
                "--profile",
                "magento-2.4.9",
                "--signature-method",
                "HMAC-SHA1",
            ],
            0,
            "",
        ),
        (
            &[&closed],
            4,
            "refuses the connection: start the server there",
        ),
        (&["shop.example"], 2, "is not a usable URL"),
        (
            &[&url, "--rate", "fast"],
            2,
            "expected a number of requests per second",
        ),
    ];
    for (arguments, code, sentence) in runs {
        let arguments = [arguments, &["--requests", "2"]].concat();
        let output = bench(&arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(sentence), "{stderr}");
    }
    let refused = bench(&[&url.replace("?a=1", "?a=1+2"), "--profile", "rfc5849"]);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.starts_with("error: nothing was measured, for the first signed request is answered 401: oauth_problem=no"),
        "{stderr}"
    );
}

#[test]
fn without_url_the_rows_are_those_asked_for() {
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args([
            "bench",
            "--duration",
            "0.05",
            "--shape",
            "small-get",
            "--dialect",
            "laminas",
            "--format",
            "json",
        ])
        .output()
        .expect("it runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rows = report["rows"].as_array().expect("rows");
    let names: Vec<_> = rows
        .iter()
        .map(|row| (&row["shape"], &row["dialect"], &row["method"]))
        .collect();
    assert_eq!(
        names,
        [
            (&"small-get".into(), &"laminas".into(), &"HMAC-SHA1".into()),
            (
                &"small-get".into(),
                &"laminas".into(),
                &"HMAC-SHA256".into()
            ),
        ]
    );
}
