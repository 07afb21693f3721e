//! `magespec serve` for scripts: ready integrations, the files that hold their values, silence, and an end with the parent.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::spec::cli::processes::{Running, magespec};

/// The ready file, once it is there.
fn ready(folder: &Path) -> Value {
    let file = folder.join("ready.json");
    let began = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(&file) {
            return serde_json::from_str(&text).expect("the ready file is whole");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        thread::sleep(Duration::from_millis(5));
    }
}

fn serve(folder: &Path, flags: &[&str]) -> (Running, Value) {
    let child = magespec(folder)
        .args(["serve", "--ephemeral", "--listen", "127.0.0.1:0", "--quiet"])
        .args(["--ready-file", "ready.json"])
        .args(flags)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("magespec starts");
    let running = Running(child);
    let ready = ready(folder);
    (running, ready)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let output = magespec(folder).args(arguments).output();
    output.expect("magespec runs")
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(text).expect("text")
}

#[test]
fn an_integration_of_a_flag_calls_with_the_files_that_name_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (_store, ready) = serve(
        folder,
        &[
            "--integration",
            "All",
            "--integration",
            "Sales=Magento_Sales::sales, Magento_Sales::actions_view",
            "--credentials-out",
            "credentials.toml",
        ],
    );
    let names: Vec<&str> = ready["integrations"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, ["All", "Sales"]);
    for name in ["consumer_key", "consumer_secret", "token", "token_secret"] {
        let value = ready["integrations"][1][name].as_str().expect("a value");
        assert_eq!(value.len(), 32, "{name}");
    }
    assert_eq!(ready["admin_user"], "admin");
    assert!(
        ready["admin_password"].is_string(),
        "{}",
        ready["admin_password"]
    );
    let url = format!(
        "{}rest/V1/store/storeViews",
        ready["url"].as_str().expect("a URL")
    );
    for file in ["credentials.toml", "ready.json"] {
        let call = ["sign", "GET", &url, "--credentials", file, "--send"];
        let output = run(folder, &call);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", said(&output));
    }
    let second = format!(
        "consumer_key = {}\nconsumer_secret = {}\ntoken = {}\ntoken_secret = {}\n",
        ready["integrations"][1]["consumer_key"],
        ready["integrations"][1]["consumer_secret"],
        ready["integrations"][1]["token"],
        ready["integrations"][1]["token_secret"],
    );
    fs::write(folder.join("second.toml"), second).expect("written");
    let output = run(
        folder,
        &[
            "sign",
            "GET",
            &url,
            "--credentials",
            "second.toml",
            "--send",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("Magento_Backend::store"),
        "{}",
        said(&output)
    );
    // The doctor knows every integration of the file.
    let signed = run(
        folder,
        &["sign", "GET", &url, "--credentials", "second.toml"],
    );
    let header = String::from_utf8(signed.stdout).expect("text");
    let host = url.split('/').nth(2).expect("an authority");
    let request = format!(
        "GET /rest/V1/store/storeViews HTTP/1.1\r\nHost: {host}\r\nAuthorization: {}\r\n\r\n",
        header.trim()
    );
    fs::write(folder.join("request.http"), request).expect("written");
    let output = run(
        folder,
        &[
            "doctor",
            "request.http",
            "--credentials",
            "credentials.toml",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let tested = run(
        folder,
        &[
            "test",
            url.split("rest/").next().unwrap_or_default(),
            "--credentials",
            "ready.json",
            "--only",
            "rest/*",
        ],
    );
    assert_eq!(tested.status.code(), Some(0), "{}", said(&tested));
}

#[cfg(unix)]
#[test]
fn files_with_secrets_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (_store, ready) = serve(
        folder,
        &["--integration", "One", "--credentials-out", "one.json"],
    );
    for file in ["ready.json", "one.json"] {
        let mode = fs::metadata(folder.join(file))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let text = fs::read_to_string(folder.join("one.json")).expect("readable");
    let one: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(one["access_token"], ready["integrations"][0]["token"]);
    assert_eq!(one["name"], "One");
}

#[test]
fn values_stay_when_the_store_starts_again_on_its_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let start = || {
        let _ = fs::remove_file(folder.join("ready.json"));
        let child = magespec(folder)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--quiet",
                "--data",
                "s.db",
            ])
            .args(["--ready-file", "ready.json", "--integration", "Kept"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("magespec starts");
        let _running = Running(child);
        ready(folder)
    };
    let first = start();
    let second = start();
    assert_eq!(first["integrations"], second["integrations"]);
    assert!(
        second["admin_password"].is_null(),
        "only the database knows it"
    );
}

#[test]
fn what_cannot_be_made_ready_ends_with_2_and_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    for (flags, sentence) in [
        (
            &["--integration", "=x"][..],
            "expected NAME or NAME=RESOURCE",
        ),
        (
            &["--integration", "A=Magento_Sales::sale"],
            "no resource has the id `Magento_Sales::sale`; did you mean `Magento_Sales::sales`?",
        ),
        (&["--credentials-out", "x.toml"], "--integration"),
        (
            &["--control", "127.0.0.1:0", "--control-token-file", "no.txt"],
            "cannot read `no.txt`",
        ),
    ] {
        let base = ["serve", "--ephemeral", "--listen", "127.0.0.1:0"];
        let output = run(folder.path(), &[&base[..], flags].concat());
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(said(&output).contains(sentence), "{}", said(&output));
    }
}

#[test]
fn quiet_is_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = magespec(folder.path())
        .args(["serve", "--ephemeral", "--listen", "127.0.0.1:0", "--quiet"])
        .args(["--ready-file", "ready.json", "--control", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("magespec starts");
    let ready = ready(folder.path());
    let url = ready["url"].as_str().expect("an address");
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = "GET /rest/V1/modules HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    let stopped = Command::new("kill").arg(child.id().to_string()).status();
    assert!(stopped.expect("kill runs").success());
    let mut said = String::new();
    let mut out = child.stdout.take().expect("piped");
    let mut err = child.stderr.take().expect("piped");
    out.read_to_string(&mut said).expect("text");
    err.read_to_string(&mut said).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(said, "");
}

#[cfg(unix)]
#[test]
fn a_store_ends_with_the_process_that_started_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = env!("CARGO_BIN_EXE_magespec");
    let script = format!(
        "'{store}' serve --ephemeral --listen 127.0.0.1:0 --ready-file ready.json --quiet --stop-with-parent </dev/null & wait"
    );
    let shell = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .spawn()
        .expect("a shell");
    let shell = Running(shell);
    let ready = ready(folder.path());
    let url = ready["url"].as_str().expect("an address");
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    assert!(TcpStream::connect(address).is_ok(), "it listens");
    // Killed, so that it can pass nothing on.
    drop(shell);
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(10), "it stays");
        thread::sleep(Duration::from_millis(20));
    }
}
