//! The examples, run as a user runs them: each starts a store, calls it with a foreign OAuth client and stops it. One whose language or
//! packages are absent is skipped, and says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

/// What a command answers, when there is one and it succeeds.
fn probe(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

fn skipped(what: &str) {
    println!("skipped: {what} is not there");
}

fn run(program: &str, arguments: &[&str], file: &Path, more: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(file)
        .env("MAGESPEC", env!("CARGO_BIN_EXE_magespec"))
        .envs(more.iter().copied());
    command.output().expect("it was there a moment ago")
}

/// It ends well, and it ran both of its tests: one that collects nothing ends well too.
fn assert_passed(output: &Output, both: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains(both), "{said}{errors}");
}

#[test]
fn pytest_calls_with_requests_oauthlib() {
    if probe("python3", &["-c", "import pytest, requests_oauthlib"]).is_none() {
        return skipped("python3 with pytest and requests-oauthlib");
    }
    let flags = ["-m", "pytest", "-q", "-p", "no:cacheprovider"];
    let file = example("pytest");
    let output = run(
        "python3",
        &flags,
        &file,
        &[("PYTHONDONTWRITEBYTECODE", "1")],
    );
    assert_passed(&output, "2 passed");
}

#[test]
fn node_calls_with_oauth_1_0a() {
    let modules = probe("npm", &["root", "-g"]).unwrap_or_default();
    let modules = std::env::var("NODE_PATH").unwrap_or(modules);
    let path = [("NODE_PATH", modules.as_str())];
    let there = Command::new("node")
        .args(["-e", "require('oauth-1.0a')"])
        .envs(path)
        .output();
    if !there.is_ok_and(|output| output.status.success()) {
        return skipped("node with oauth-1.0a");
    }
    let file = example("node/orders.test.js");
    let output = run("node", &["--test"], &file, &path);
    assert_passed(&output, "# pass 2");
}

#[test]
fn phpunit_calls_with_the_extension_oauth() {
    let loaded = "exit((int) !extension_loaded('oauth'));";
    if probe("phpunit", &["--version"]).is_none() || probe("php", &["-r", loaded]).is_none() {
        return skipped("phpunit with the extension oauth");
    }
    let flags = ["--no-configuration", "--do-not-cache-result"];
    let output = run("phpunit", &flags, &example("phpunit/OrdersTest.php"), &[]);
    assert_passed(&output, "OK (2 tests, 3 assertions)");
}

#[test]
fn python_judges_an_app() {
    if probe("python3", &["--version"]).is_none() {
        return skipped("python3");
    }
    let file = example("app-under-test/test_app.py");
    let output = run("python3", &[], &file, &[("PYTHONDONTWRITEBYTECODE", "1")]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("Ran 2 tests"),
        "{said}"
    );
}

#[test]
fn node_judges_an_app() {
    if probe("node", &["--version"]).is_none() {
        return skipped("node");
    }
    let output = run(
        "node",
        &["--test"],
        &example("app-under-test/app.test.js"),
        &[],
    );
    assert_passed(&output, "# pass 2");
}

#[test]
fn php_judges_an_app() {
    if probe("php", &["--version"]).is_none() {
        return skipped("php");
    }
    let output = run("php", &[], &example("app-under-test/app_test.php"), &[]);
    assert_passed(&output, "4 pass, 0 fail");
}

#[test]
fn ruby_judges_an_app() {
    if probe("ruby", &["--version"]).is_none() {
        return skipped("ruby");
    }
    let output = run("ruby", &[], &example("app-under-test/app_test.rb"), &[]);
    assert_passed(&output, "6 pass, 0 fail");
    assert_passed(&output, "OK");
}
