//! The proxy records and judges, and what it recorded is read by `doctor` and `migrate`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use magespec::doctor::ReceivedRequest;
use serde_json::Value;

use super::client::{Client, plain, sha1};
use super::made::MADE;
use crate::spec::cli::processes::{Running, Store, magespec, output, text};

/// Sends a GET with this header over a socket of its own.
fn get(url: &str, target: &str, authorization: &str) -> String {
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: PostmanRuntime/7\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn ready(file: &Path) -> Value {
    let began = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(file) {
            return serde_json::from_str(&text).expect("whole");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_the_proxy_records_is_judged_there_and_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let store = Store::start(folder, &["--integration", "Caller=all"]);
    let child = magespec(folder)
        .args([
            "proxy",
            "--upstream",
            &store.url(),
            "--listen",
            "127.0.0.1:0",
            "--credentials",
            "ready.json",
        ])
        .args([
            "--har",
            "recorded.har",
            "--ndjson",
            "recorded.ndjson",
            "--ready-file",
            "proxy.json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut proxy = Running(child);
    let url = ready(&folder.join("proxy.json"))["url"]
        .as_str()
        .expect("a URL")
        .to_owned();

    let target = "rest/V1/store/storeViews";
    let right = output(
        folder,
        &[
            "sign",
            "GET",
            &format!("{url}{target}"),
            "--credentials",
            "ready.json",
            "--send",
        ],
    );
    assert_eq!(right.status.code(), Some(0), "{}", text(&right));
    let header = output(
        folder,
        &[
            "sign",
            "GET",
            &format!("{url}{target}"),
            "--credentials",
            "ready.json",
        ],
    );
    let header = String::from_utf8_lossy(&header.stdout).trim().to_owned();
    // Signed without the query that is sent.
    let answer = get(&url, &format!("/{target}?a=1"), &header);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    proxy.signal("TERM");
    proxy.0.wait().expect("it ends");
    let mut shown = String::new();
    let _ = proxy
        .0
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut shown);
    assert!(
        shown.contains("right: accepted by magento-2.4.7"),
        "{shown}"
    );
    assert!(
        shown.contains(
            "mistake: refused by magento-2.4.7: The query parameters are not in the base string"
        ),
        "{shown}"
    );

    for file in ["recorded.ndjson", "recorded.har"] {
        let again = output(
            folder,
            &[
                "doctor",
                file,
                "--credentials",
                "ready.json",
                "--format",
                "json",
            ],
        );
        assert_eq!(again.status.code(), Some(1), "{}", text(&again));
        let again: Value = serde_json::from_slice(&again.stdout).expect("JSON");
        let verdicts: Vec<&Value> = again["requests"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| &one["verdict"])
            .collect();
        assert_eq!(verdicts, ["right", "mistake"], "{file}");
        assert_eq!(
            again["requests"][1]["explanations"][0]["mistakes"][0],
            "mistake/query-not-signed"
        );
        let recorded = fs::read_to_string(folder.join(file)).expect("a file");
        for integration in store.ready["integrations"].as_array().expect("a list") {
            for name in ["consumer_secret", "token_secret"] {
                assert!(
                    !recorded.contains(integration[name].as_str().expect("a secret")),
                    "a secret is recorded"
                );
            }
        }
    }
}

fn line(request: &ReceivedRequest) -> String {
    serde_json::json!({
        "method": request.method, "scheme": request.scheme, "host": request.host, "uri": request.target,
        "authorization": request.authorization,
    })
    .to_string()
}

fn with_target(mut client: Client, path: &str) -> Client {
    path.clone_into(&mut client.sent.target);
    client.uri = format!("https://shop.example{path}");
    client
}

#[test]
fn a_migration_says_what_breaks_where_and_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let mut old = plain();
    for pairs in [&mut old.header, &mut old.protocol] {
        for (_, value) in pairs
            .iter_mut()
            .filter(|(name, _)| name == "oauth_signature_method")
        {
            "HMAC-SHA1".clone_into(value);
        }
    }
    old.digest = sha1;
    let slash = with_target(plain(), "/rest/V1/products/a%2Fb");
    let lines = [
        line(&plain().request()),
        line(&old.request()),
        line(&slash.request()),
    ];
    fs::write(folder.join("recorded.ndjson"), lines.join("\n")).expect("written");
    let client = plain();
    let secrets = serde_json::json!([{"consumer_key": super::client::KEY, "consumer_secret": client.consumer_secret, "token": super::client::TOKEN, "token_secret": client.token_secret}]);
    fs::write(folder.join("secrets.json"), secrets.to_string()).expect("written");
    let through = [
        "--through",
        "magento-2.4.3",
        "--through",
        "magento-2.4.5",
        "--through",
        "magento-2.4.7",
        "--through",
        "magento-2.4.8",
    ];
    let run = |format: &str| {
        output(
            folder,
            &[
                &[
                    "migrate",
                    "recorded.ndjson",
                    "--credentials",
                    "secrets.json",
                    "--format",
                    format,
                ],
                &through[..],
            ]
            .concat(),
        )
    };
    let found = run("json");
    assert_eq!(found.status.code(), Some(1), "{}", text(&found));
    let found: Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let breaks: Vec<(&str, &str, &str, bool)> = found["breaks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let part = |name: &str| one[name].as_str().expect("a text");
            (
                part("from"),
                part("to"),
                part("route"),
                part("cause").contains("mistake/sha1-not-accepted")
                    || part("cause").contains("mistake/decoded-path-wanted"),
            )
        })
        .collect();
    assert_eq!(
        breaks,
        [
            (
                "magento-2.4.3",
                "magento-2.4.5",
                "GET /rest/V1/orders",
                true
            ),
            (
                "magento-2.4.5",
                "magento-2.4.7",
                "GET /rest/V1/products/*",
                true
            ),
        ]
    );
    let shown = run("pretty");
    assert!(
        text(&shown).contains("magento-2.4.7 to magento-2.4.8\n  nothing breaks"),
        "{}",
        text(&shown)
    );
    let empty = output(folder, &["migrate", "recorded.ndjson"]);
    assert_eq!(empty.status.code(), Some(3), "{}", text(&empty));
}

#[test]
fn the_commands_say_what_the_page_of_a_mistake_and_of_a_sentence_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (id, _) = MADE[0];
    let page = output(folder, &["explain", id]);
    assert_eq!(page.status.code(), Some(0));
    assert!(text(&page).contains("  fix     "), "{}", text(&page));
    for arguments in [
        [
            "explain",
            "The consumer isn't authorized to access %resources.",
        ],
        ["doctor", "--sentence=The consumer isn&#039;t authorized"],
    ] {
        let page = output(folder, &arguments);
        assert_eq!(page.status.code(), Some(0), "{}", text(&page));
        assert!(
            text(&page).contains("causes, the likeliest first\n  1. No OAuth header arrived"),
            "{}",
            text(&page)
        );
    }
    let listed = output(folder, &["list", "mistakes"]);
    assert!(text(&listed).lines().count() >= 90);
    assert_eq!(
        output(folder, &["doctor", "--sentence", "no such words"])
            .status
            .code(),
        Some(2)
    );
}
