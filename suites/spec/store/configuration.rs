//! A flag wins over its variable, the variable over `magespec.toml`, the file over the built-in default.

use std::path::Path;
use std::process::{Command, Output};

fn list(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_magespec"))
        .current_dir(folder)
        .env_remove("MAGESPEC_FORMAT")
        .envs(variables.iter().copied())
        .arg("list")
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn is_json(output: &Output) -> bool {
    output.status.success() && output.stdout.starts_with(b"{")
}

fn folder_with(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("magespec.toml"), configuration).expect("a file is written");
    folder
}

#[test]
fn the_file_gives_defaults_and_variables_and_flags_win() {
    for text in ["format = \"json\"", "[list]\nformat = \"json\""] {
        let folder = folder_with(text);
        assert!(is_json(&list(folder.path(), &[], &[])), "{text}");
        assert!(
            !is_json(&list(folder.path(), &[("MAGESPEC_FORMAT", "text")], &[])),
            "{text}"
        );
        assert!(
            is_json(&list(
                folder.path(),
                &[("MAGESPEC_FORMAT", "text")],
                &["--format", "json"]
            )),
            "{text}"
        );
    }
}

#[test]
fn another_file_can_be_named() {
    let folder = folder_with("");
    let other = folder.path().join("other.toml");
    std::fs::write(&other, "format = \"json\"").expect("a file is written");
    let path = other.to_string_lossy().into_owned();
    assert!(is_json(&list(
        folder.path(),
        &[("MAGESPEC_CONFIG", &path)],
        &[]
    )));
}

#[test]
fn a_wrong_file_is_one_sentence_and_exit_code_2() {
    let faults = [
        ("frmat = \"json\"", "no command has a flag --frmat"),
        ("[lst]\nformat = \"json\"", "there is no such command"),
        ("[list]\njobs = 3", "`magespec list` has no flag --jobs"),
        ("format = 1979-05-27", "no text, number, boolean or list"),
        ("format = ", "is not TOML"),
        (
            "target = \"http://127.0.0.1:1\"",
            "give the URL of `magespec test` as its argument",
        ),
    ];
    for (text, expected) in faults {
        let output = list(folder_with(text).path(), &[], &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}: {said}");
        assert!(
            said.starts_with("error: ") && said.contains(expected),
            "{text}: {said}"
        );
    }
    let output = list(
        folder_with("").path(),
        &[("MAGESPEC_CONFIG", "nowhere.toml")],
        &[],
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_file_without_end_is_refused_before_the_memory_is_full() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in [
        &["test", "http://127.0.0.1:1", "--credentials", "/dev/zero"][..],
        &["diff", "/dev/zero", "/dev/zero"],
        &["lint", ".", "--calls", "/dev/zero"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
            .current_dir(folder.path())
            .args(arguments)
            .output()
            .expect("the binary runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    }
}

#[test]
fn a_password_in_an_address_is_not_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .current_dir(folder.path())
        .args(["test", "http://user:s3cret@127.0.0.1:1/"])
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
}
