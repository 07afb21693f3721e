//! What `packaging/` and `action.yml` call exists: the commands, their flags, and the files that they name.

use std::collections::BTreeSet;
use std::process::Command;

use super::{root, text};

/// The commands that the files call.
const COMMANDS: [&str; 4] = ["lint", "serve", "sign", "test"];

fn help(command: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_magespec"))
        .args([command, "--help"])
        .output()
        .expect("it runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The lines that are not comments.
fn code(path: &str) -> String {
    let own = text(&root().join(path));
    let lines = own.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with('#') && !line.starts_with("//")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_flag_of_the_templates_exists() {
    let known: String = COMMANDS.map(help).concat();
    let mut seen = BTreeSet::new();
    for file in [
        "packaging/gitlab.yml",
        "packaging/Jenkinsfile",
        "packaging/compose.yaml",
    ] {
        let code = code(file);
        for word in code.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-')) {
            if word.starts_with("--") && word.len() > 2 {
                let there = known.split_whitespace().any(|one| one == word);
                assert!(there, "{file}: {word}");
                seen.insert(word.to_owned());
            }
        }
        for format in code.split("--format ").skip(1) {
            let format = format.split_whitespace().next().unwrap_or_default();
            assert!(known.contains(format), "{file}: --format {format}");
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}

#[test]
fn the_files_that_the_packaging_names_are_there() {
    assert!(code("packaging/compose.yaml").contains("dockerfile: packaging/Containerfile"));
    let container = code("packaging/Containerfile");
    let release = code("packaging/release.sh");
    for script in [&container, &release] {
        assert!(script.contains("x86_64-unknown-linux-musl"), "{script}");
        assert!(script.contains("--locked"), "{script}");
    }
    let cargo = text(&root().join("Cargo.toml"));
    let wanted = cargo
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \""))
        .and_then(|rest| rest.split('"').next())
        .expect("the oldest tool chain");
    assert!(
        container.contains(&format!("rust:{wanted}-")),
        "the container builds with another tool chain than {wanted}"
    );
    let readme = text(&root().join("README.md"));
    assert!(
        readme.contains(&format!("Rust {wanted}")),
        "the README names another tool chain"
    );
}
