//! A store that dies in the middle of a run: the run is incomplete, never conformant, and its report has what was known.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

fn magespec(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAGESPEC_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// A process that is ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn store(folder: &Path) -> (Running, String) {
    let file = folder.join("ready.json");
    let child = magespec(folder)
        .args(["serve", "--ephemeral", "--listen", "127.0.0.1:0"])
        .args(["--ready-file", "ready.json"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("magespec starts");
    let running = Running(child);
    let began = Instant::now();
    loop {
        if let Ok(text) = fs::read_to_string(&file) {
            let ready: Value = serde_json::from_str(&text).expect("the ready file is whole");
            let url = ready["url"].as_str().expect("an address").to_owned();
            return (running, url);
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it is not ready");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_whose_store_dies_is_incomplete_and_reports_what_was_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, url) = store(folder.path());
    let mut tester = magespec(folder.path())
        .args(["test", &url, "--format", "ndjson", "--jobs", "1"])
        // Slow enough that the store dies long before the last case.
        .args(["--rate", "100", "--timeout", "2"])
        .args(["--only", "guest/*", "--report", "json=report.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("magespec starts");
    let output = tester.stdout.take().expect("it is piped");
    let mut judged = 0;
    let mut store = Some(store);
    for line in BufReader::new(output).lines() {
        let event: Value = serde_json::from_str(&line.expect("a line")).expect("an event");
        if event["event"] == "case-finished" && event["verdict"] == "pass" {
            judged += 1;
        }
        if judged == 3 {
            drop(store.take());
        }
    }
    let status = tester.wait().expect("it ends");
    assert!(store.is_none(), "the run ended before the store did");
    assert_eq!(status.code(), Some(3));
    let text = fs::read_to_string(folder.path().join("report.json")).expect("a report");
    let report: Value = serde_json::from_str(&text).expect("it is JSON");
    let summary = &report["summary"];
    assert!(summary["pass"].as_u64() >= Some(3), "{summary}");
    assert!(summary["could_not_run"].as_u64() >= Some(1), "{summary}");
    assert_eq!(summary["fail"], 0, "a lost store fails nothing: {summary}");
    let cases = report["cases"].as_array().expect("cases are a list");
    let lost: Vec<&Value> = cases
        .iter()
        .filter(|case| case["verdict"] == "could-not-run")
        .collect();
    assert!(
        lost.iter().all(|case| case["reason"] != ""),
        "each says why: {lost:?}"
    );
}
