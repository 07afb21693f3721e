//! `magespec plan` and `magespec replay`: what would be sent, and what was, without sending anything.

use std::net::TcpListener;
use std::process::{Command, Output};

use serde_json::json;

fn magespec(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magespec"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MAGESPEC_")) {
        command.env_remove(name);
    }
    command.args(arguments).output().expect("magespec runs")
}

#[test]
fn a_plan_tells_what_applies_and_never_connects() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    silent.set_nonblocking(true).expect("it can be asked");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let output = magespec(&["plan", &url, "--group", "guest", "--budget", "9"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("not applicable: the target offers no control; give --control URL"),
        "{text}"
    );
    assert!(text.contains("with at most 9 requests"), "{text}");
    assert!(text.ends_with("nothing was sent\n"), "{text}");
    assert!(silent.accept().is_err(), "a plan connected to the store");
}

#[test]
fn a_plan_tells_what_stays_in_the_store() {
    let only = ["plan", "--only", "person-token/closed/*"];
    let output = magespec(&only);
    let text = String::from_utf8_lossy(&output.stdout);
    let sentence = "what stays in the store: one administrator named magespec-closed, whose account is closed\n";
    assert!(text.ends_with(sentence), "{text}");
}

#[test]
fn what_prints_results_prints_them_as_json_too() {
    let list = |more: &[&str]| {
        let output = magespec(&[more, &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{more:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON and nothing else")
    };
    let plan = list(&[
        "plan",
        "http://127.0.0.1:9",
        "--read-only",
        "--only",
        "guest/*",
    ]);
    assert_eq!(plan["schema"], "magespec-plan/1");
    let kept = &plan["cases"][9];
    assert_eq!(kept["runs"], false);
    assert!(
        kept["reason"]
            .as_str()
            .is_some_and(|reason| reason.starts_with("--read-only"))
    );
    let case = list(&["explain", "guest/open/countries"]);
    assert_eq!(case["case"]["level"], "must");
    let requirement = list(&["explain", "guide-anonymous-routes"]);
    let covering = requirement["requirement"]["cases"].as_array();
    let open = json!("guest/open/countries");
    assert!(
        covering.is_some_and(|cases| cases.contains(&open)),
        "{requirement:#}"
    );
    assert_eq!(list(&["explain", "M16"])["schema"], "magespec-explain/1");
    assert_eq!(list(&["list", "cases"])["schema"], "magespec-list/1");
}

#[test]
fn a_replay_prints_the_recorded_requests_for_a_shell() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let exchange = json!({"request": "GET /x?a='b HTTP/1.1\r\nHost: h:1\r\nX: y\r\n\r\n", "response": "HTTP/1.1 401 Unauthorized\r\n\r\n"});
    let case = |id: &str, exchanges: serde_json::Value| json!({"id": id, "title": "t", "level": "must", "requirements": [], "evidence": "", "verdict": "fail", "seconds": 0.0, "expected": "", "actual": "", "reason": "", "exchanges": exchanges});
    let report = json!({
        "schema": "magespec-report/1", "magespec": "0", "command": "test", "profile": "magento-2.4.7",
        "target": {"url": "http://h:1", "kind": "url", "capabilities": []}, "started": "", "seconds": 0.0,
        "summary": {"pass": 0, "fail": 2, "warn": 0, "not_applicable": 0, "could_not_run": 0, "harness_error": 0},
        "cases": [case("a/kept", json!([exchange])), case("a/empty", json!([]))],
    });
    std::fs::write(&path, report.to_string()).expect("written");
    let path = path.to_str().expect("a plain path");
    let output = magespec(&["replay", path, "a/kept"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "# answered HTTP/1.1 401 Unauthorized\ncurl -i --path-as-is -X GET 'http://h:1/x?a='\\''b' -H 'X: y'\n"
    );
    for (id, sentence) in [("a/empty", "keeps no exchange"), ("a/other", "has no case")] {
        let output = magespec(&["replay", path, id]);
        assert_eq!(output.status.code(), Some(2));
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(sentence), "{text}");
    }
}
