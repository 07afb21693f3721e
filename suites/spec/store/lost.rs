//! A store that dies in the middle of a run: the run is incomplete, never conformant, and its report has what was known.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::spec::cli::processes::{Recorder, Store, magespec, output, text};

#[test]
fn a_run_whose_store_dies_is_incomplete_and_reports_what_was_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let url = store.url();
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
    assert_eq!(report["conclusion"], "incomplete");
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

#[test]
fn a_store_that_hangs_ends_the_run_long_before_every_case_has_waited_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let proxy = Recorder::until(store.address(), 60, |head| head);
    let admin = [
        "--admin-user",
        "admin",
        "--admin-password-file",
        "password.txt",
    ];
    let more = ["--timeout", "1", "--report", "json=r.json"];
    let began = Instant::now();
    let output = output(
        folder.path(),
        &[&["test", &proxy.url], &admin[..], &more].concat(),
    );
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert!(
        began.elapsed() < Duration::from_secs(40),
        "{:?}",
        began.elapsed()
    );
    let said = text(&output);
    assert!(
        said.contains("the run was stopped: the store does not answer any more"),
        "{said}"
    );
    assert!(
        said.contains("could not be deleted: remove them in System, Integrations"),
        "{said}"
    );
}

#[test]
fn a_budget_ends_a_run_and_is_no_fault_of_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let url = store.url();
    let admin = [
        "--admin-user",
        "admin",
        "--admin-password-file",
        "password.txt",
    ];
    let run = |budget: &str| {
        let output = output(
            folder.path(),
            &[&["test", &url], &admin[..], &["--budget", budget]].concat(),
        );
        (output.status.code(), text(&output))
    };
    let (code, said) = run("6");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("the budget of 6 requests was spent before the first case"),
        "{said}"
    );
    let (code, said) = run("60");
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("the budget of 60 requests is spent"),
        "{said}"
    );
    assert_eq!(store.integrations(), Vec::<String>::new(), "{said}");
}
