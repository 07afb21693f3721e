//! The binary as a process: what it prints, what others read of it, how it ends.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::spec::cli::processes::{PASSWORD, Store, magespec, text};

/// Sends a request and reads until the end; gives the head and the body.
fn send(store: &Store, request: &str) -> String {
    let mut stream = TcpStream::connect(store.address()).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn cookie(answer: &str) -> String {
    let lines = answer.lines().rev();
    let mut cookies = lines.filter_map(|line| line.strip_prefix("Set-Cookie: admin="));
    let value = cookies.next().expect("a session");
    value.split(';').next().expect("a value").to_owned()
}

/// Signs in to the panel; gives the session.
fn sign_in(store: &Store) -> String {
    let page = send(
        store,
        "GET /admin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    let key = page.split("name=\"form_key\"").nth(1).expect("a form");
    let key = key.split("value=\"").nth(1).expect("a value");
    let key = key.split('"').next().expect("it ends");
    let body = magespec::text::form::encode_pairs([
        ("form_key", key),
        ("login[username]", "admin"),
        ("login[password]", PASSWORD),
    ]);
    let answer = send(
        store,
        &format!(
            "POST /admin HTTP/1.1\r\nHost: x\r\nCookie: admin={}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            cookie(&page),
            body.len()
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
    cookie(&answer)
}

/// A store with an exchange under way whose callback endpoint never answers.
fn hanging(folder: &std::path::Path) -> (Store, TcpListener) {
    let endpoint = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = endpoint.local_addr().expect("an address").port();
    let settings = [
        "--set",
        "admin/security/use_form_key=0",
        "--set",
        "oauth/consumer/post_timeout=60",
    ];
    let store = Store::start(folder, &settings);
    let made = store.control_post(
        "/v1/integrations",
        &json!({
            "name": "Slow",
            "callback_url": format!("http://127.0.0.1:{port}/"),
            "identity_link_url": "http://127.0.0.1:1/",
            "activated": false,
        }),
    );
    let (session, id) = (sign_in(&store), made["id"].as_i64().expect("an id"));
    let request = format!(
        "GET /admin/admin/integration/tokensExchange/id/{id}/reauthorize/0?isAjax=true HTTP/1.1\r\nHost: x\r\nCookie: admin={session}\r\nX-Requested-With: XMLHttpRequest\r\nConnection: close\r\n\r\n"
    );
    let address = store.address();
    thread::spawn(move || {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
    });
    // Posted to, and not answered.
    let (posted, _) = endpoint.accept().expect("the credentials are posted");
    std::mem::forget(posted);
    (store, endpoint)
}

#[test]
fn a_store_ends_when_it_is_told_to_although_a_credentials_post_hangs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _endpoint) = hanging(folder.path());
    let began = Instant::now();
    assert_eq!(store.stopped().code(), Some(0));
    let took = began.elapsed();
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn passwords_come_from_files_and_the_sentence_about_a_bad_line_holds_none() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("customers.txt"),
        "ada@example.com:Secret-123\n\nbob@example.com:Secret-456\n",
    )
    .expect("written");
    let store = Store::start(folder.path(), &["--customer-file", "customers.txt"]);
    for (name, password) in [
        ("ada@example.com", "Secret-123"),
        ("bob@example.com", "Secret-456"),
    ] {
        let body = json!({"username": name, "password": password}).to_string();
        let answer = send(
            &store,
            &format!(
                "POST /rest/V1/integration/customer/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            ),
        );
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(store);
    fs::write(folder.path().join("limited.txt"), "Secret-789\n").expect("written");
    let output = magespec(folder.path())
        .args(["serve", "--ephemeral", "--listen", "127.0.0.1:0"])
        .args(["--limited-admin-file", "limited.txt"])
        .output()
        .expect("magespec runs");
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output);
    assert!(
        said.contains("`limited.txt`, line 1: expected USER:PASSWORD"),
        "{said}"
    );
    assert!(!said.contains("Secret-789"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_store_whose_file_is_gone_tells_callers_an_id_and_the_log_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::on_file(folder.path(), "store.db", &["--mode", "developer"]);
    fs::remove_file(folder.path().join("store.db")).expect("removed");
    thread::sleep(Duration::from_millis(1_200));
    let asked = [
        "POST /oauth/token/request HTTP/1.1\r\nHost: x\r\nAuthorization: OAuth oauth_consumer_key=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",oauth_nonce=\"a\",oauth_signature=\"a\",oauth_signature_method=\"HMAC-SHA256\",oauth_timestamp=\"1\",oauth_version=\"1.0\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "GET /rest/V1/store/storeViews HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abc\r\nConnection: close\r\n\r\n",
        "GET /admin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ];
    for request in asked {
        let answer = send(&store, request);
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        for inside in ["store.db", "replaced", "SELECT"] {
            assert!(!answer.contains(inside), "{answer}");
        }
    }
    let not_ready = store.control("/ready");
    assert!(!not_ready.to_string().contains("store.db"), "{not_ready}");
    store.stopped();
    let log = fs::read_to_string(folder.path().join("log.txt")).expect("a log");
    assert!(
        log.contains("deleted or replaced") && log.contains("webapi-"),
        "{log}"
    );
}

#[test]
fn a_line_of_the_log_is_an_object_that_names_its_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::on_file(folder.path(), "store.db", &["--log-format", "json"]);
    for _ in 0..2 {
        send(
            &store,
            "GET /rest/V1/store/storeViews HTTP/1.1\r\nHost: x\r\nX-Request-Id: forged\r\nConnection: close\r\n\r\n",
        );
    }
    store.stopped();
    let log = fs::read_to_string(folder.path().join("log.txt")).expect("a log");
    let events: Vec<serde_json::Value> = log
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    let requests = events.iter().filter(|event| event["message"] == "request");
    let mut ids: Vec<&str> = requests
        .map(|event| event["span"]["id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids.len(), 2, "{log}");
    ids.dedup();
    assert_eq!(ids.len(), 2, "{log}");
    // Nobody but a proxy names a request.
    assert!(!log.contains("forged"), "{log}");
}

#[test]
fn whoever_serves_other_machines_in_clear_is_warned() {
    let folder = tempfile::tempdir().expect("a folder");
    let warning = "other machines reach the store over HTTP";
    for (flags, warns) in [
        (&["--listen", "0.0.0.0:0"][..], true),
        (&["--listen", "0.0.0.0:0", "--behind-proxy"], false),
        (&["--listen", "127.0.0.1:0"], false),
    ] {
        Store::on_file(folder.path(), "store.db", flags).stopped();
        let log = fs::read_to_string(folder.path().join("log.txt")).expect("a log");
        assert_eq!(log.contains(warning), warns, "{flags:?}: {log}");
    }
}

#[test]
fn a_running_store_is_copied_and_the_copy_starts_with_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::on_file(folder.path(), "store.db", &["--integration", "Kept"]);
    let backup = |to: &str| {
        let output = magespec(folder.path())
            .args(["backup", "--data", "store.db", to])
            .output()
            .expect("magespec runs");
        (output.status.code(), text(&output))
    };
    let (code, said) = backup("copy.db");
    assert_eq!((code, said.trim()), (Some(0), "copied to copy.db"));
    let (code, said) = backup("copy.db");
    assert_eq!(code, Some(2), "{said}");
    let secret = store.ready["integrations"][0]["consumer_secret"].clone();
    store.stopped();
    let without = magespec(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--data", "copy.db"])
        .output()
        .expect("magespec runs");
    let said = text(&without);
    assert_eq!(without.status.code(), Some(2), "{said}");
    assert!(said.contains("--data-key-file"), "{said}");
    let again = Store::on_file(
        folder.path(),
        "copy.db",
        &["--data-key-file", "store.db.key"],
    );
    let rows = again.control("/v1/integrations");
    assert_eq!(rows[0]["consumer"]["secret"], secret);
}
