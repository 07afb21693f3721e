//! `magespec test` as a person and a pipeline meet it: by hand, read only, interrupted and killed.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use magespec::conformance::{AdminAccess, Channel, Limits, Panel, Target};
use magespec::oauth::Profile;
use magespec::secret::Secret;
use magespec::time::SystemClock;
use magespec::wire::tls::Trust;
use magespec::wire::{Client, Timeouts};
use serde_json::{Value, json};

use crate::spec::cli::processes::{PASSWORD, Recorder, Running, Store, magespec, output, text};

fn report(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).expect("a report");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Does something in the panel of the store, as its administrator.
fn in_panel(store: &Store, work: impl FnOnce(&Channel, &mut Panel)) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let client = Client::new(&Trust::System, Timeouts::default()).expect("a client");
    let target = Target::parse(&store.url(), <&Profile>::default()).expect("a URL");
    let access = AdminAccess {
        path: "/admin".to_owned(),
        user: "admin".to_owned(),
        password: Secret::from(PASSWORD),
        otp: None,
    };
    let channel = Channel::new(
        target,
        client,
        runtime.handle().clone(),
        Limits::default(),
        Box::new(SystemClock),
    );
    let mut panel = Panel::sign_in(&channel, &access).expect("signed in");
    work(&channel, &mut panel);
}

/// What a person does with the name and the URLs that were printed.
fn activate(store: &Store, name: &str, callback: &str, identity: &str) {
    let fields = [
        ("name", name),
        ("email", ""),
        ("endpoint", callback),
        ("identity_link_url", identity),
        ("all_resources", "1"),
    ];
    in_panel(store, |channel, panel| {
        let id = panel.save(channel, &[], &fields).expect("saved");
        panel.exchange(channel, &id, false).expect("activated");
    });
}

