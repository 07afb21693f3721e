//! The suite against servers that nobody here wrote: a provider made with oauthlib, and a plain web server.
//!
//! Without Python, or without oauthlib, the tests say that they were skipped.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::spec::cli::processes::{Running, magespec, output, text};

/// `python3` with these arguments in this folder; none, and a sentence about it, when it is missing.
fn python(folder: &Path, arguments: &[&str]) -> Option<Child> {
    let started = Command::new("python3")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        println!("skipped: python3 is not installed");
    }
    started.ok()
}

/// The first line that it prints.
fn first_line(child: &mut Child) -> String {
    let output = child.stdout.take().expect("it is piped");
    let mut line = String::new();
    BufReader::new(output)
        .read_line(&mut line)
        .expect("it prints text");
    line.trim().to_owned()
}

fn tested(folder: &Path, url: &str, flags: &[&str]) -> Output {
    magespec(folder)
        .args(["test", url, "--profile", "rfc5849"])
        .args(flags)
        .output()
        .expect("magespec runs")
}

#[test]
fn a_provider_made_with_oauthlib_is_conformant_to_the_rfc() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/peers/oauthlib_provider.py");
    let script = script.to_str().expect("a path in UTF-8");
    let Some(mut provider) = python(folder.path(), &[script, "credentials.toml"]) else {
        return;
    };
    let url = first_line(&mut provider);
    let _provider = Running(provider);
    if url.starts_with("skipped") {
        println!("{url}");
        return;
    }
    let flags = ["--credentials", "credentials.toml", "--seed", "7"];
    let report = ["--report", "json=report.json"];
    let output = tested(folder.path(), &url, &[flags.as_slice(), &report].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let guess = "no profile recognised: an unknown consumer key was answered 401 {\"message\":\"refused\"} and a forged signature was answered 401 {\"message\":\"refused\"}; you chose rfc5849";
    assert!(text(&output).contains(guess), "{}", text(&output));
    let report = std::fs::read_to_string(folder.path().join("report.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    let passed = report["summary"]["pass"].as_u64();
    assert!(passed >= Some(60), "{}", report["summary"]);

    // Signed with another secret, it refuses what it should accept: the verdict is not its politeness.
    let credentials = folder.path().join("credentials.toml");
    let wrong = std::fs::read_to_string(&credentials).expect("credentials");
    let wrong = wrong.replace("consumer_secret = \"", "consumer_secret = \"x");
    std::fs::write(&credentials, wrong).expect("a file");
    let output = tested(folder.path(), &url, &flags);
    assert_ne!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_plain_web_server_ends_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        free.local_addr().expect("an address").port().to_string()
    };
    let arguments = ["-m", "http.server", &port, "--bind", "127.0.0.1"];
    let Some(server) = python(folder.path(), &arguments) else {
        return;
    };
    let _server = Running(server);
    let began = Instant::now();
    while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        std::thread::sleep(Duration::from_millis(10));
    }
    let url = format!("http://127.0.0.1:{port}");
    let output = output(folder.path(), &["test", &url]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output));
    let said = text(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("is no Magento store"), "{said}");
}
