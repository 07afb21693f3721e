//! The examples of `--help`, run by a shell as they are printed, in a folder with the files that they name. Those that serve, or test this
//! process's own peers, are only held to be understood (`src/cli/examples.rs`).

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::spec::cli::processes::{PASSWORD, Store, magespec, output, text};

/// Commands that end by themselves, with the exit codes that their examples may have here.
const COMMANDS: [(&str, &[i32]); 13] = [
    ("completions", &[0]),
    ("diff", &[0, 1]),
    ("doctor", &[0, 1, 3]),
    ("explain", &[0]),
    ("lint", &[0, 1]),
    ("list", &[0]),
    ("man", &[0]),
    ("migrate", &[0, 1, 3]),
    ("plan", &[0]),
    ("replay", &[0, 1]),
    ("sign", &[0]),
    ("test", &[0, 1]),
    ("vectors", &[0]),
];

/// Examples that wait for somebody, start peers of their own or show a place for a value.
const NOT_RUN: [&str; 8] = [
    "--manual",
    "--serve",
    "pbpaste",
    "magespec sign GET URL",
    "magespec test --module",
    "| sh",
    "'Authorization: OAuth …'",
    "--stdin-path",
];

/// The examples of a command as its help prints them.
fn examples(folder: &Path, command: &str) -> Vec<String> {
    let help = magespec(folder)
        .args([command, "--help"])
        .env("COLUMNS", "80")
        .output()
        .expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let (_, after) = help.split_once("Examples:\n").expect("examples");
    let block = after.split("\n\n").next().unwrap_or_default();
    assert!(
        block.lines().all(|line| line.chars().count() <= 80),
        "{block}"
    );
    let block = block.replace("\\\n", "\\\u{0}");
    block
        .lines()
        .map(|line| line.replace("\\\u{0}", "\\\n"))
        .collect()
}

/// Makes the files that the examples name.
fn prepare(folder: &Path, store: &Store) {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("written");
    let integration = &store.ready["integrations"][0];
    let value = |name: &str| integration[name].as_str().expect("a value").to_owned();
    let credentials = format!(
        "consumer_key = \"{}\"\nconsumer_secret = \"{}\"\naccess_token = \"{}\"\naccess_token_secret = \"{}\"\n",
        value("consumer_key"),
        value("consumer_secret"),
        value("token"),
        value("token_secret")
    );
    write("integration.toml", &credentials);
    write("secrets.toml", &credentials);
    write("integrations.json", &store.ready.to_string());
    write("pw.txt", PASSWORD);
    write("calls.txt", "GET /V1/orders\n");
    let url = format!("{}/rest/V1/store/storeViews", store.url());
    let signed = output(
        folder,
        &["sign", "GET", &url, "--credentials", "integration.toml"],
    );
    let header = String::from_utf8_lossy(&signed.stdout).trim().to_owned();
    write(
        "request.http",
        &format!("GET {url} HTTP/1.1\nAuthorization: {header}\n"),
    );
    let entry = serde_json::json!({"request": {"method": "GET", "url": url, "headers": [{"name": "Authorization", "value": header}]}});
    write(
        "recorded.har",
        &serde_json::json!({"log": {"entries": [entry]}}).to_string(),
    );
    let line = serde_json::json!({"method": "GET", "scheme": "http", "host": "shop.example", "uri": "/", "authorization": header});
    write("recorded.ndjson", &line.to_string());
    // The last is of another release, so that something fails in it.
    for (report, profile) in [
        ("before.json", "magento-2.4.7"),
        ("after.json", "magento-2.4.7"),
        ("report.json", "magento-2.4.8"),
    ] {
        let format = format!("json={report}");
        let flags = ["--credentials", "integration.toml", "--only", "url/*"];
        let flags = [&flags[..], &["--profile", profile, "--report", &format]].concat();
        let run = output(folder, &[&["test", &store.url()][..], &flags].concat());
        assert!(matches!(run.status.code(), Some(0 | 1)), "{}", text(&run));
    }
    // One case of each group is enough for the examples.
    write("magespec.toml", "[test]\nquick = true\n");
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/modules/acme-orders");
    let place = folder.join("app/code/Acme");
    fs::create_dir_all(&place).expect("a folder");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(module)
        .arg(place.join("Orders"))
        .status();
    assert!(copied.is_ok_and(|status| status.success()));
}

/// A case that failed in `report.json`: the report keeps what it sent.
fn failed(folder: &Path) -> String {
    let report = fs::read_to_string(folder.join("report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let mut cases = report["cases"].as_array().expect("a list").iter();
    let failed = cases.find(|case| case["verdict"] == "fail").expect("one");
    failed["id"].as_str().expect("an id").to_owned()
}

fn run(folder: &Path, example: &str, store: &Store) -> Output {
    let line = example
        .replace("https://shop.example", &store.url())
        .replace("http://127.0.0.1:8080", &store.url())
        .replace("replay/version/wrong/two", &failed(folder))
        .replace("query/tampered", &failed(folder));
    let binary = Path::new(env!("CARGO_BIN_EXE_magespec"));
    let path = std::env::var("PATH").unwrap_or_default();
    let own = binary.parent().expect("a folder").display();
    Command::new("sh")
        .args(["-c", &line])
        .env("PATH", format!("{own}:{path}"))
        .env(
            "MAGESPEC_CONSUMER_SECRET",
            "0123456789abcdefghijklmnopqrstuv",
        )
        .current_dir(folder)
        .output()
        .expect("a shell")
}

#[test]
fn every_example_of_the_help_works_as_it_is_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let store = Store::start(folder, &["--integration", "Caller=all"]);
    prepare(folder, &store);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (command, codes) in COMMANDS {
        for example in examples(folder, command) {
            let whole_run = example.trim() == "magespec test";
            if whole_run || NOT_RUN.iter().any(|part| example.contains(part)) {
                continue;
            }
            let ended = run(folder, &example, &store);
            count += 1;
            if !ended
                .status
                .code()
                .is_some_and(|code| codes.contains(&code))
            {
                wrong.push(format!(
                    "{example}\n{:?} {}",
                    ended.status.code(),
                    text(&ended)
                ));
            }
        }
    }
    assert!(count >= 30, "only {count} examples");
    assert!(
        wrong.is_empty(),
        "{} do not work:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
