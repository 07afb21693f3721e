//! Every machine-readable output fits its schema under `docs/schemas`, and holds nothing that the schema does not know.

use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, Schemas};
use serde_json::{Value, json};

use crate::spec::cli::processes::{Store, magespec, output, text};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas")
}

fn schema(name: &str) -> Value {
    let text = fs::read_to_string(folder().join(format!("{name}.schema.json"))).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

/// The schema with every object closed: what it does not name is a mistake here, though a reader has to bear it.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(closed);
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(closed),
        _ => {}
    }
}

/// Panics with what is wrong when the document does not fit.
fn assert_fits(name: &str, document: &Value) {
    let mut schema = schema(name);
    closed(&mut schema);
    let mut compiler = Compiler::new();
    let place = format!("{name}.json");
    compiler.add_resource(&place, schema).expect("a resource");
    let mut schemas = Schemas::new();
    let index = compiler
        .compile(&place, &mut schemas)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    if let Err(error) = schemas.validate(document, index) {
        panic!("{name}: {error:#}\n{document:#}");
    }
}

fn printed(folder: &Path, arguments: &[&str]) -> Value {
    let output = output(folder, arguments);
    let code = output.status.code();
    assert!(
        matches!(code, Some(0 | 1 | 3)),
        "{arguments:?}: {}",
        text(&output)
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", text(&output)))
}

fn number_of_schemas() -> usize {
    fs::read_dir(folder())
        .expect("the schemas")
        .filter(|entry| {
            let name = entry.as_ref().expect("an entry").file_name();
            name.to_string_lossy().ends_with(".schema.json")
        })
        .count()
}

#[test]
fn what_is_printed_without_a_store_fits() {
    let here = tempfile::tempdir().expect("a folder");
    let here = here.path();
    let secrets = "consumer_key = \"k\"\nconsumer_secret = \"c\"\naccess_token = \"a\"\naccess_token_secret = \"t\"\n";
    fs::write(here.join("creds.toml"), secrets).expect("written");
    let url = "https://shop.example/rest/V1/orders?a=b";
    let sign = ["sign", "GET", url, "--credentials", "creds.toml"];
    let signed = printed(here, &[&sign[..], &["--format", "json"]].concat());
    assert_fits("sign", &signed);
    let header = signed["authorization"].as_str().expect("a header");
    let line = json!({"method": "GET", "scheme": "https", "host": "shop.example", "uri": "/rest/V1/orders?a=c", "authorization": header});
    assert_fits("recorded", &line);
    fs::write(here.join("requests.ndjson"), line.to_string()).expect("written");

    let json = ["--format", "json"];
    let doctor = ["doctor", "requests.ndjson", "--credentials", "creds.toml"];
    assert_fits("doctor", &printed(here, &[&doctor[..], &json].concat()));
    let sentence = ["doctor", "--sentence", "The signature is invalid."];
    assert_fits("doctor", &printed(here, &[&sentence[..], &json].concat()));
    let migrate = ["migrate", "requests.ndjson", "--credentials", "creds.toml"];
    assert_fits("migrate", &printed(here, &[&migrate[..], &json].concat()));
    assert_fits("list", &printed(here, &[&["list"][..], &json].concat()));
    assert_fits("plan", &printed(here, &[&["plan"][..], &json].concat()));
    let list = printed(here, &["list", "--format", "json"]);
    for kind in ["cases", "requirements", "rules", "mistakes", "sentences"] {
        let id = list[kind][0]["id"].as_str().expect("an id");
        let page = printed(here, &[&["explain", id][..], &json].concat());
        assert_fits("explain", &page);
    }
    let module = here.join("etc");
    fs::create_dir(&module).expect("a folder");
    fs::write(module.join("acl.xml"), "<config>\n").expect("written");
    let findings = printed(here, &[&["lint", "."][..], &json].concat());
    assert_ne!(findings["findings"], json!([]), "{findings:#}");
    assert_fits("lint", &findings);
}

#[test]
fn what_a_run_writes_fits() {
    let here = tempfile::tempdir().expect("a folder");
    let here = here.path();
    let store = Store::start(here, &["--integration", "Caller=all"]);
    assert_fits("ready", &store.ready);
    let run = |profile: &str, report: &str, code: i32| {
        let output = output(
            here,
            &[
                "test",
                &store.url(),
                "--credentials",
                "ready.json",
                "--profile",
                profile,
                "--only",
                "url/*",
                "--report",
                &format!("json={report}"),
                "--report",
                "ndjson=events.ndjson",
            ],
        );
        assert_eq!(output.status.code(), Some(code), "{}", text(&output));
    };
    run("magento-2.4.7", "before.json", 0);
    run("magento-2.4.8", "after.json", 1);
    let read = |name: &str| fs::read_to_string(here.join(name)).expect("a file");
    let parsed = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    for name in ["before.json", "after.json"] {
        assert_fits("report", &parsed(&read(name)));
    }
    for line in read("events.ndjson").lines() {
        assert_fits("events", &parsed(line));
    }
    let diff = ["diff", "before.json", "after.json", "--format", "json"];
    assert_fits("diff", &printed(here, &diff));
    let report = parsed(&read("after.json"));
    let mut cases = report["cases"].as_array().expect("a list").iter();
    let failed = cases.find(|case| case["verdict"] == "fail").expect("one");
    let id = failed["id"].as_str().expect("an id");
    let replay = magespec(here)
        .args(["replay", "after.json", id, "--format", "json"])
        .output()
        .expect("it runs");
    assert_fits("replay", &parsed(&String::from_utf8_lossy(&replay.stdout)));
    let url = format!("{}/rest/V1/store/storeViews", store.url());
    let bench = [
        "bench",
        &url,
        "--credentials",
        "ready.json",
        "--duration",
        "1",
        "--format",
        "json",
    ];
    assert_fits("bench", &printed(here, &bench));
}

#[test]
fn every_schema_is_a_schema_and_is_in_the_table() {
    let readme = fs::read_to_string(folder().join("README.md")).expect("a table");
    let linked = readme.matches(".schema.json)").count();
    // The vectors' schema stands with them.
    assert_eq!(linked, number_of_schemas() + 1);
    for entry in fs::read_dir(folder()).expect("the schemas") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let Some(name) = name.strip_suffix(".schema.json") else {
            continue;
        };
        let place = format!("{name}.json");
        let mut compiler = Compiler::new();
        compiler
            .add_resource(&place, schema(name))
            .expect("a resource");
        let made = compiler.compile(&place, &mut Schemas::new());
        made.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(readme.contains(&format!("({name}.schema.json)")), "{name}");
    }
}