/// Credentials of an integration that a person activated, as a file.
pub(crate) fn credentials(store: &Store, folder: &Path) -> String {
    let mut tester = magespec(folder)
        .args(["test", &store.url(), "--manual", "--patience", "30"])
        .args(["--only", "handshake/rest-call"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map(Running)
        .expect("magespec starts");
    let errors = tester.0.stderr.take().expect("it is piped");
    let (mut name, mut callback, mut identity) = (String::new(), String::new(), String::new());
    for line in BufReader::new(errors).lines().map_while(Result::ok) {
        let last = line.split(' ').next_back().unwrap_or_default().to_owned();
        match line.trim_start() {
            row if row.starts_with("Name") => name = last,
            row if row.starts_with("Callback URL") => callback = last,
            row if row.starts_with("Identity link URL") => identity = last,
            row if row.starts_with("waiting") => activate(store, &name, &callback, &identity),
            _ => {}
        }
    }
    assert_eq!(tester.0.wait().expect("it ends").code(), Some(0));
    let row = store.control("/v1/integrations/1");
    let tokens = row["tokens"].as_array().expect("tokens");
    let access = tokens.iter().find(|token| token["type"] == "access");
    let access = access.expect("an access token");
    let file = json!({
        "consumer_key": row["consumer"]["key"], "consumer_secret": row["consumer"]["secret"],
        "access_token": access["token"], "access_token_secret": access["secret"],
    });
    fs::write(folder.join("credentials.json"), file.to_string()).expect("written");
    "credentials.json".to_owned()
}

#[test]
fn a_person_activates_an_integration_and_the_run_goes_on_with_its_credentials() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let mut tester = magespec(folder.path())
        .args(["test", &store.url(), "--manual", "--patience", "30"])
        .args(["--only", "credentials-post/*", "--only", "query/plain"])
        .args(["--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Running)
        .expect("magespec starts");
    let errors = BufReader::new(tester.0.stderr.take().expect("it is piped"));
    let mut told = Vec::new();
    for line in errors.lines().map_while(Result::ok) {
        told.push(line.clone());
        if line.starts_with("waiting") {
            let row = |name: &str| {
                let row = told.iter().find(|line| line.contains(name));
                let row = row.expect("the row is printed");
                row.split(' ').next_back().unwrap_or_default().to_owned()
            };
            let name = row("Name");
            assert!(name.starts_with("magespec-"), "{name}");
            activate(&store, &name, &row("Callback"), &row("Identity"));
        }
    }
    let mut json = String::new();
    let mut out = tester.0.stdout.take().expect("it is piped");
    out.read_to_string(&mut json).expect("text");
    assert_eq!(tester.0.wait().expect("it ends").code(), Some(0), "{json}");
    let report: Value = serde_json::from_str(&json).expect("stdout has the report alone");
    let offers = report["target"]["capabilities"].to_string();
    assert_eq!(offers, r#"["credentials-post","credentials"]"#);
    let verdict = |id: &str| {
        let cases = report["cases"].as_array().expect("a list");
        let case = cases.iter().find(|case| case["id"] == id);
        case.map(|case| case["verdict"].to_string())
    };
    assert_eq!(
        verdict("credentials-post/fields").as_deref(),
        Some("\"pass\"")
    );
    assert_eq!(verdict("query/plain").as_deref(), Some("\"pass\""));
    let kept = verdict("credentials-post/new-verifier");
    assert_eq!(kept.as_deref(), Some("\"not-applicable\""));
    assert_eq!(
        store.integrations().len(),
        1,
        "the person's own integration stays"
    );
}

#[test]
fn a_person_who_does_not_come_ends_the_run_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let output = output(
        folder.path(),
        &["test", &store.url(), "--manual", "--patience", "1"],
    );
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output);
    assert!(
        said.contains("no credentials POST came to http://127.0.0.1:"),
        "{said}"
    );
    assert!(said.contains("--patience"), "{said}");
}

#[test]
fn a_run_that_may_only_read_sends_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let file = credentials(&store, folder.path());
    let before = store.control("/v1/integrations");
    let proxy = Recorder::before(store.address(), |head| head);
    let arguments = ["test", &proxy.url, "--read-only", "--credentials", &file];
    let output = output(
        folder.path(),
        &[&arguments[..], &["--report", "json=r.json"]].concat(),
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let sent = proxy.lines();
    let stray: Vec<&String> = sent
        .iter()
        .filter(|line| {
            let reads = line.starts_with("GET ") || line.starts_with("HEAD ");
            !reads || line.contains("/oauth/") || line.contains(" /admin")
        })
        .collect();
    assert!(stray.is_empty(), "{stray:?}");
    assert_eq!(store.control("/v1/integrations"), before);
    let report = report(folder.path(), "r.json");
    assert!(
        report["summary"]["pass"].as_u64() > Some(150),
        "{}",
        report["summary"]
    );
    let cases = report["cases"].as_array().expect("a list");
    for case in cases
        .iter()
        .filter(|case| case["verdict"] == "not-applicable")
    {
        let reason = case["reason"].as_str().expect("a text");
        assert!(
            reason.starts_with("--read-only"),
            "{}: {reason}",
            case["id"]
        );
    }
    let judged = &report["summary"];
    let judged = judged["pass"].as_u64().zip(judged["warn"].as_u64());
    let judged = judged.map_or(0, |(pass, warn)| pass + warn);
    let last = format!(
        "no deviation in {judged} of {} cases (read only)",
        cases.len()
    );
    assert!(text(&output).contains(&last), "{}", text(&output));
}

#[test]
fn an_interrupted_run_cleans_up_and_reports_what_was_known() {
    for signal in ["INT", "TERM"] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::start(folder.path(), &[]);
        let mut tester = magespec(folder.path())
            .args(["test", &store.url(), "--admin-user", "admin"])
            .args([
                "--admin-password-file",
                "password.txt",
                "--format",
                "ndjson",
            ])
            .args(["--report", "json=r.json", "--rate", "200"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Running)
            .expect("magespec starts");
        let lines = BufReader::new(tester.0.stdout.take().expect("it is piped"));
        let mut judged = 0;
        for line in lines.lines() {
            let event: Value = serde_json::from_str(&line.expect("a line")).expect("an event");
            if event["event"] == "case-finished" {
                judged += 1;
                if judged == 12 {
                    assert!(
                        !store.integrations().is_empty(),
                        "the run makes integrations"
                    );
                    tester.signal(signal);
                }
            }
        }
        assert_eq!(
            tester.0.wait().expect("it ends").code(),
            Some(3),
            "{signal}"
        );
        let report = report(folder.path(), "r.json");
        assert_eq!(report["conclusion"], "incomplete");
        assert!(
            report["summary"]["pass"].as_u64() >= Some(5),
            "{}",
            report["summary"]
        );
        let stopped = |case: &&Value| case["reason"] == "the run was stopped: it was interrupted";
        let cases = report["cases"].as_array().expect("a list");
        assert!(cases.iter().filter(stopped).count() > 100);
        assert_eq!(store.integrations(), Vec::<String>::new(), "{signal}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_events_that_every_command_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let mut tester = magespec(folder.path())
        .args(["test", &store.url(), "--report", "ndjson=events.ndjson"])
        .args(["--only", "guest/*", "--rate", "100", "--jobs", "1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .expect("magespec starts");
    let file = folder.path().join("events.ndjson");
    let began = std::time::Instant::now();
    let finished = || {
        let text = fs::read_to_string(&file).unwrap_or_default();
        text.matches("\"case-finished\"").count()
    };
    while finished() < 3 {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not run");
        std::thread::sleep(Duration::from_millis(5));
    }
    tester.0.kill().expect("killed");
    tester.0.wait().expect("ended");
    let arguments = ["diff", "events.ndjson", "events.ndjson", "--format", "json"];
    let output = output(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let difference: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(difference["schema"], "magespec-diff/1");
}

#[test]
fn what_a_killed_run_left_is_named_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    in_panel(&store, |channel, panel| {
        for name in ["magespec-left", "Acme Orders", "magespec-too"] {
            let fields = [("name", name), ("all_resources", "0")];
            panel.save(channel, &[], &fields).expect("saved");
        }
    });
    let url = store.url();
    let run = |more: &[&str]| {
        let admin = [
            "test",
            &url,
            "--admin-user",
            "admin",
            "--admin-password-file",
            "password.txt",
        ];
        let output = output(folder.path(), &[&admin[..], more].concat());
        (output.status.code(), text(&output))
    };
    let (code, said) = run(&["--only", "query/plain"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("2 integrations are left from another run: magespec-left, magespec-too;"),
        "{said}"
    );
    let (code, said) = run(&["--clean"]);
    assert_eq!(code, Some(0), "{said}");
    for name in ["magespec-left", "magespec-too"] {
        assert!(said.contains(&format!("removed {name} (id ")), "{said}");
    }
    assert_eq!(store.integrations(), ["Acme Orders"]);
    let (code, said) = run(&["--clean"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("no integration of an earlier run was there to remove"),
        "{said}"
    );
}
