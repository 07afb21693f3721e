//! Requests of client libraries that nobody here wrote, each signed with the mistake that its users make most, and named.
//!
//! The libraries stand in four languages (`suites/peers/signing_clients.*`); one that is not installed says so, and its row is left out.

use std::path::Path;
use std::process::Command;

use magespec::doctor::{Keyring, KeyringEntry, examine, read};
use magespec::oauth::Profile;
use magespec::secret::Secret;
use serde_json::Value;

const SCRIPTS: [(&str, &str); 4] = [
    ("python3", "signing_clients.py"),
    ("node", "signing_clients.cjs"),
    ("perl", "signing_clients.pl"),
    ("php", "signing_clients.php"),
];

/// Consumer key and secret, token and secret.
const VALUES: [&str; 4] = [
    "abcdefghijklmnopqrstuvwxyz012345",
    "0123456789abcdefghijklmnopqrstuv",
    "t0ken000000000000000000000000001",
    "s3cret00000000000000000000000001",
];

/// What the script prints; nothing, said aloud, without its language.
fn lines(language: &str, script: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/peers");
    let run = Command::new(language)
        .arg(folder.join(script))
        .args(VALUES)
        .output();
    let Ok(run) = run else {
        println!("skipped: {language} is not installed");
        return Vec::new();
    };
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{script}: {errors}");
    let text = String::from_utf8_lossy(&run.stdout);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_mistake_of_each_library_is_named() {
    let keyring = Keyring::new(vec![KeyringEntry {
        consumer_key: Some(VALUES[0].to_owned()),
        consumer_secret: Secret::from(VALUES[1]),
        token: Some(VALUES[2].to_owned()),
        token_secret: Some(Secret::from(VALUES[3])),
    }]);
    let profile = <&Profile>::default();
    for (language, script) in SCRIPTS {
        for line in lines(language, script) {
            let row: Value = serde_json::from_str(&line).expect("a line of JSON");
            let label = row["label"].as_str().expect("a name");
            if let Some(reason) = row["skipped"].as_str() {
                println!("skipped: {reason}");
                continue;
            }
            let expected = row["expects"].as_str().expect("an id");
            let request = read(line.as_bytes()).expect("readable").remove(0);
            let diagnosis = examine(1, &request, &keyring, profile);
            let named = diagnosis.explanations.iter().any(|one| {
                let mut mistakes = one.mistakes.iter();
                mistakes.any(|mistake| mistake.id == expected)
            });
            let shown = magespec::doctor::pretty_one(&diagnosis);
            assert!(named, "{label} should show {expected}:\n{shown}");
            println!("{label:<24} {}", diagnosis.headline());
        }
    }
}
