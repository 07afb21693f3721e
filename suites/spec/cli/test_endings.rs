//! How `magespec test` ends where something is in the way: output that goes nowhere, modules that a store leaves out, no credentials.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::spec::cli::processes::{Store, magespec, output, text};

const GUEST: [&str; 3] = ["test", "--only", "guest/open/*"];

#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    for report in ["json=absent/r.json", "junit=.", "ndjson=/dev/full"] {
        let output = output(folder.path(), &[&GUEST[..], &["--report", report]].concat());
        assert_eq!(output.status.code(), Some(5), "{report}: {}", text(&output));
        let said = text(&output);
        assert!(said.contains("error: the report `"), "{report}: {said}");
    }
    let full = fs::File::options().write(true).open("/dev/full");
    let Ok(full) = full else {
        return;
    };
    let output = magespec(folder.path())
        .args(GUEST)
        .stdout(full)
        .output()
        .expect("magespec runs");
    assert_eq!(output.status.code(), Some(5));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.starts_with("error: stdout cannot be written: "),
        "{said}"
    );
}

#[test]
fn a_report_on_stdout_stands_there_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [
        &GUEST[..],
        &["--report", "json=-", "--report", "pretty=p.txt"],
    ]
    .concat();
    let output = magespec(folder.path())
        .args(["--color", "always"])
        .args(arguments)
        .output()
        .expect("magespec runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(report["conclusion"], "no-deviation");
    assert!(
        report["notes"]
            .as_array()
            .is_some_and(|notes| !notes.is_empty())
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("no deviation") && said.contains('\u{1b}'),
        "{said}"
    );
    let pretty = fs::read_to_string(folder.path().join("p.txt")).expect("a report");
    assert!(pretty.contains("no deviation in "), "{pretty}");
    assert!(!pretty.contains('\u{1b}'), "{pretty}");
}

#[test]
fn a_guest_is_enough_when_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::start(folder.path(), &[]);
    let url = store.url();
    let ended = |more: &[&str]| {
        let output = output(folder.path(), &[&["test", url.as_str()], more].concat());
        let said = text(&output);
        let last = said.lines().next_back().unwrap_or_default().to_owned();
        (output.status.code(), last)
    };
    let (code, last) = ended(&[]);
    assert_eq!(code, Some(3), "{last}");
    let (code, last) = ended(&["--guest"]);
    assert_eq!(code, Some(0), "{last}");
    assert!(last.contains(" cases (guest)"), "{last}");
    let (code, last) = ended(&["--guest", "--min-cases", "500"]);
    assert_eq!(code, Some(3), "{last}");
    assert!(last.contains("--min-cases asks for 500"), "{last}");
}

/// A module of these files.
fn module(folder: &Path, files: &[(&str, &str)]) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder.join("etc")).expect("a folder");
    for (path, text) in files {
        fs::write(folder.join(path), text).expect("written");
    }
}

#[test]
fn a_module_that_a_store_leaves_out_is_an_error_of_the_run() {
    const MODULE: (&str, &str) = (
        "etc/module.xml",
        "<config><module name=\"Acme_Demo\"/></config>",
    );
    const INTEGRATION: (&str, &str) = (
        "etc/integration.xml",
        "<config><integration name=\"Demo\"><email>a@acme.example</email><resources><resource name=\"Magento_Sales::reorder\"/></resources></integration></config>",
    );
    const CONFIG: (&str, &str) = ("etc/integration.xml", "<config></config>");
    const OTHER: (&str, &str) = (
        "registration.php",
        "<?php\nuse Magento\\Framework\\Component\\ComponentRegistrar;\nComponentRegistrar::register(ComponentRegistrar::MODULE, 'Acme_Other', __DIR__);\n",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let given = folder.path().join("given");
    let run = || {
        let arguments = ["test", "--module", "given", "--only", "handshake/*"];
        let output = output(folder.path(), &arguments);
        (output.status.code(), text(&output))
    };
    module(&given, &[MODULE, INTEGRATION]);
    let (code, said) = run();
    assert_eq!(code, Some(0), "{said}");
    for (files, sentence) in [
        (vec![MODULE, INTEGRATION, OTHER], "REG001"),
        (vec![MODULE, CONFIG], "a store makes no integration"),
        (vec![MODULE], "a store makes no integration"),
        (
            vec![MODULE, ("etc/integration.xml", "<config><integration")],
            "XML001",
        ),
    ] {
        module(&given, &files);
        let (code, said) = run();
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(sentence), "{sentence}: {said}");
        let last = said.lines().next_back().unwrap_or_default();
        assert!(
            last.starts_with("error: ") && last.ends_with("says more"),
            "{last}"
        );
    }
}
