//! `magespec test` against stores of every address: in a folder, behind `index.php`, over TLS; and flags that make no run.

use std::fs;
use std::path::Path;

use crate::spec::cli::processes::{Store, magespec, output, text};

/// A run through the panel of a part of the suite; answers the exit code and what was said.
fn through_the_panel(folder: &Path, url: &str, more: &[&str]) -> (Option<i32>, String) {
    let admin = [
        "--admin-user",
        "admin",
        "--admin-password-file",
        "password.txt",
    ];
    let cases = [
        "--only",
        "handshake/*",
        "--only",
        "url/*",
        "--only",
        "panel/session/*",
    ];
    let output = output(folder, &[&["test", url], &admin[..], &cases, more].concat());
    (output.status.code(), text(&output))
}

#[test]
fn a_store_in_a_folder_behind_index_php_or_tls_is_tested_like_any_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let (listen, base) = (
        format!("127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/shop"),
    );
    let store = Store::start(folder.path(), &["--listen", &listen, "--base-url", &base]);
    let (code, said) = through_the_panel(folder.path(), &base, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("the store calls itself by the URL under test"),
        "{said}"
    );
    let (code, said) = through_the_panel(folder.path(), &format!("{base}/index.php"), &[]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = through_the_panel(folder.path(), &format!("http://{listen}"), &[]);
    assert_eq!(code, Some(4), "{said}");
    drop(store);

    let store = Store::start(
        folder.path(),
        &["--tls-self-signed", "--admin-path", "backend"],
    );
    let certificate = store.ready["certificate"].as_str().expect("a certificate");
    fs::write(folder.path().join("ca.pem"), certificate).expect("written");
    let path = ["--admin-path", "backend"];
    let (code, said) = through_the_panel(folder.path(), &store.url(), &path);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("--cacert"), "{said}");
    let trusted = [&path[..], &["--cacert", "ca.pem"]].concat();
    let (code, said) = through_the_panel(folder.path(), &store.url(), &trusted);
    assert_eq!(code, Some(0), "{said}");
    let anyone = [&path[..], &["--insecure"]].concat();
    let (code, said) = through_the_panel(folder.path(), &store.url(), &anyone);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("warning: --insecure accepts any certificate"),
        "{said}"
    );
}

#[test]
fn flags_that_choose_nothing_or_are_no_number_are_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    for (flags, sentence) in [
        (
            vec!["--only", "guest/*", "--skip", "guest/*"],
            "the flags exclude each other's cases",
        ),
        (vec!["--jobs", "0"], "expected a whole number from 1 to 64"),
        (vec!["--rate", "0"], "expected a whole number from 1 on"),
        (vec!["--timeout", "x"], "expected a whole number from 1 on"),
        (
            vec!["--read-only"],
            "is about a store that runs already: give its URL",
        ),
        (
            vec!["--report", "json=-", "--report", "junit=-"],
            "one report at most goes to stdout",
        ),
        (
            vec!["--report", "json=-", "--format", "tap"],
            "one report at most goes to stdout",
        ),
    ] {
        let output = output(folder.path(), &[&["test"], &flags[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(
            text(&output).contains(sentence),
            "{flags:?}: {}",
            text(&output)
        );
    }
    fs::write(folder.path().join("r.json"), "yesterday's").expect("written");
    let arguments = ["test", "http://127.0.0.1:9", "--report", "json=r.json"];
    assert_eq!(output(folder.path(), &arguments).status.code(), Some(4));
    assert!(
        !folder.path().join("r.json").exists(),
        "an old report is not taken for a new one"
    );
    // A switch in the environment is on with 1 as well.
    let output = magespec(folder.path())
        .args(["plan", "--only", "guest/*"])
        .env("MAGESPEC_QUICK", "1")
        .output()
        .expect("magespec runs");
    assert!(
        text(&output).contains("1 cases would run"),
        "{}",
        text(&output)
    );
}

#[test]
fn what_the_suites_modules_declare_is_gone_after_the_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("modules/own/etc");
    fs::create_dir_all(&own).expect("a folder");
    let module = "<config><module name=\"Acme_Own\"/></config>";
    fs::write(own.join("module.xml"), module).expect("written");
    let declared = "<config><integration name=\"magespec-own\"><email>a@acme.example</email><resources><resource name=\"Magento_Sales::reorder\"/></resources></integration></config>";
    fs::write(own.join("integration.xml"), declared).expect("written");
    let modules = folder.path().join("modules").display().to_string();
    let store = Store::start(folder.path(), &["--modules", &modules]);
    assert_eq!(store.integrations(), ["magespec-own"]);
    let control = store.control_url();
    let flags = [
        "--control",
        &control,
        "--control-token-file",
        "ready.json",
        "--modules",
        &modules,
        "--only",
        "processing/upgrade/*",
        "--only",
        "processing/script/*",
    ];
    let planned = output(
        folder.path(),
        &[
            &[
                "plan",
                &store.url(),
                "--admin-user",
                "admin",
                "--admin-password-file",
                "password.txt",
            ],
            &flags[..],
        ]
        .concat(),
    );
    let note = "write a module into --modules and delete over the control API what it declared: no panel does";
    assert!(text(&planned).contains(note), "{}", text(&planned));
    let (code, said) = through_the_panel(folder.path(), &store.url(), &flags);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("processing") && !said.contains("could not be deleted"),
        "{said}"
    );
    assert_eq!(store.integrations(), ["magespec-own"]);
    let left = fs::read_dir(&modules).expect("a folder").count();
    assert_eq!(left, 1, "the folders of the suite's modules are gone");
}
